"""What is owed for a failure: the rule that applies, the sum, by when, and why.

The figures are those of the version in force on the day of the event. What the pack holds as
unsure is said with the answer, and what it has no verified figure for is refused, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from makegood.rules.calendars import Calendar
from makegood.rules.schemes.facts import Kind, MissingFactError, Value, check_facts, read_facts
from makegood.rules.schemes.packs import (
    Exclusion,
    NoFigureError,
    Pack,
    Rule,
    Scene,
    Status,
    Symbol,
    Version,
)
from makegood.rules.schemes.phrases import Gap, Phrase, Term, joined, phrase
from makegood.rules.schemes.steps import add_span
from makegood.rules.schemes.sums import money_term, sum_of
from makegood.rules.schemes.words import in_english, say

__all__ = ["Clock", "Owed", "Payment", "owed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """One sum of money, and the last day on which it is paid in time; None if no law says."""

    rule: str
    amount: int
    pay_by: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Something else that has a last day, such as an answer or a claim."""

    what: str
    by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """What is owed under one scheme. `amount` is in minor units; None if nobody can say surely.

    `said` and `doubts` are `because` and `unsure` before they were put into English; `said` ends
    before the scheme and its version.
    """

    scheme: str
    version: str | None
    amount: int | None
    currency: str
    pay_by: date | None
    because: str
    unsure: tuple[str, ...]
    said: Gap
    doubts: tuple[Phrase, ...]
    payments: tuple[Payment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    in_kind: str | None = None
    outside: bool = False
    """The scheme does not cover such a failure at all."""


class _Part(NamedTuple):
    """What one rule gives."""

    amount: int | None
    because: Gap
    unsure: tuple[Phrase, ...] = ()
    version: str | None = None
    payments: tuple[Payment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    in_kind: str | None = None


def owed(pack: Pack, plain: Mapping[str, Any], *, calendar: Calendar) -> Owed:
    """What is owed for a failure with these facts, as plain values, under a scheme.

    :raises MissingFactError: if a fact that is needed was not given.
    :raises FactError: if a fact is not known, or its value cannot be meant.
    :raises CalendarRunsOutError: if a date passes the days that the calendar knows.
    """
    facts = read_facts(pack.facts, plain, zone=pack.zone, currency=pack.currency)
    check_facts(pack.checked_facts, facts)
    scene = Scene(facts=facts, calendar=calendar)
    rules, more_rules = pack.rules_by[facts.get(pack.chooser)]
    main = None
    for rule in rules:
        if rule.when(scene):
            main = rule
            break
    more = [rule for rule in more_rules if rule.when(scene)]
    chosen = [rule for rule in (main, *more) if rule is not None]
    if more and main is not None and not main.lines and main.refuse is None:
        chosen = more  # something is owed, so why something else is not needs no telling
    parts = [_part(pack, rule, scene) for rule in chosen]
    if not parts:
        parts = [_Part(amount=0, because=Phrase(pack.otherwise))]
    outside = main is not None and main.outside and not more
    return _answer(pack, parts[0] if len(parts) == 1 else _together(parts), outside=outside)


def _together(parts: list[_Part]) -> _Part:
    amounts = [part.amount for part in parts if part.amount is not None]
    return _Part(
        amount=sum(amounts) if len(amounts) == len(parts) else None,
        because=joined([part.because for part in parts], "; "),
        unsure=tuple(doubt for part in parts for doubt in part.unsure),
        version=parts[0].version,
        payments=tuple(payment for part in parts for payment in part.payments),
        clocks=tuple(dict.fromkeys(clock for part in parts for clock in part.clocks)),
        in_kind="; ".join(part.in_kind for part in parts if part.in_kind) or None,
    )


def _answer(pack: Pack, part: _Part, *, outside: bool) -> Owed:
    days = [payment.pay_by for payment in part.payments if payment.pay_by is not None]
    rule = f"version {part.version}" if part.version else "no version applies"
    because = in_english(part.because)
    doubts = tuple(dict.fromkeys(part.unsure)) if part.unsure else ()
    return Owed(
        scheme=pack.id,
        version=part.version,
        amount=part.amount,
        currency=pack.currency,
        pay_by=max(days) if days else None,
        because=f"{because[:1].upper()}{because[1:]} ({pack.title}, {rule}).",
        unsure=tuple([in_english(doubt) for doubt in doubts]) if doubts else (),
        said=part.because,
        doubts=doubts,
        payments=part.payments,
        clocks=part.clocks,
        in_kind=part.in_kind,
        outside=outside,
    )


# ---- one rule ---------------------------------------------------------------------------------


def _part(pack: Pack, rule: Rule, scene: Scene) -> _Part:
    event = _maybe(rule.event, scene)
    version, doubts = _version_on(pack, event)
    if version is None:
        return _Part(amount=0, because=_no_version(pack, event), unsure=doubts)
    scene = Scene(facts=scene.facts, calendar=scene.calendar, version=version, known=scene.known)
    doubts += _changed_meanwhile(pack, rule, version, scene)
    if rule.refuse is not None or version.status is Status.SUSPENDED:
        return _refused(pack, rule, version, scene, doubts)
    try:
        part = _paid(pack, rule, version, scene)
    except NoFigureError as absent:
        words = phrase(
            "No verified figure for {figure} is held for {version}",
            figure=Term(str(absent), Kind.CHOICE),
            version=Term(version.name),
        )
        says = words._replace(text=f"{words.text}.")
        return _Part(amount=None, because=words, unsure=(*doubts, says), version=version.name)
    return part._replace(unsure=(*doubts, *part.unsure, *_doubts(rule, version, scene)))


def _paid(pack: Pack, rule: Rule, version: Version, scene: Scene) -> _Part:
    amount, sums = sum_of(pack, rule, scene)
    words = say(rule.because, scene, currency=pack.currency)
    part = _Part(
        amount=amount,
        because=phrase("{words}: {sums}", words=words, sums=sums) if sums else words,
        version=version.name,
        clocks=_clocks(rule, scene),
        in_kind=rule.in_kind,
    )
    if not (amount or rule.in_kind):
        return part
    part = _excluded(pack, rule, part, scene)
    return part if not part.amount else _with_payments(pack, rule, part, scene)


def _with_payments(pack: Pack, rule: Rule, part: _Part, scene: Scene) -> _Part:
    pay_by = _maybe(rule.pay_by, scene)
    pay_by = pay_by if isinstance(pay_by, date) else None
    first = Payment(rule=rule.id, amount=part.amount or 0, pay_by=pay_by)
    if rule.late is None or pay_by is None or not _is_late(pay_by, scene):
        return part._replace(payments=(first,))
    extra = int(rule.late.amount.read(scene))  # type: ignore[arg-type] # an amount
    within = rule.late.within
    extra_by = None if within is None else add_span(pay_by, within, scene)
    second = Payment(rule=f"{rule.id}: late payment", amount=extra, pay_by=extra_by)
    words = phrase(
        "not paid by {day}, so {amount} more",
        day=Term(pay_by, Kind.DATE),
        amount=money_term(extra, pack),
    )
    return part._replace(
        amount=first.amount + extra,
        because=joined([part.because, words], "; "),
        payments=(first, second),
    )


def _is_late(pay_by: date, scene: Scene) -> bool:
    days = (scene.facts.get("paid_on"), scene.facts.get("unpaid_on"))
    return any(isinstance(day, date) and day > pay_by for day in days)


def _refused(
    pack: Pack, rule: Rule, version: Version, scene: Scene, doubts: tuple[Phrase, ...]
) -> _Part:
    words = say(rule.refuse or rule.because, scene, currency=pack.currency)
    if version.status is Status.SUSPENDED:
        words = phrase(
            "The scheme is suspended for events from {version} on", version=Term(version.name)
        )
    says = phrase("A person must decide: {why}.", why=words._replace(is_small=True))
    return _Part(
        amount=None,
        because=words,
        unsure=(*doubts, says),
        version=version.name,
        clocks=_clocks(rule, scene),
    )


def _clocks(rule: Rule, scene: Scene) -> tuple[Clock, ...]:
    found = ((what, _maybe(symbol, scene)) for what, symbol in rule.clocks.items())
    return tuple(Clock(what=what, by=day) for what, day in found if isinstance(day, date))


def _maybe(symbol: Symbol | None, scene: Scene) -> Value | None:
    try:
        return None if symbol is None else symbol.read(scene)
    except MissingFactError:
        return None


# ---- which version ----------------------------------------------------------------------------


def _version_on(pack: Pack, event: Value | None) -> tuple[Version | None, tuple[Phrase, ...]]:
    if not isinstance(event, date):
        applied = [item for item in pack.versions if item.status is not Status.PENDING]
        return applied[-1], _undated(applied)
    for version in reversed(pack.versions):
        if (
            version.status is not Status.PENDING
            and (version.since is None or version.since <= event)
            and (version.until is None or event <= version.until)
        ):
            return version, _pending(pack, event)
    return None, _pending(pack, event)


def _undated(applied: list[Version]) -> tuple[Phrase, ...]:
    if len(applied) == 1:
        return ()
    return (
        phrase(
            "The day of the event was not given, so the figures of {version} are used.",
            version=Term(applied[-1].name),
        ),
    )


def _pending(pack: Pack, event: date) -> tuple[Phrase, ...]:
    return tuple(
        [
            phrase(
                "A change ({version}) is pending and not applied: {why}",
                version=Term(version.name),
                why=Phrase(version.unsure.get("*", "")),
            )
            for version in pack.watched
            if version.watch_from is not None and version.watch_from <= event
        ]
    )


def _changed_meanwhile(
    pack: Pack, rule: Rule, version: Version, scene: Scene
) -> tuple[Phrase, ...]:
    until = _maybe(rule.event_until, scene)
    later = _version_on(pack, until)[0] if isinstance(until, date) else None
    if later is None or later is version:
        return ()
    return (
        phrase(
            "The rates changed on {version}, before it was over; those of the first day are used.",
            version=Term(later.name),
        ),
    )


def _no_version(pack: Pack, event: Value | None) -> Phrase:
    return phrase(
        "The scheme was not in force for {place} on {day}",
        place=Phrase(pack.jurisdiction),
        day=Term(event, Kind.DATE) if isinstance(event, date) else Phrase("that day"),
    )


def _doubts(rule: Rule, version: Version, scene: Scene) -> tuple[Phrase, ...]:
    doubts = [Phrase(doubt.says) for doubt in rule.unsure if doubt.when(scene)]
    if version.unsure and scene.used:  # doubts about figures matter only where one was used
        names = [name for name in ("*", *scene.used) if name in version.unsure]
        return (*[Phrase(version.unsure[name]) for name in names], *doubts)
    return tuple(doubts)


# ---- exclusions -------------------------------------------------------------------------------


def _excluded(pack: Pack, rule: Rule, part: _Part, scene: Scene) -> _Part:
    claimed = scene.facts.get("exclusion")
    if claimed is None:
        return part
    exclusion = pack.exclusions[str(claimed)]
    wrong = _why_not(exclusion, rule, scene)
    if wrong:
        gaps: dict[str, Gap] = {
            "exclusion": Term(exclusion.id, Kind.CHOICE),
            "why": wrong,
        }
        words = phrase("the exclusion {exclusion} does not count, {why}", **gaps)
        says = phrase("The exclusion {exclusion} was claimed; it does not count, {why}.", **gaps)
        return part._replace(because=joined([part.because, words], "; "), unsure=(says,))
    freed: Gap = phrase(
        "{words}, but {says} (evidence: {evidence})",
        words=say(rule.because, scene, currency=pack.currency),
        says=Phrase(exclusion.says),
        evidence=Term(str(scene.facts["evidence"])[:200]),
    )
    if exclusion.still:
        freed = joined([freed, Phrase(exclusion.still)], "; ")
    return part._replace(amount=0, in_kind=None, because=freed)


def _why_not(exclusion: Exclusion, rule: Rule, scene: Scene) -> Phrase | None:
    if exclusion.rules and rule.id not in exclusion.rules:
        return phrase("since it does not reach this failure")
    if not str(scene.facts.get("evidence", "")).strip():
        return phrase("since it needs evidence: {evidence}", evidence=Phrase(exclusion.needs))
    if not exclusion.when(scene):
        return phrase("since its conditions are not met")
    return None
