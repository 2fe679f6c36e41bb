"""What the schemes that bind the company owe on a case, worked out from what is known of it.

The facts come from the case and its broken promises. What a scheme cannot say with them is said
to be unsure, never guessed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast

from makegood.language import schemes as language
from makegood.queries.schemes.answering import Shelf, answers
from makegood.queries.schemes.known import known_packs
from makegood.records.models import Case, Entitlement, Promise, Remedy, ReplyKind, SchemeUse
from makegood.rules import promises
from makegood.rules.calendars import CalendarError
from makegood.rules.found_things import OF_A_SCHEME
from makegood.rules.remedies import Source
from makegood.rules.schemes.facts import SchemeError
from makegood.rules.schemes.owing import Owed
from makegood.rules.schemes.packs import Pack

ON_CASE = "case"
_LONGEST = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedHere:
    """What one scheme owes on a case, and how much of it was given. None: nobody can say surely."""

    scheme: str
    title: str
    is_own: bool
    version: str
    amount_minor: int | None
    given_minor: int
    currency: str
    pay_by: datetime | None
    last_day: date | None
    """The day that `pay_by` ends, where the scheme holds."""
    late_minor: int
    because: str
    unsure: tuple[str, ...]
    said: str
    """`because` in the reader's language; that stays English, as it is kept."""

    @property
    def missing_minor(self) -> int:
        """What is still to be given."""
        return max(0, (self.amount_minor or 0) - self.given_minor)


def read_entitlements(case: Case, *, now: datetime) -> tuple[OwedHere, ...]:
    """What each scheme in use owes on a case; four queries."""
    return read_all([case], now=now).get(case.pk, ())


def read_all(cases: Iterable[Case], *, now: datetime) -> Mapping[int, tuple[OwedHere, ...]]:
    """What each scheme in use owes on each case, by case; four queries however many they are."""
    wanted = {case.pk: case for case in cases}
    functions = {"", *(case.function for case in wanted.values())}
    uses = [use for use in _uses(now) if use.function in functions]
    if not uses:
        return {}
    broken: dict[int, list[Promise]] = {pk: [] for pk in wanted}
    rows = Promise.objects.filter(case__in=wanted, outcome="broken").order_by("due_at")
    for row in rows:
        broken[row.case_id].append(row)
    given = _given(wanted)
    return {pk: _of_case(case, uses, broken[pk], given.get(pk, {})) for pk, case in wanted.items()}


def _of_case(
    case: Case, uses: Iterable[SchemeUse], broken: list[Promise], given: Mapping[str, int]
) -> tuple[OwedHere, ...]:
    by_scheme: dict[str, list[tuple[SchemeUse, dict[str, Any]]]] = {}
    for use in uses:
        is_here = not use.function or use.function == case.function
        facts = _facts(use, case, broken) if is_here else None
        if facts is not None:
            by_scheme.setdefault(use.scheme, []).append((use, facts))
    return tuple(_owed(scheme, found, given) for scheme, found in by_scheme.items())


def _uses(now: datetime) -> Iterable[SchemeUse]:
    rows = SchemeUse.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now), since__lte=now)
    return rows.order_by("pk")


def _given(cases: Iterable[int]) -> Mapping[int, Mapping[str, int]]:
    rows = Remedy.objects.filter(case__in=cases, late_for=None).exclude(scheme="")
    given: dict[int, dict[str, int]] = {}
    for case, scheme, minor, outcome in rows.values_list(
        "case", "scheme", "amount_minor", "outcome"
    ):
        if outcome != "released":
            of_case = given.setdefault(case, {})
            of_case[scheme] = of_case.get(scheme, 0) + minor
    for case, scheme, minor in _pushed(cases):
        of_case = given.setdefault(case, {})
        of_case[scheme] = of_case.get(scheme, 0) + minor
    return given


def _pushed(cases: Iterable[int]) -> Iterable[tuple[int, str, int]]:
    """What was pushed to customers after a case had closed: it is given by a case of its own."""
    sent = Remedy.objects.filter(
        case__found__source=OF_A_SCHEME,
        case__found__external_id=Cast(OuterRef("pk"), CharField()),
        source=Source.FOUND.value,
    ).exclude(outcome="released")
    rows = Entitlement.objects.filter(case__in=cases)
    pushed = rows.annotate(sent=Subquery(sent.values("amount_minor")[:1])).exclude(sent=None)
    return pushed.values_list("case", "scheme", "sent")


