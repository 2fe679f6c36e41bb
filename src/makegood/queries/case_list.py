"""The list of cases: filtered, sorted, page by page, with what the customer hears next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from makegood.queries import case_matching, plain, standings, when
from makegood.queries.case_filter import CaseFilter, State
from makegood.queries.when import When
from makegood.records.models import Case, Staff
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
    is_right: bool
    is_shaky: bool
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


class _Read(NamedTuple):
    """A case as it is read; where nothing is promised, `words` and what follows are None."""

    id: int
    reference: str
    title: str
    customer: str
    severity: int
    known_at: datetime
    owner: int
    owner_name: str
    is_closed: bool
    is_right: bool
    words: str | None
    said_at: datetime
    due_at: datetime
    earliest_at: datetime | None
    precision: str
    zone: str
    outcome: str | None
    first_share: float
    is_shaky: bool


_READ = """
    SELECT c.id, c.reference, c.title, u.name AS customer, c.severity, c.known_at,
           c.owner_id AS owner, o.name AS owner_name, c.closed_at IS NOT NULL AS is_closed,
           c.closed_by_contact_id IS NOT NULL AS is_right,
           p.words, p.said_at, p.due_at, p.earliest_at, p.precision, p.zone, p.outcome,
           {first_share} AS first_share,
           EXISTS (SELECT FROM records_promise p WHERE p.case_id = c.id AND {shaky}) AS is_shaky
      FROM records_case c
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff o ON o.id = c.owner_id
      LEFT JOIN LATERAL (SELECT * FROM records_promise p
                          WHERE p.case_id = c.id AND p.outcome IS NULL
                          ORDER BY p.due_at, p.id LIMIT 1) p ON true
      LEFT JOIN records_policysnapshot s ON s.id = p.policy_id
     WHERE c.id = ANY(%(ids)s)
"""
_ROWS = plain.Kept(_READ.format(first_share=standings.FIRST_SHARE, shaky=standings.SHAKY))


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
    read = case_matching.places_of(found, order, rows=PAGE_ROWS)
    shown, has_more = list(read[:PAGE_ROWS]), len(read) > PAGE_ROWS
    if backwards:
        shown.reverse()
    has_before, has_after = (has_more, True) if backwards else (bool(place), has_more)
    return CaseList(
        rows=_rows([each.pk for each in shown], reader, now=now, zone=zone),
        count=_count(asked, cases, len(shown), alone=not (place or has_more)),
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
        read = _read([case.pk for case in rows])
        yield from ((case, _next(read[case.pk], now=now, zone=zone)) for case in rows)
        if len(rows) < FILE_ROWS:
            return
        place = case_matching.place_of(rows[-1], order)


def _count(asked: CaseFilter, cases: QuerySet[Case], shown: int, *, alone: bool) -> int | None:
    if alone:
        return shown
    return cases[: COUNTED_MAX + 1].count() if _is_cheap_to_count(asked) else None


def _is_cheap_to_count(asked: CaseFilter) -> bool:
    """Whether an index alone can count: the filters that need a look at each case are off."""
    return (
        asked.state in {State.OPEN, State.CLOSED, State.ALL}
        and not (asked.q or asked.broke or asked.waiting or asked.function)
        and (asked.team is None or asked.owner is not None)
    )


def _read(ids: Sequence[int]) -> dict[int, _Read]:
    """These cases with the promise of each that falls due first, by id."""
    return {row.id: row for row in plain.rows(_ROWS, _Read, ids=list(ids))}


def _rows(
    ids: Sequence[int], reader: Staff, *, now: datetime, zone: ZoneInfo
) -> tuple[CaseRow, ...]:
    read = _read(ids)
    return tuple(_row(read[pk], reader, now=now, zone=zone) for pk in ids if pk in read)


def _row(row: _Read, reader: Staff, *, now: datetime, zone: ZoneInfo) -> CaseRow:
    return CaseRow(
        reference=row.reference,
        title=row.title,
        customer=row.customer,
        severity=row.severity,
        known=when.at(row.known_at, now=now, zone=zone),
        owner=row.owner_name,
        is_mine=row.owner == reader.pk,
        is_closed=row.is_closed,
        is_right=row.is_right,
        is_shaky=row.is_shaky,
        next=_next(row, now=now, zone=zone),
    )


def _next(row: _Read, *, now: datetime, zone: ZoneInfo) -> NextPromise | None:
    if row.words is None:
        return None
    return NextPromise(
        words=row.words,
        due=when.due(row, now=now, zone=zone),
        due_at=row.due_at,
        standing=standings.of(row, now=now),
    )
