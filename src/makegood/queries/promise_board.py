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
    """A promise with its case, as it is read.

    `counted`: if it is open, how many open ones fall due today; else how many broken ones there
    are to put right.
    """

    id: int
    words: str
    zone: str
    precision: str
    said_at: datetime
    due_at: datetime
    earliest_at: datetime | None
    outcome: str | None
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
    counted: int


# Broken promises whose apology is owed, or whose case waits for what was promised instead (for
# them, or for others that broke in the same moment), and before them the open ones. Which of them
# stand here is chosen, and all are counted, before the rest of their rows is looked up. A new date
# that was decided and not told is marked.
_READ = plain.Kept(f"""
    WITH mine AS MATERIALIZED (
        SELECT p.id, p.due_at, p.severity, p.follows_id
          FROM records_promise p JOIN records_case c ON c.id = p.case_id
         WHERE p.outcome IS NULL AND c.owner_id = ANY(%(owners)s) AND c.closed_at IS NULL
           AND NOT c.is_canary),
    broken AS (
        SELECT p.id, p.due_at, p.severity FROM records_promise p
         WHERE p.outcome = 'broken' AND p.id IN (
               SELECT unnest(%(owed_for)s::bigint[]) UNION SELECT follows_id FROM mine
                UNION SELECT b.id FROM mine JOIN records_promise f ON f.id = mine.follows_id
                        JOIN records_promise b ON b.case_id = f.case_id AND b.outcome = f.outcome
                         AND b.settled_recorded_at = f.settled_recorded_at)),
    chosen AS (
        (SELECT id, row_number() OVER (ORDER BY due_at, severity, id) AS place,
                count(*) FILTER (WHERE due_at <= %(today_ends)s) OVER () AS counted
           FROM mine ORDER BY due_at, severity, id LIMIT %(most)s + 1)
         UNION ALL
        (SELECT id, row_number() OVER (ORDER BY severity, due_at, id), count(*) OVER ()
           FROM broken ORDER BY severity, due_at, id LIMIT %(most)s))
    SELECT p.id, p.words, p.zone, p.precision, p.said_at, p.due_at, p.earliest_at, p.outcome,
           {standings.FIRST_SHARE} AS first_share,
           p.outcome IS NULL AND EXISTS (
               SELECT FROM records_promiserevision r WHERE r.promise_id = p.id
                  AND r.told_at IS NULL AND r.old_due_at = p.due_at) AS untold,
           {standings.SHAKY} AS is_shaky,
           p.kind = 'redress' AND EXISTS (SELECT FROM records_remedy x
                    WHERE x.promise_id = p.id AND x.outcome IS NULL) AS is_of_remedy,
           c.reference, c.title, c.severity, u.name AS customer,
           c.owner_id AS owner, o.name AS owner_name, chosen.counted
      FROM chosen JOIN records_promise p ON p.id = chosen.id
      JOIN records_policysnapshot s ON s.id = p.policy_id
      JOIN records_case c ON c.id = p.case_id
      JOIN records_customer u ON u.id = c.customer_id
      JOIN records_staff o ON o.id = c.owner_id
     ORDER BY chosen.place
""")  # noqa: S608 - our own words


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
    read = plain.rows(
        _READ,
        _Read,
        owners=list(mine),
        owed_for=list(there.owed_for),
        today_ends=promises.end_of_day(now.astimezone(zone).date(), zone),
        most=most,
    )
    kept_open = [record for record in read if record.outcome is None]
    broken = [record for record in read if record.outcome is not None]
    reading = _Reading(reader=reader.pk, now=now, zone=zone)
    rows = [_row(record, reading) for record in kept_open[:most]]
    due_today = kept_open[0].counted if kept_open else 0
    return Board(
        groups=_groups([_row(record, reading) for record in broken], rows, due=due_today),
        to_put_right=broken[0].counted if broken else 0,
        today=due_today,
        next=next((row for row in rows if row.standing is not Standing.OVERDUE), None),
        covers=tuple(_cover(cover, now=now, zone=zone) for cover in covers),
        waiting=waiting.read_waiting(
            mine, there, reader=reader.pk, now=now, zone=zone, everything=everything
        ),
        requests=remedy_cards.get_requests(reader, now=now) if there.asked else (),
        raised=remedy_cards.get_raised(reader, now=now) if there.raised else (),
        doubts=knowledge.get_doubts_before(reader, now=now) if there.doubts else (),
        unread=there.unread,
        in_crew=there.in_crew,
        is_cut=len(kept_open) > most,
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