def _facts(use: SchemeUse, case: Case, broken: list[Promise]) -> dict[str, Any] | None:
    """The facts for a use, or None if what it is about has not happened."""
    of_kind = [row for row in broken if row.kind == use.on]
    if _was_false(case) if use.on == ON_CASE else not of_kind:
        return None
    known = {
        "@over_on": _over(case) if "@over_on" in use.facts.values() else None,
        "@failed_on": case.failed_at.isoformat(),
        "@known_on": case.known_at.isoformat(),
        "@broken_on": of_kind[0].due_at.isoformat() if of_kind else None,
        "@times": len(of_kind),
    }
    filled = {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in use.facts.items()
    }
    return {name: value for name, value in filled.items() if value is not None}


def _was_false(case: Case) -> bool:
    """Whether it was opened for an incident of which nothing was true."""
    return case.incident is not None and case.incident.was_false


def _over(case: Case) -> str | None:
    """When what hit everybody was over; not known of whoever says that for them it is not."""
    incident = case.incident
    if incident is None or incident.over_at is None or incident.merged_into_id is not None:
        return None
    not_for_them = case.replies.filter(kind=ReplyKind.NOT_RIGHT, sent_at__gt=incident.over_at)
    return None if not_for_them.exists() else incident.over_at.isoformat()


def _owed(
    scheme: str, found: list[tuple[SchemeUse, dict[str, Any]]], given: Mapping[str, int]
) -> OwedHere:
    packs = known_packs()
    pack = packs.get(scheme)
    parts = [_ask(scheme, facts, packs) for _use, facts in found]
    said = [part for part in parts if isinstance(part, Owed)]
    unsure = [part for part in parts if isinstance(part, str)]
    unsure += [language.said(doubt) for part in said for doubt in part.doubts]
    sure = len(said) == len(parts) and all(part.amount is not None for part in said)
    days = [part.pay_by for part in said if part.pay_by is not None]
    return OwedHere(
        scheme=scheme,
        title=language.title_of(pack.title) if pack else scheme,
        is_own=any(use.is_own for use, _facts_ in found),
        version=next((part.version for part in said if part.version), ""),
        amount_minor=sum(part.amount or 0 for part in said) if sure else None,
        given_minor=given.get(scheme, 0),
        currency=pack.currency if pack else "",
        pay_by=_end_of(min(days), pack) if days and pack else None,
        last_day=min(days, default=None),
        late_minor=_late(scheme, found, packs, said) if sure and days else 0,
        because=" ".join(part.because for part in said if part.amount)[:_LONGEST],
        unsure=tuple(dict.fromkeys(unsure)),
        said=" ".join(
            language.because(part.said, title=pack.title, version=part.version)
            for part in said
            if part.amount and pack
        ),
    )


def _ask(scheme: str, facts: dict[str, Any], packs: Mapping[str, Pack]) -> Owed | str:
    try:
        return answers(facts, Shelf(packs=packs), scheme=scheme)[0]
    except (SchemeError, CalendarError) as why:
        return language.why_not(why, packs[scheme].facts if scheme in packs else {})


def _late(
    scheme: str,
    found: list[tuple[SchemeUse, dict[str, Any]]],
    packs: Mapping[str, Pack],
    said: list[Owed],
) -> int:
    """What the scheme would owe on top, were it still unpaid after its last day."""
    last = max(part.pay_by for part in said if part.pay_by is not None)
    after = (last + timedelta(days=1)).isoformat()
    asked = [_ask(scheme, {**facts, "unpaid_on": after}, packs) for _use, facts in found]
    later = sum(part.amount or 0 for part in asked if isinstance(part, Owed))
    return max(0, later - sum(part.amount or 0 for part in said))


def _end_of(day: date, pack: Pack) -> datetime:
    return promises.end_of_day(day, pack.zone).astimezone(UTC)
