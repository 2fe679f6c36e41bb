"""One change: what it is, how often its cause struck before and after, and who was told of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from makegood.queries import plain, when
from makegood.queries.when import When
from makegood.records.models import Improvement, Staff
from makegood.rules import learning, roles
from makegood.rules.learning import WEEKS_AFTER, WEEKS_BEFORE, Watched
from makegood.rules.metrics.control import Count
from makegood.rules.roles import Right

SHOWN = 100
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """One week: of all cases of it whose cause is known, how many had this one."""

    first: date
    hits: int
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A case that the change came from, and whether its customer was told."""

    reference: str
    title: str
    customer: str
    at: When | None
    why_not: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImprovementPage:
    """The page. `since` are the weeks from when it shipped, else none."""

    id: int
    title: str
    what: str
    cause: str
    owner: str
    due_on: date | None
    begun: When
    begun_by: str
    shipped: When | None
    shipped_by: str
    dropped: str
    before: tuple[Week, ...]
    since: tuple[Week, ...]
    watched: Watched
    told: tuple[Told, ...]
    to_tell: int
    is_telling: bool
    may_change: bool


class _Week(NamedTuple):
    week: int
    hits: int
    n: int


class _Told(NamedTuple):
    reference: str
    title: str
    customer: str
    at: datetime | None
    why_not: str
    waits: bool


# Only cases whose cause is known: else the newest weeks, not looked into yet, would look better.
_WEEKS = """
    SELECT floor(extract(epoch FROM c.known_at - %(pivot)s) / 604800)::int AS week,
           count(*) FILTER (WHERE l.cause_id = %(cause)s) AS hits, count(*) AS n
      FROM records_lesson l JOIN records_case c ON c.id = l.case_id
     WHERE l.cause_id IS NOT NULL AND NOT c.is_canary AND c.known_at >= %(start)s
       AND c.known_at < %(end)s AND c.known_at <= %(now)s
     GROUP BY 1
"""
_TOLD = """
    SELECT c.reference, c.title, u.name AS customer,
           CASE WHEN t.letter_id IS NOT NULL THEN t.at END AS at,
           coalesce(t.why_not, '') AS why_not,
           t.id IS NULL AND c.known_at <= %(shipped)s AS waits
      FROM records_lesson l JOIN records_case c ON c.id = l.case_id
      JOIN records_customer u ON u.id = c.customer_id
      LEFT JOIN records_changetold t ON t.case_id = c.id AND t.improvement_id = %(change)s
     WHERE l.cause_id = %(cause)s ORDER BY c.known_at DESC, c.id DESC
"""


def get_improvement(number: int, *, reader: Staff, now: datetime) -> ImprovementPage:
    """The page of one change; three queries.

    :raises Improvement.DoesNotExist: if there is none.
    """
    related = ("cause", "owner", "begun_by", "shipped_by")
    row = Improvement.objects.select_related(*related).get(pk=number)
    zone = ZoneInfo(reader.zone)
    before, since = _weeks(row, now=now, zone=zone)
    shipped = row.shipped_at
    told = plain.rows(_TOLD, _Told, cause=row.cause_id, change=row.pk, shipped=shipped)
    return ImprovementPage(
        id=row.pk,
        title=row.title,
        what=row.what,
        cause=row.cause.name,
        owner=row.owner.name,
        due_on=row.due_on,
        begun=when.at(row.begun_at, now=now, zone=zone),
        begun_by=row.begun_by.name,
        shipped=when.at(shipped, now=now, zone=zone) if shipped else None,
        shipped_by=row.shipped_by.name if row.shipped_by else "",
        dropped=row.dropped_why,
        before=before,
        since=since,
        watched=_watched(before, since, shipped=shipped is not None),
        told=tuple(_told(one, now=now, zone=zone) for one in told[:SHOWN]),
        to_tell=sum(bool(one.waits) for one in told),
        is_telling=row.tell_at is not None,
        may_change=row.owner_id == reader.pk or roles.has(reader.role, Right.IMPROVE),
    )


def _watched(before: tuple[Week, ...], since: tuple[Week, ...], *, shipped: bool) -> Watched:
    counts = [[Count(hits=week.hits, n=week.n) for week in weeks] for weeks in (before, since)]
    return learning.watch(counts[0], counts[1], shipped=shipped)


def _weeks(
    row: Improvement, *, now: datetime, zone: ZoneInfo
) -> tuple[tuple[Week, ...], tuple[Week, ...]]:
    """The weeks before it shipped, and since; a week that is not over yet says nothing."""
    pivot = row.shipped_at or now
    whole = min((now - pivot) // WEEK, WEEKS_AFTER)
    found = {
        week.week: week
        for week in plain.rows(
            _WEEKS,
            _Week,
            cause=row.cause_id,
            pivot=pivot,
            start=pivot - WEEKS_BEFORE * WEEK,
            end=pivot + whole * WEEK,
            now=now,
        )
    }

    def week(number: int) -> Week:
        first = (pivot + number * WEEK).astimezone(zone).date()
        known = found.get(number)
        return Week(first=first, hits=known.hits if known else 0, n=known.n if known else 0)

    return (
        tuple(week(number) for number in range(-WEEKS_BEFORE, 0)),
        tuple(week(number) for number in range(whole)),
    )


def _told(one: _Told, *, now: datetime, zone: ZoneInfo) -> Told:
    return Told(
        reference=one.reference,
        title=one.title,
        customer=one.customer,
        at=when.at(one.at, now=now, zone=zone) if one.at else None,
        why_not=one.why_not,
    )
