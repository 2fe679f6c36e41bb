"""Promises of logs that were over when they came in: each counts by its number below zero."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period
from makegood.records.models import PastPromise
from makegood.rules.metrics.past import WHOLE, Past


class Due(NamedTuple):
    """How many of a day were kept, or were not."""

    day: date
    value: int
    n: int


class _Count(NamedTuple):
    n: int


_BESIDE = """
    SELECT count(*) AS n FROM records_dailycount d, unnest(d.cases) AS s (number)
     WHERE d.metric = %(metric)s AND d.key = '' AND d.day >= %(first)s AND d.day < %(end)s
       AND (%(team)s::bigint IS NULL OR d.team_id = %(team)s) AND s.number < 0
"""
_KNOWN = """
    SELECT d.day, d.value, count(*) AS n
      FROM (SELECT (p.due_at AT TIME ZONE k.zone)::date AS day,
                   (p.done_at <= p.due_at)::int AS value
              FROM records_pastpromise p
              JOIN records_team t ON t.id = p.team_id
              JOIN records_workingcalendar k ON k.id = t.calendar_id
             WHERE p.recorded_at <= %(as_of)s
               AND (%(team)s::bigint IS NULL OR p.team_id = %(team)s)) d
     WHERE d.day >= %(before)s AND d.day < %(end)s
     GROUP BY d.day, d.value
"""


def by_due(*, chunk: int) -> Iterator[list[Past]]:
    """All of them, in chunks of the same time, so that each chunk meets few days."""
    rows = PastPromise.objects.select_related("team__calendar").order_by("due_at", "pk")
    waiting = rows.iterator(chunk_size=chunk)
    while some := [row.facts() for row in islice(waiting, chunk)]:
        yield some


def read_past(period: Period, *, as_of: datetime) -> list[Due]:
    """Those of a period and the one before it that were known at a moment, by their days."""
    given = {"before": period.before, "end": period.end, "team": period.team}
    return plain.rows(_KNOWN, Due, as_of=as_of, **given)


def count_beside(period: Period) -> int:
    """How many of them stand in the share of promises kept of a period."""
    given = {"first": period.first, "end": period.end, "team": period.team}
    return plain.rows(_BESIDE, _Count, metric=WHOLE, **given)[0].n
