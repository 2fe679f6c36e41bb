"""My word: everything that one person has promised, soonest first, and what waits for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from makegood.queries import (
    glance,
    knowledge,
    people,
    plain,
    remedy_cards,
    standings,
    waiting,
    when,
)
from makegood.queries.knowledge import DoubtCard
from makegood.queries.people import Covered
from makegood.queries.remedy_cards import Raised, RequestCard
from makegood.queries.waiting import Waiting
from makegood.queries.when import When
from makegood.records.models import Promise, Staff
from makegood.rules import promises
from makegood.rules.promises import Standing

ROWS_SHOWN = 25
"""What one can look over; more stands on the page when it is asked for."""

ROWS_MAX = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One promise on the board."""

    id: int
    reference: str
    words: str
    customer: str
    title: str
    severity: int
    standing: Standing
    due: When
    due_elsewhere: str
    covered_for: str
    untold: bool
    is_shaky: bool
    is_of_remedy: bool

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
    """The page. `to_put_right`: how many broken promises there are, also where fewer stand here."""

    groups: tuple[Group, ...]
    to_put_right: int
    today: int
    next: Row | None
    covers: tuple[tuple[str, When], ...]
    waiting: Waiting
    requests: tuple[RequestCard, ...]
    raised: tuple[Raised, ...]
    doubts: tuple[DoubtCard, ...]
    unread: int
    in_crew: bool
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is promised and nothing waits."""
        return self.waiting.is_empty and not (
            self.groups or self.requests or self.raised or self.doubts
        )


class _Read(NamedTuple):
    """A promise with its case, as it is read."""

    id: int
    words: str
    kind: str
    zone: str
    precision: str
    said_at: datetime
    due_at: datetime
    earliest_at: datetime | None
    outcome: str | None
    follows: int | None
    first_share: float
    untold: bool
    is_shaky: bool
    is_of_remedy: bool
    reference: str
    title: str
    severity: int
    customer: str
    owner: int
    owner_name: str
    in_all: int | None


# Broken promises whose apology is owed, or whose case waits for what was promised instead, are
# counted before they are cut. They stand in their own order; the open ones are chosen before the
# rest of their rows is looked up. A new date that was decided and not told is marked.
_READ = """
    SELECT p.id, p.words, p.kind, p.zone, p.precision, p.said_at, p.due_at, p.earliest_at,
           p.outcome, p.follows_id AS follows, {first_share} AS first_share,
           p.outcome IS NULL AND EXISTS (
               SELECT FROM records_promiserevision r WHERE r.promise_id = p.id
                  AND r.told_at IS NULL AND r.old_due_at = p.due_at) AS untold,
           {shaky} AS is_shaky,
           p.kind = 'redress' AND EXISTS (SELECT FROM records_remedy x
                    WHERE x.promise_id = p.id AND x.outcome IS NULL) AS is_of_remedy,
           c.reference, c.title, c.severity, u.name AS customer,
           c.owner_id AS owner, o.name AS owner_name, {in_all} AS in_all
      FROM {chosen} JOIN records_policysnapshot s ON s.id = p.policy_id
      JOIN records_case c ON c.id = p.case_id
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff o ON o.id = c.owner_id
"""
_OPEN = """(
    SELECT p.* FROM records_promise p JOIN records_case c ON c.id = p.case_id
     WHERE p.outcome IS NULL AND c.owner_id = ANY(%(owners)s) AND c.closed_at IS NULL
       AND NOT c.is_canary
     ORDER BY p.due_at, p.severity, p.id LIMIT %(most)s) p"""
_TO_PUT_RIGHT = """(
    SELECT p.*, count(*) OVER () AS in_all FROM records_promise p
     WHERE p.outcome = 'broken' AND p.id IN (
           SELECT m.promise_id FROM records_message m JOIN records_case c ON c.id = m.case_id
            WHERE m.said_at IS NULL AND m.kind = 'apology' AND c.owner_id = ANY(%(owners)s)
            UNION
           SELECT o.follows_id FROM records_promise o JOIN records_case c ON c.id = o.case_id
            WHERE o.outcome IS NULL AND c.owner_id = ANY(%(owners)s) AND c.closed_at IS NULL
              AND NOT c.is_canary)
     ORDER BY p.severity, p.due_at, p.id LIMIT %(most)s) p"""
_SOONEST = plain.Kept(
    _READ.format(
        first_share=standings.FIRST_SHARE, shaky=standings.SHAKY, chosen=_OPEN, in_all="NULL::int"
    )
    + "ORDER BY p.due_at, p.severity, p.id"
)
_BROKEN = plain.Kept(
    _READ.format(
        first_share=standings.FIRST_SHARE, shaky=standings.SHAKY, chosen=_TO_PUT_RIGHT,
        in_all="p.in_all",
    )
    + "ORDER BY p.severity, p.due_at, p.id"
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """What all rows of one page share."""

    reader: int
    now: datetime
    zone: ZoneInfo


def get_board(reader: Staff, *, now: datetime, everything: bool = False) -> Board:
    """What `reader` has promised, and what those promised for whom they cover now.

    The soonest rows, unless `everything` is asked for.
    """
    most = ROWS_MAX if everything else ROWS_SHOWN
    zone = ZoneInfo(reader.zone)
    covers = people.covered_by(reader.pk, now=now)
    mine = frozenset({reader.pk, *(cover.id for cover in covers)})
    there = glance.waits(mine, reader=reader.pk, now=now, heard_within=waiting.HEARD_WITHIN)
    kept_open = plain.rows(_SOONEST, _Read, owners=list(mine), most=most + 1)
    owed = waiting.read_owed(mine, most=ROWS_MAX if everything else waiting.ROWS_MAX)
    broken = plain.rows(_BROKEN, _Read, owners=list(mine), most=most)
    reading = _Reading(reader=reader.pk, now=now, zone=zone)
    rows = [_row(record, reading) for record in kept_open[:most]]
    horizon = promises.end_of_day(now.astimezone(zone).date(), zone)
    is_cut = len(kept_open) > most
    due_today = len([record for record in kept_open if record.due_at <= horizon])
    if is_cut and due_today == len(kept_open):
        due_today = _still_open(mine).filter(due_at__lte=horizon).count()
    return Board(
        groups=_groups([_row(record, reading) for record in broken], rows, due=due_today),
        to_put_right=(broken[0].in_all or 0) if broken else 0,
        today=due_today,
        next=next((row for row in rows if row.standing is not Standing.OVERDUE), None),
        covers=tuple(_cover(cover, now=now, zone=zone) for cover in covers),
        waiting=waiting.read_waiting(
            mine, owed, there, reader=reader.pk, now=now, zone=zone, everything=everything
        ),
        requests=remedy_cards.get_requests(reader, now=now) if there.asked else (),
        raised=remedy_cards.get_raised(reader, now=now) if there.raised else (),
        doubts=knowledge.get_doubts_before(reader, now=now) if there.doubts else (),
        unread=there.unread,
        in_crew=there.in_crew,
        is_cut=is_cut,
    )


def open_rows(reader: Staff, *, now: datetime) -> Iterator[Promise]:
    """Every open promise of `reader` and of whom they cover for, with its case, for a file."""
    covers = people.covered_by(reader.pk, now=now)
    mine = frozenset({reader.pk, *(cover.id for cover in covers)})
    joined = _still_open(mine).select_related("case__customer", "case__owner")
    return joined.order_by("due_at", "severity", "pk").iterator(chunk_size=ROWS_MAX)


def _still_open(owners: frozenset[int]) -> QuerySet[Promise]:
    return Promise.objects.still_open().filter(
        case__owner__in=owners, case__closed_at=None, case__is_canary=False
    )


def _row(record: _Read, reading: _Reading) -> Row:
    now, zone = reading.now, reading.zone
    return Row(
        id=record.id,
        reference=record.reference,
        words=record.words,
        customer=record.customer,
        title=record.title,
        severity=record.severity,
        standing=standings.of(record, now=now),
        due=when.due(record, now=now, zone=zone),
        due_elsewhere=when.elsewhere(record, now=now, zone=zone),
        covered_for="" if record.owner == reading.reader else record.owner_name,
        untold=record.untold,
        is_shaky=record.is_shaky and now < record.due_at,
        is_of_remedy=record.is_of_remedy,
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
