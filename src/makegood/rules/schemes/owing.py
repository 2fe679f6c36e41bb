"""What is owed for a failure: the rule that applies, the sum, by when, and why.

The figures are those of the version in force on the day of the event. What the pack holds as
unsure is said with the answer, and what it has no verified figure for is refused, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from makegood.rules.calendars import Calendar
from makegood.rules.schemes.facts import MissingFactError, Value, check_facts, read_facts
from makegood.rules.schemes.packs import (
    Exclusion,
    Line,
    NoFigureError,
    Pack,
    Rounding,
    Rule,
    Scene,
    Status,
    Symbol,
    Version,
)
from makegood.rules.schemes.steps import add_span
from makegood.rules.schemes.words import amount_words, day_words, number_words, say, value_words

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
    """What is owed under one scheme. `amount` is in minor units; None if nobody can say surely."""

    scheme: str
    version: str | None
    amount: int | None
    currency: str
    pay_by: date | None
    because: str
    unsure: tuple[str, ...]
    payments: tuple[Payment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    in_kind: str | None = None
    outside: bool = False
    """The scheme does not cover such a failure at all."""


class _Part(NamedTuple):
    """What one rule gives."""

    amount: int | None
    because: str
    unsure: tuple[str, ...] = ()
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
    main = next((rule for rule in pack.rules if rule.when(scene)), None)
    more = [rule for rule in pack.more_rules if rule.when(scene)]
    chosen = [rule for rule in (main, *more) if rule is not None]
    if more and main is not None and not main.lines and main.refuse is None:
        chosen = more  # something is owed, so why something else is not needs no telling
    parts = [_part(pack, rule, scene) for rule in chosen]
    if not parts:
        parts = [_Part(amount=0, because=pack.otherwise)]
    outside = main is not None and main.outside and not more
    return _answer(pack, parts[0] if len(parts) == 1 else _together(parts), outside=outside)


def _together(parts: list[_Part]) -> _Part:
    amounts = [part.amount for part in parts if part.amount is not None]
    return _Part(
        amount=sum(amounts) if len(amounts) == len(parts) else None,
        because="; ".join(part.because for part in parts),
        unsure=tuple(doubt for part in parts for doubt in part.unsure),
        version=parts[0].version,
        payments=tuple(payment for part in parts for payment in part.payments),
        clocks=tuple(clock for part in parts for clock in part.clocks),
        in_kind="; ".join(part.in_kind for part in parts if part.in_kind) or None,
    )


def _answer(pack: Pack, part: _Part, *, outside: bool) -> Owed:
    days = [payment.pay_by for payment in part.payments if payment.pay_by is not None]
    rule = f"version {part.version}" if part.version else "no version applies"
    because = part.because[:1].upper() + part.because[1:]
    return Owed(
        scheme=pack.id,
        version=part.version,
        amount=part.amount,
        currency=pack.currency,
        pay_by=max(days) if days else None,
        because=f"{because} ({pack.title}, {rule}).",
        unsure=tuple(dict.fromkeys(part.unsure)),
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
    scene = Scene(facts=scene.facts, calendar=scene.calendar, version=version)
    doubts += _changed_meanwhile(pack, rule, version, scene)
    if rule.refuse is not None or version.status is Status.SUSPENDED:
        return _refused(pack, rule, version, scene, doubts)
    try:
        part = _paid(pack, rule, version, scene)
    except NoFigureError as absent:
        words = f"No verified figure for {_plain(str(absent))} is held for {version.name}"
        return _Part(
            amount=None, because=words, unsure=(*doubts, f"{words}."), version=version.name
        )
    return part._replace(unsure=(*doubts, *part.unsure, *_doubts(rule, version, scene)))


def _paid(pack: Pack, rule: Rule, version: Version, scene: Scene) -> _Part:
    amount, sums = _sum(pack, rule, scene)
    words = say(rule.because, scene, currency=pack.currency)
    part = _Part(
        amount=amount,
        because=f"{words}: {sums}" if sums else words,
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
    words = f"not paid by {day_words(pay_by)}, so {amount_words(extra, pack.currency)} more"
    return part._replace(
        amount=first.amount + extra,
        because=f"{part.because}; {words}",
        payments=(first, second),
    )


def _is_late(pay_by: date, scene: Scene) -> bool:
    days = (scene.facts.get("paid_on"), scene.facts.get("unpaid_on"))
    return any(isinstance(day, date) and day > pay_by for day in days)


def _refused(
    pack: Pack, rule: Rule, version: Version, scene: Scene, doubts: tuple[str, ...]
) -> _Part:
    words = say(rule.refuse or rule.because, scene, currency=pack.currency)
    if version.status is Status.SUSPENDED:
        words = f"The scheme is suspended for events from {version.name} on"
    says = f"A person must decide: {words[:1].lower()}{words[1:]}."
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


def _version_on(pack: Pack, event: Value | None) -> tuple[Version | None, tuple[str, ...]]:
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


def _undated(applied: list[Version]) -> tuple[str, ...]:
    if len(applied) == 1:
        return ()
    return (f"The day of the event was not given, so the figures of {applied[-1].name} are used.",)


def _pending(pack: Pack, event: date) -> tuple[str, ...]:
    return tuple(
        [
            f"A change ({version.name}) is pending and not applied: {version.unsure.get('*', '')}"
            for version in pack.watched
            if version.watch_from is not None and version.watch_from <= event
        ]
    )


def _changed_meanwhile(pack: Pack, rule: Rule, version: Version, scene: Scene) -> tuple[str, ...]:
    until = _maybe(rule.event_until, scene)
    later = _version_on(pack, until)[0] if isinstance(until, date) else None
    if later is None or later is version:
        return ()
    return (
        f"The rates changed on {later.name}, before it was over; those of the first day are used.",
    )


def _no_version(pack: Pack, event: Value | None) -> str:
    day = day_words(event) if isinstance(event, date) else "that day"
    return f"The scheme was not in force for {pack.jurisdiction} on {day}"


def _doubts(rule: Rule, version: Version, scene: Scene) -> tuple[str, ...]:
    doubts = [doubt.says for doubt in rule.unsure if doubt.when(scene)]
    if version.unsure and scene.used:  # doubts about figures matter only where one was used
        names = [name for name in ("*", *scene.used) if name in version.unsure]
        return (*[version.unsure[name] for name in names], *doubts)
    return tuple(doubts)


# ---- exclusions -------------------------------------------------------------------------------


def _excluded(pack: Pack, rule: Rule, part: _Part, scene: Scene) -> _Part:
    claimed = scene.facts.get("exclusion")
    if claimed is None:
        return part
    exclusion = pack.exclusions[str(claimed)]
    wrong = _why_not(exclusion, rule, scene)
    if wrong:
        words = f"the exclusion {_plain(exclusion.id)} does not count, {wrong}"
        says = f"The exclusion {_plain(exclusion.id)} was claimed; it does not count, {wrong}."
        return part._replace(because=f"{part.because}; {words}", unsure=(says,))
    evidence = str(scene.facts["evidence"])
    still = f"; {exclusion.still}" if exclusion.still else ""
    sentence = say(rule.because, scene, currency=pack.currency)
    return part._replace(
        amount=0,
        in_kind=None,
        because=f"{sentence}, but {exclusion.says} (evidence: {evidence[:200]}){still}",
    )


def _why_not(exclusion: Exclusion, rule: Rule, scene: Scene) -> str:
    if exclusion.rules and rule.id not in exclusion.rules:
        return "since it does not reach this failure"
    if not str(scene.facts.get("evidence", "")).strip():
        return f"since it needs evidence: {exclusion.needs}"
    if not exclusion.when(scene):
        return "since its conditions are not met"
    return ""


def _plain(name: str) -> str:
    return name.replace("_", " ")


# ---- the sum ----------------------------------------------------------------------------------


def _sum(pack: Pack, rule: Rule, scene: Scene) -> tuple[int, str]:
    if not rule.lines:
        return 0, ""
    terms = [_term(pack, line, scene) for line in rule.lines]
    if len(terms) == 1 and rule.at_least is None and rule.at_most is None:
        total, words = terms[0]
        shown = amount_words(total, pack.currency)
        return total, words if words == shown else f"{words} = {shown}"
    total = sum(amount for amount, _ in terms)
    words = " + ".join(text for _, text in terms)
    limited, note = _limited(pack, rule, scene, total)
    shown = amount_words(total, pack.currency)
    return limited, f"{words}{note}" if words == shown else f"{words} = {shown}{note}"


def _term(pack: Pack, line: Line, scene: Scene) -> tuple[int, str]:
    base = line.amount.read(scene)
    words = amount_words(int(base), pack.currency)  # type: ignore[arg-type] # an amount
    amount = int(base)  # type: ignore[arg-type] # an amount
    if line.share is not None:
        share = line.share.read(scene)
        if share != 1:
            amount = times_over(amount, share, pack.rounding)  # type: ignore[arg-type] # a share
            words = f"{value_words(share, line.share, currency=pack.currency)} of {words}"
    if line.times is None:
        return amount, words
    times = line.times.read(scene)
    if times == 1:
        return amount, words
    note = ""
    if line.times_at_most is not None and times > line.times_at_most:  # type: ignore[operator] # numbers
        times, note = line.times_at_most, f" (at most {line.times_at_most})"
    total = times_over(amount, times, pack.rounding)  # type: ignore[arg-type] # a number
    return total, f"{number_words(times)}{note} x {words}"  # type: ignore[arg-type] # a number


def _limited(pack: Pack, rule: Rule, scene: Scene, total: int) -> tuple[int, str]:
    for limit, word, choose in ((rule.at_least, "at least", max), (rule.at_most, "at most", min)):
        bound = None if limit is None else _term(pack, limit, scene)[0]
        if bound is not None and choose(total, bound) != total:
            return bound, f", {word} {amount_words(bound, pack.currency)}"
    return total, ""


def times_over(amount: int, factor: int | Fraction, mode: Rounding) -> int:
    """An amount so many times, or a share of it, in whole minor units. Neither is negative."""
    if isinstance(factor, int):
        return amount * factor
    whole, left = divmod(amount * factor.numerator, factor.denominator)
    twice = 2 * left - factor.denominator  # above 0 if more than half of a unit is left
    if mode is Rounding.HALF_UP:
        return whole + (twice >= 0)
    if mode is Rounding.HALF_EVEN:
        return whole + (twice > 0 or (twice == 0 and whole % 2 == 1))
    return whole + (mode is Rounding.UP and left > 0)
