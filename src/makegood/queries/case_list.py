"""The list of cases: filtered, sorted, page by page, with what the customer hears next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import case_matching, standings, when
from makegood.queries.case_filter import CaseFilter, State
from makegood.queries.when import When
from makegood.records.models import Case, Promise, Staff
from makegood.rules.promises import Standing

PAGE_ROWS = 25
FILE_ROWS = 500
COUNTED_MAX = 1000
BACKWARDS = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class NextPromise:
    """The promise that falls due first."""

    words: str
    due: When
    due_at: datetime
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
    """One page of the list. `count` is None where counting would take longer than reading.

    `before` and `after` are the places that the pages next to this one begin at, or empty.
    """

    rows: tuple[CaseRow, ...]
    count: int | None
    before: str
    after: str

    @property
    def is_counted_out(self) -> bool:
        """Whether there are more than were counted."""
        return self.count is not None and self.count > COUNTED_MAX


def get_case_list(reader: Staff, *, asked: CaseFilter, place: str = "", now: datetime) -> CaseList:
    """The page that begins at a place, or, with a minus before it, the one that ends there.

    :raises PlaceError: if no list gave out such a place.
    """
    zone = ZoneInfo(reader.zone)
    order = case_matching.order_of(asked)
    backwards = place.startswith(BACKWARDS)
    cases = case_matching.matching(asked, now=now, zone=zone)
    found = case_matching.ordered(cases, order, backwards=backwards)
    if place:
        bare = place.removeprefix(BACKWARDS)
        found = case_matching.beyond(found, order, bare, backwards=backwards)
    read = case_matching.page_of(found, rows=PAGE_ROWS)
    shown, has_more = list(read[:PAGE_ROWS]), len(read) > PAGE_ROWS
    if backwards:
        shown.reverse()
    has_before, has_after = (has_more, True) if backwards else (bool(place), has_more)
    return CaseList(
        rows=_rows(shown, reader, now=now, zone=zone),
        count=_count(asked, len(shown), alone=not (place or has_more), now=now, zone=zone),
        before=BACKWARDS + case_matching.place_of(shown[0], order) if has_before and shown else "",
        after=case_matching.place_of(shown[-1], order) if has_after and shown else "",
    )


def case_rows(
    reader: Staff, *, asked: CaseFilter, now: datetime
) -> Iterator[tuple[Case, NextPromise | None]]:
    """Every case that the filters leave, in order, for a file; read while it is sent."""
    zone = ZoneInfo(reader.zone)
    order = case_matching.order_of(asked)
    found = case_matching.ordered(
        case_matching.matching(asked, now=now, zone=zone), order
    ).select_related("customer", "owner", "team", "asset")
    place = ""
    while True:
        rest = case_matching.beyond(found, order, place) if place else found
        rows = list(rest[:FILE_ROWS])
        next_by_case = _next_promises(rows, now=now, zone=zone)
        yield from ((case, next_by_case.get(case.pk)) for case in rows)
        if len(rows) < FILE_ROWS:
            return
        place = case_matching.place_of(rows[-1], order)


def _count(
    asked: CaseFilter, shown: int, *, alone: bool, now: datetime, zone: ZoneInfo
) -> int | None:
    if alone:
        return shown
    if not _is_cheap_to_count(asked):
        return None
    cases = case_matching.matching(asked, now=now, zone=zone)
    return cases[: COUNTED_MAX + 1].count()


def _is_cheap_to_count(asked: CaseFilter) -> bool:
    """Whether an index alone can count: the filters that need a look at each case are off."""
    return (
        asked.state in {State.OPEN, State.CLOSED, State.ALL}
        and not (asked.q or asked.broke or asked.waiting or asked.function)
        and (asked.team is None or asked.owner is not None)
    )


def _rows(
    cases: Sequence[Case], reader: Staff, *, now: datetime, zone: ZoneInfo
) -> tuple[CaseRow, ...]:
    next_by_case = _next_promises(cases, now=now, zone=zone)
    return tuple(
        CaseRow(
            reference=case.reference,
            title=case.title,
            customer=case.customer.name,
            severity=case.severity,
            known=when.at(case.known_at, now=now, zone=zone),
            owner=case.owner.name,
            is_mine=case.owner_id == reader.pk,
            is_closed=case.closed_at is not None,
            next=next_by_case.get(case.pk),
        )
        for case in cases
    )


def _next_promises(
    cases: Sequence[Case], *, now: datetime, zone: ZoneInfo
) -> dict[int, NextPromise]:
    rows = Promise.objects.still_open().filter(case__in=[case.pk for case in cases])
    by_case: dict[int, Promise] = {}
    for row in rows.defer("trace").order_by("due_at", "pk"):
        by_case.setdefault(row.case_id, row)
    ladders = standings.read_ladders(by_case.values())
    return {
        case: NextPromise(
            words=row.words,
            due=when.due(row, now=now, zone=zone),
            due_at=row.due_at,
            standing=standings.standing(row, ladders, now=now),
        )
        for case, row in by_case.items()
    }
