"""Whether the wall shows what its cases say: every sample that was counted, counted anew."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from makegood.queries import plain
from makegood.queries.metrics.facts import read_facts
from makegood.queries.metrics.touched import (
    Place,
    by_age,
    read_erased,
    read_place,
    read_touched,
)
from makegood.rules.metrics import past
from makegood.rules.metrics.counting import count
from makegood.rules.metrics.facts import Case
from makegood.rules.promises import Speaker

_CHUNK = 500
_COUNTED_PAST = {
    "metrics": list(past.COUNTS_IN),
    "whole": past.WHOLE,
    "speaker": f"{Speaker.LOG.value}:",
}

Day = tuple[str, date, int, str, int | None]


class _Sample(NamedTuple):
    case: int
    metric: str
    day: date
    team: int
    key: str
    value: int | None


class _Past(NamedTuple):
    id: int


class _Sum(NamedTuple):
    metric: str
    day: date


_STORED = """
    SELECT s.number AS case, d.metric, d.day, d.team_id AS team, d.key, s.value
      FROM records_dailycount d
      JOIN (SELECT DISTINCT unnest(days) AS day FROM records_countedcase
             WHERE case_id = ANY(%(cases)s::bigint[])) k ON k.day = d.day
      CROSS JOIN LATERAL unnest(d.cases, d.values) AS s (number, value)
     WHERE d.cases && %(cases)s::bigint[] AND s.number = ANY(%(cases)s::bigint[])
"""
_SUMS = """
    SELECT metric, day FROM records_dailycount d
      CROSS JOIN LATERAL (SELECT count(v) AS known, coalesce(sum(v), 0) AS total
                            FROM unnest(d.values) v) s
     WHERE s.known <> d.known OR s.total <> d.total
"""
# Each once in its share and once among who gives words, on its day and of its team.
_PAST = """
    WITH counted AS (
        SELECT d.metric, -s.number AS id, count(*) AS times, min(d.day) AS day,
               min(d.team_id) AS team, min(d.key) AS key, min(s.value) AS value
          FROM records_dailycount d
         CROSS JOIN LATERAL unnest(d.cases, d.values) AS s (number, value)
         WHERE d.metric = ANY(%(metrics)s) AND s.number < 0
         GROUP BY d.metric, s.number),
    said AS (
        SELECT m.metric, p.id, (p.due_at AT TIME ZONE k.zone)::date AS day, p.team_id AS team,
               CASE WHEN m.metric = %(whole)s THEN '' ELSE %(speaker)s || p.log END AS key,
               (p.done_at <= p.due_at)::int AS value
          FROM records_pastpromise p
          JOIN records_team t ON t.id = p.team_id
          JOIN records_workingcalendar k ON k.id = t.calendar_id
         CROSS JOIN unnest(%(metrics)s::text[]) AS m (metric))
    SELECT DISTINCT coalesce(p.id, c.id) AS id
      FROM said p FULL JOIN counted c ON c.metric = p.metric AND c.id = p.id
     WHERE c.times IS DISTINCT FROM 1
        OR (c.day, c.team, c.key, c.value) IS DISTINCT FROM (p.day, p.team, p.key, p.value)
     ORDER BY 1
"""


def find() -> Iterator[tuple[str, str]]:
    """Where the wall differs from what its cases come to; nothing before it was first counted.

    A case in which something has happened since the last round began is left to the next one,
    which may be counting it just now.
    """
    for row in plain.rows(_SUMS, _Sum):
        yield f"{row.metric} on {row.day}", "its sum is not that of its values"
    place = read_place()
    if place is None:
        return
    for one in plain.rows(_PAST, _Past, **_COUNTED_PAST):
        yield f"past promise {one.id}", "the wall counts it otherwise than its log says"
    changed = set(read_touched(after=place.reread_from, upto=place.last))
    changed |= set(read_erased(since=place.counted_at))
    for chunk in by_age(chunk=_CHUNK):
        yield from _differing([case for case in chunk if case not in changed], place)


def _differing(cases: Sequence[int], place: Place) -> Iterator[tuple[str, str]]:
    stored: dict[int, Counter[Day]] = defaultdict(Counter)
    for row in plain.rows(_STORED, _Sample, cases=list(cases)):
        stored[row.case][row.metric, row.day, row.team, row.key, row.value] += 1
    facts = {case.id: case for case in read_facts(cases, as_of=place.counted_at)}
    for case in cases:
        if stored[case] != (_expected(facts[case]) if case in facts else Counter()):
            yield f"case {case}", "the wall counts it otherwise than its facts say"


def _expected(case: Case) -> "Counter[Day]":
    return Counter(
        (sample.metric, sample.at.astimezone(case.zone).date(), case.team, sample.key, sample.value)
        for sample in count(case)
    )
