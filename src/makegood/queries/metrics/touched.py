"""Which cases have changed since they were counted: by their timelines, or by days gone by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from makegood.queries import plain
from makegood.records.models import CountingPlace

PLACE = "wall11"
"""Another name where a metric is counted otherwise: then everything is counted once more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """From where to read, and up to where.

    `is_open_since`: a transaction that began before the last round has not ended yet.
    """

    reread_from: int
    upto: int
    last: int
    counted_at: datetime
    is_open_since: bool


class _Id(NamedTuple):
    id: int


# A case that opens makes the earlier ones of the same thing come again (M19); whatever else
# happens in it says nothing of them.
_TOUCHED = """
    WITH touched AS (
        SELECT case_id AS id, bool_or(kind = 'case_opened') AS is_new FROM records_timelineentry
         WHERE id > %(after)s AND id <= %(upto)s GROUP BY case_id)
    SELECT id FROM touched
    UNION
    SELECT o.id FROM touched t
      JOIN records_case c ON c.id = t.id
      JOIN records_case o ON o.asset_id = c.asset_id AND o.customer_id = c.customer_id
           AND o.known_at < c.known_at
     WHERE t.is_new
     ORDER BY 1
"""

# What nobody has paid by its last day leaks from the day after (M23), and no entry says so; nor
# that a change of their cause has shipped (M30), nor that a log's words for it were erased.
_OVERDUE = """
    SELECT case_id AS id FROM records_entitlement
     WHERE pay_by IS NOT NULL AND (pay_by + 1) BETWEEN %(since)s::date - 1 AND %(now)s::date + 1
    UNION
    SELECT case_id FROM records_remedy
     WHERE pay_by > %(since)s::timestamptz - interval '1 day' AND pay_by <= %(now)s
    UNION
    SELECT l.case_id FROM records_lesson l JOIN records_improvement i ON i.cause_id = l.cause_id
     WHERE i.shipped_at > %(since)s::timestamptz - interval '1 hour' AND i.shipped_at <= %(now)s
    UNION
    SELECT c.id FROM records_erasure e JOIN records_case c ON c.customer_id = e.customer_id
     WHERE e.erased_at > %(since)s::timestamptz - interval '1 hour' AND e.erased_at <= %(now)s
     ORDER BY 1
"""

_ERASED = """
    SELECT c.id FROM records_erasure e JOIN records_case c ON c.customer_id = e.customer_id
     WHERE e.erased_at >= %(since)s
"""

_OPEN = """
    SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                    WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                      AND datname = current_database() AND xact_start <= %s)
"""

_BY_AGE = """
    SELECT id, known_at FROM records_case
     WHERE (known_at, id) > (%s, %s) AND NOT is_canary ORDER BY known_at, id LIMIT %s
"""


def read_place() -> Place | None:
    """Where the counting stands; None before it was begun."""
    place = CountingPlace.objects.filter(name=PLACE).first()
    if place is None:
        return None
    return Place(
        reread_from=place.reread_from,
        upto=place.upto,
        last=last_entry(),
        counted_at=place.counted_at,
        is_open_since=_is_open_since(place.counted_at),
    )


def read_counted_at(name: str) -> datetime | None:
    """When something was counted last; None before it was."""
    return CountingPlace.objects.filter(name=name).values_list("counted_at", flat=True).first()


def _is_open_since(moment: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [moment])
        return bool(cursor.fetchone()[0])


def last_entry() -> int:
    """The number of the last entry on any timeline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM records_timelineentry")
        return int(cursor.fetchone()[0])


def read_touched(*, after: int, upto: int) -> list[int]:
    """The cases that entries after one number, up to another, are about."""
    return [row.id for row in plain.rows(_TOUCHED, _Id, after=after, upto=upto)]


def read_overdue(*, since: datetime, now: datetime) -> list[int]:
    """The cases in which a last day of payment has passed since then, or that were erased."""
    return [row.id for row in plain.rows(_OVERDUE, _Id, since=since, now=now)]


def read_erased(*, since: datetime) -> list[int]:
    """The cases of customers who were erased since then."""
    return [row.id for row in plain.rows(_ERASED, _Id, since=since)]


def by_age(*, chunk: int) -> Iterator[list[int]]:
    """All cases, in chunks of the same time, so that each chunk meets few days."""
    after: tuple[str | datetime, int] = ("-infinity", 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_BY_AGE, [after[0], after[1], chunk])
            rows = cursor.fetchall()
        if not rows:
            return
        yield [row[0] for row in rows]
        after = (rows[-1][1], rows[-1][0])
