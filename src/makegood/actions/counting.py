"""Writing what the wall shows: the samples of cases go into the days that they belong to.

A case that is counted again is taken out of its days first, so that counting twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from makegood.records.models import CountedCase, CountingPlace
from makegood.rules.metrics.samples import Sample

Day = tuple[str, date, int, str]


class Subject(Protocol):
    """What samples are of: a case, or a doubt that is of none."""

    @property
    def id(self) -> int:
        """The number by which it is taken out again."""

    @property
    def team(self) -> int:
        """Whose day it belongs to."""

    @property
    def zone(self) -> ZoneInfo:
        """Where that day is."""


Counted = tuple[Subject, Sequence[Sample]]

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('makegood counting'))"
_DAYS = "SELECT DISTINCT unnest(days) FROM records_countedcase WHERE case_id = ANY(%(cases)s)"
_DAYS_BESIDE = """
    SELECT DISTINCT day FROM records_dailycount
     WHERE metric = ANY(%(metrics)s) AND cases && %(cases)s::bigint[]
"""
_GONE = """
    DELETE FROM records_dailycount WHERE day = ANY(%(days)s) AND cases <@ %(cases)s::bigint[]
       AND (%(metrics)s::text[] IS NULL OR metric = ANY(%(metrics)s))
"""
_OUT = """
    UPDATE records_dailycount d
       SET cases = k.cases, values = k.values, n = k.n, known = k.known, total = k.total
      FROM records_dailycount o CROSS JOIN LATERAL (
           SELECT array_agg(c ORDER BY i) AS cases, array_agg(v ORDER BY i) AS values,
                  count(*) AS n, count(v) AS known, coalesce(sum(v), 0) AS total
             FROM unnest(o.cases, o.values) WITH ORDINALITY u (c, v, i)
            WHERE c <> ALL(%(cases)s::bigint[])) k
     WHERE o.id = d.id AND o.day = ANY(%(days)s) AND o.cases && %(cases)s::bigint[]
       AND (%(metrics)s::text[] IS NULL OR o.metric = ANY(%(metrics)s))
"""
_IN = """
    INSERT INTO records_dailycount AS d
           (metric, day, team_id, key, cases, values, n, known, total)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (metric, day, team_id, key) DO UPDATE
       SET cases = d.cases || EXCLUDED.cases, values = d.values || EXCLUDED.values,
           n = d.n + EXCLUDED.n, known = d.known + EXCLUDED.known, total = d.total + EXCLUDED.total
"""


@dataclass(kw_only=True, slots=True)
class Bag:
    """The samples of one metric, day, team and key, as they come together."""

    cases: list[int] = field(default_factory=list)
    values: list[int | None] = field(default_factory=list)


def in_days(counted: Sequence[Counted]) -> dict[Day, Bag]:
    """Samples by their metric, their day in the team's zone, the team and the key."""
    bags: dict[Day, Bag] = defaultdict(Bag)
    for case, samples in counted:
        for sample in samples:
            day = sample.at.astimezone(case.zone).date()
            bag = bags[sample.metric, day, case.team, sample.key]
            bag.cases.append(case.id)
            bag.values.append(sample.value)
    return bags


@transaction.atomic
def write(cases: Sequence[int], counted: Sequence[Counted]) -> None:
    """Take these cases out of their days, and put their samples in; one counting at a time."""
    bags = in_days(counted)
    _replace(_DAYS, {"cases": list(cases), "metrics": None}, bags)
    _remember(cases, bags)


@transaction.atomic
def write_beside(metrics: Sequence[str], counted: Sequence[Counted]) -> None:
    """Put in the samples of what is of no case; their days are looked for.

    Numbers below zero mean another thing in other metrics, which are left alone.
    """
    numbers = [subject.id for subject, _samples in counted]
    _replace(_DAYS_BESIDE, {"cases": numbers, "metrics": list(metrics)}, in_days(counted))


@transaction.atomic
def add(counted: Sequence[Counted]) -> None:
    """Put in the samples of what is of no case and was never counted."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        _put_in(cursor, in_days(counted))


def _replace(where: str, given: dict[str, Any], bags: Mapping[Day, Bag]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(where, given)
        days = [row[0] for row in cursor.fetchall()]
        if days:
            cursor.execute(_GONE, given | {"days": days})
            cursor.execute(_OUT, given | {"days": days})
        _put_in(cursor, bags)


def _put_in(cursor: CursorWrapper, bags: Mapping[Day, Bag]) -> None:
    cursor.executemany(_IN, [_row(day, bags[day]) for day in sorted(bags)])


def _row(day: Day, bag: Bag) -> tuple[Any, ...]:
    known = [value for value in bag.values if value is not None]
    return (*day, bag.cases, bag.values, len(bag.values), len(known), sum(known))


def _remember(cases: Sequence[int], bags: Mapping[Day, Bag]) -> None:
    days: dict[int, set[date]] = {case: set() for case in cases}
    for (_metric, day, _team, _key), bag in bags.items():
        for case in bag.cases:
            days[case].add(day)
    CountedCase.objects.bulk_create(
        [CountedCase(case_id=case, days=sorted(found)) for case, found in days.items()],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["days"],
    )


def move_on(name: str, *, upto: int, reread_from: int, now: datetime) -> None:
    """Note how far the counting has got."""
    CountingPlace.objects.update_or_create(
        name=name, defaults={"upto": upto, "reread_from": reread_from, "counted_at": now}
    )
