"""Promises of logs that were over when they came in: each counts by its number below zero."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.series import Period
from makegood.records.models import PastPromise
from makegood.rules.metrics.past import WHOLE, Past

_DAY = timedelta(days=1)


class _Count(NamedTuple):
    n: int


_BESIDE = """
    SELECT count(*) AS n FROM records_dailycount d, unnest(d.cases) AS s (number)
     WHERE d.metric = %(metric)s AND d.key = '' AND d.day >= %(first)s AND d.day < %(end)s
       AND (%(team)s::bigint IS NULL OR d.team_id = %(team)s) AND s.number < 0
"""


def by_due(*, chunk: int) -> Iterator[list[Past]]:
    """All of them, in chunks of the same time, so that each chunk meets few days."""
    rows = PastPromise.objects.select_related("team__calendar").order_by("due_at", "pk")
    waiting = rows.iterator(chunk_size=chunk)
    while some := [row.facts() for row in islice(waiting, chunk)]:
        yield some


def read_past(period: Period, *, as_of: datetime) -> list[Past]:
    """Those of a period and the one before it that were known at a moment."""
    known = PastPromise.objects.filter(
        recorded_at__lte=as_of,
        due_at__date__range=(period.before - _DAY, period.end + _DAY),
    )
    if period.team is not None:
        known = known.filter(team=period.team)
    return [row.facts() for row in known.select_related("team__calendar")]


def count_beside(period: Period) -> int:
    """How many of them stand in the share of promises kept of a period."""
    given = {"first": period.first, "end": period.end, "team": period.team}
    return plain.rows(_BESIDE, _Count, metric=WHOLE, **given)[0].n
