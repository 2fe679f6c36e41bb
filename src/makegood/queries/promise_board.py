"""My word: everything that one person has promised, soonest first, and what waits for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from makegood.queries import people, standings, waiting, when
from makegood.queries.people import Covered
from makegood.queries.standings import Ladders
from makegood.queries.waiting import Waiting
from makegood.queries.when import When
from makegood.records.models import Message, Promise, PromiseKind, PromiseRevision, Staff
from makegood.rules import promises
from makegood.rules.promises import Outcome, Standing

ROWS_SHOWN = 40
"""What one can look over; more stands on the page when it is asked for."""

ROWS_MAX = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One promise on the board."""

    id: int
    reference: str
    words: str
    is_news: bool
    customer: str
    title: str
    severity: int
    standing: Standing
    due: When
    due_elsewhere: str
    covered_for: str
    untold: bool

    @property
    def is_open(self) -> bool:
        """Whether it can still be kept or moved."""
        return self.standing in standings.OPEN


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Promises that want the same of the reader: broken, overdue, at_risk, today or later."""

    key: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """The page."""

    groups: tuple[Group, ...]
    today: int
    next: Row | None
    covers: tuple[tuple[str, When], ...]
    waiting: Waiting
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is promised and nothing waits."""
        return not self.groups and self.waiting.is_empty


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What all rows of one page share."""

    reader: int
    now: datetime
    zone: ZoneInfo
    ladders: Ladders
    untold: frozenset[int]


def get_board(reader: Staff, *, now: datetime, everything: bool = False) -> Board:
    """What `reader` has promised, and what those promised for whom they cover now.

    The soonest rows, unless `everything` is asked for.
    """
    most = ROWS_MAX if everything else ROWS_SHOWN
    zone = ZoneInfo(reader.zone)
    covers = people.covered_by(reader.pk, now=now)
    mine = frozenset({reader.pk, *(cover.id for cover in covers)})
    kept_open = _open(mine, most=most)
    owed = waiting.read_owed(mine)
    broken = _broken(kept_open, owed, most=most)
    reading = _Reading(
        reader=reader.pk,
        now=now,
        zone=zone,
        ladders=standings.read_ladders([*kept_open, *broken]),
        untold=_untold(kept_open),
    )
    rows = [_row(record, reading) for record in kept_open[:most]]
    horizon = promises.end_of_day(now.astimezone(zone).date(), zone)
    is_cut = len(kept_open) > most
    due_today = len([record for record in kept_open if record.due_at <= horizon])
    if is_cut and due_today == len(kept_open):
        due_today = _still_open(mine).filter(due_at__lte=horizon).count()
    return Board(
        groups=_groups([_row(record, reading) for record in broken], rows, due=due_today),
        today=due_today,
        next=next((row for row in rows if row.standing is not Standing.OVERDUE), None),
        covers=tuple(_cover(cover, now=now, zone=zone) for cover in covers),
        waiting=waiting.read_waiting(mine, owed, reader=reader.pk, now=now, zone=zone),
        is_cut=is_cut,
    )


def open_rows(reader: Staff, *, now: datetime) -> Iterator[Promise]:
    """Every open promise of `reader` and of whom they cover for, with its case, for a file."""
    covers = people.covered_by(reader.pk, now=now)
    mine = frozenset({reader.pk, *(cover.id for cover in covers)})
    return _still_open(mine).iterator(chunk_size=ROWS_MAX)


def _open(owners: frozenset[int], *, most: int) -> list[Promise]:
    return list(_still_open(owners)[: most + 1])


def _still_open(owners: frozenset[int]) -> QuerySet[Promise]:
    records = Promise.objects.still_open().filter(
        case__owner__in=owners, case__closed_at=None, case__is_canary=False
    )
    joined = records.select_related("case__customer", "case__owner")
    return joined.order_by("due_at", "severity", "pk")


def _broken(kept_open: Iterable[Promise], owed: Iterable[Message], *, most: int) -> list[Promise]:
    """Broken promises whose apology is owed, or whose case waits for what was promised instead."""
    ids = {record.follows_id for record in kept_open} | {message.promise_id for message in owed}
    records = Promise.objects.filter(pk__in={pk for pk in ids if pk}, outcome=Outcome.BROKEN)
    joined = records.select_related("case__customer", "case__owner")
    return list(joined.order_by("severity", "due_at")[:most])


def _untold(kept_open: Sequence[Promise]) -> frozenset[int]:
    """Promises for which a new date was decided that the customer has not heard yet."""
    rows = PromiseRevision.objects.filter(
        promise__in=[record.pk for record in kept_open],
        told_at=None,
        old_due_at=F("promise__due_at"),
    )
    return frozenset(rows.values_list("promise", flat=True))


def _row(record: Promise, reading: _Reading) -> Row:
    case, now, zone = record.case, reading.now, reading.zone
    return Row(
        id=record.pk,
        reference=case.reference,
        words=record.words,
        is_news=record.kind == PromiseKind.NEWS,
        customer=case.customer.name,
        title=case.title,
        severity=case.severity,
        standing=standings.standing(record, reading.ladders, now=now),
        due=when.due(record, now=now, zone=zone),
        due_elsewhere=when.elsewhere(record, now=now, zone=zone),
        covered_for="" if case.owner_id == reading.reader else case.owner.name,
        untold=record.pk in reading.untold,
    )


def _groups(broken: list[Row], rows: list[Row], *, due: int) -> tuple[Group, ...]:
    """The rows in order of what they want; the first `due` of them fall due today."""
    calm = {
        row.id: "today" if place < due else "later"
        for place, row in enumerate(rows)
        if row.standing is Standing.ON_TRACK
    }
    by_key: dict[str, list[Row]] = {
        "broken": broken,
        "overdue": [row for row in rows if row.standing is Standing.OVERDUE],
        "at_risk": [row for row in rows if row.standing is Standing.AT_RISK],
        "today": [row for row in rows if calm.get(row.id) == "today"],
        "later": [row for row in rows if calm.get(row.id) == "later"],
    }
    return tuple(Group(key=key, rows=tuple(found)) for key, found in by_key.items() if found)


def _cover(cover: Covered, *, now: datetime, zone: ZoneInfo) -> tuple[str, When]:
    return cover.name, when.at(cover.until, now=now, zone=zone)
