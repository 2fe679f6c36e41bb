"""The open cases, severest first, then the oldest; and closed ones too when searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from makegood.queries import standings, when
from makegood.queries.when import When
from makegood.records.models import Case, Promise, Staff
from makegood.rules.promises import Standing

PAGE_ROWS = 25
PAGES_MAX = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class NextPromise:
    """The promise that falls due first."""

    words: str
    due: When
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """One case in the list."""

    reference: str
    title: str
    customer: str
    severity: int
    known: When
    owner: str
    is_mine: bool
    is_closed: bool
    next: NextPromise | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseList:
    """One page of the list."""

    rows: tuple[CaseRow, ...]
    sought: str
    number: int
    has_more: bool


def get_case_list(reader: Staff, *, sought: str = "", number: int = 1, now: datetime) -> CaseList:
    """Page `number` of the open cases, or of all cases that match `sought`."""
    number = min(max(number, 1), PAGES_MAX)
    start = (number - 1) * PAGE_ROWS
    found = list(_matching(sought.strip())[start : start + PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    next_by_case = _next_promises(shown, now=now, zone=ZoneInfo(reader.zone))
    return CaseList(
        rows=tuple(_row(case, next_by_case.get(case.pk), reader, now=now) for case in shown),
        sought=sought.strip(),
        number=number,
        has_more=len(found) > PAGE_ROWS and number < PAGES_MAX,
    )


def _matching(sought: str) -> QuerySet[Case]:
    cases = Case.objects.filter(is_canary=False).select_related("customer", "owner")
    if not sought:
        return cases.filter(closed_at=None).order_by("severity", "known_at", "pk")
    matching = cases.filter(
        Q(reference__istartswith=sought)
        | Q(customer__name__icontains=sought)
        | Q(title__icontains=sought)
    )
    return matching.order_by("closed_at", "severity", "known_at", "pk")


def _next_promises(
    cases: Sequence[Case], *, now: datetime, zone: ZoneInfo
) -> dict[int, NextPromise]:
    rows = Promise.objects.still_open().filter(case__in=cases).order_by("due_at", "pk")
    by_case: dict[int, Promise] = {}
    for row in rows:
        by_case.setdefault(row.case_id, row)
    ladders = standings.read_ladders(by_case.values())
    return {
        case: NextPromise(
            words=row.words,
            due=when.due(row, now=now, zone=zone),
            standing=standings.standing(row, ladders, now=now),
        )
        for case, row in by_case.items()
    }


def _row(case: Case, next_: NextPromise | None, reader: Staff, *, now: datetime) -> CaseRow:
    return CaseRow(
        reference=case.reference,
        title=case.title,
        customer=case.customer.name,
        severity=case.severity,
        known=when.at(case.known_at, now=now, zone=ZoneInfo(reader.zone)),
        owner=case.owner.name,
        is_mine=case.owner_id == reader.pk,
        is_closed=case.closed_at is not None,
        next=next_,
    )
