"""Rounds for pages: when they come, why a day was moved, how each went, and what is out today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.language import moments
from makegood.queries.settings import wording
from makegood.records.models import RoundRun, Staff
from makegood.rules import roles, rounds
from makegood.rules.roles import Right
from makegood.rules.rounds import Came, Plan

AHEAD: Final = 10
PAST: Final = 10
OUT_MAX: Final = 40
# Who comes home late may still report what was done yesterday.
_REPORTED_LATER: Final = timedelta(hours=36)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """One day on which a round comes; `why` says what moved it from `planned`."""

    day: str
    hours: str
    planned: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRow:
    """One day of a round as it went."""

    id: int
    round: str
    service: str
    day: str
    hours: str
    why: str
    came: str
    is_silent: bool
    is_missed: bool
    is_open: bool
    reported_by: str
    note: str
    incident: str
    areas: tuple[str, ...]
    stops: tuple[tuple[int, str], ...]


def preview(plan: Plan, *, now: datetime) -> tuple[Coming, ...]:
    """The next ten days of a plan, in words.

    :raises RoundError: if its rule cannot be followed.
    :raises CalendarError: if its calendar cannot tell where it moves to.
    """
    rounds.check(plan)
    zone = plan.calendar.zone
    return tuple(
        Coming(
            day=wording.day(turn.day),
            hours=_hours(turn.opens_at, turn.closes_at, zone=zone),
            planned=wording.day(turn.planned) if turn.is_moved else "",
            why=", ".join(turn.moved_by) if turn.is_moved else "",
        )
        for turn in rounds.next_turns(plan, since=now, most=AHEAD)
    )


def runs_of(round_id: int) -> tuple[RunRow, ...]:
    """The last days of a round as they went, and the next one."""
    rows = _runs().filter(round=round_id).order_by("-opens_at")[:PAST]
    return tuple(_run_row(row) for row in rows)


def out_today(reader: Staff, *, now: datetime) -> tuple[RunRow, ...]:
    """The rounds that are somebody's to report: begun, and not reported by anybody yet.

    Those of their crews; who plans visits sees also those that are of no crew.
    """
    mine = Q(round__crew__members=reader)
    if roles.has(reader.role, Right.PLAN_VISITS):
        mine |= Q(round__crew=None)
    rows = (
        _runs()
        .filter(mine, opens_at__lte=now, reported_at=None, closes_at__gt=now - _REPORTED_LATER)
        .distinct()
        .order_by("opens_at", "pk")
        .prefetch_related("round__stops__asset__customer")
    )
    return tuple(_run_row(row, with_stops=True) for row in rows[:OUT_MAX])


def find_run(run_id: int) -> RoundRun | None:
    """One day of a round."""
    return _runs().filter(pk=run_id).first()


def is_of(run: RoundRun, *, person: Staff) -> bool:
    """Whether somebody may report a day of a round."""
    crew = run.round.crew
    is_member = crew is not None and crew.members.filter(pk=person.pk).exists()
    return is_member or roles.has(person.role, Right.PLAN_VISITS)


def _runs() -> QuerySet[RoundRun]:
    return RoundRun.objects.select_related(
        "round__service", "round__calendar", "round__crew", "reported_by", "incident"
    )


def _run_row(row: RoundRun, *, with_stops: bool = False) -> RunRow:
    zone = ZoneInfo(row.round.calendar.zone)
    stops = row.round.stops.all() if with_stops else ()
    return RunRow(
        id=row.pk,
        round=row.round.name,
        service=row.round.service.name,
        day=wording.day(row.opens_at.astimezone(zone).date()),
        hours=_hours(row.opens_at, row.closes_at, zone=zone),
        why=row.moved_by,
        came=_came(row),
        is_silent=row.by_silence,
        is_missed=row.outcome in {Came.MISSED.value, Came.PART.value},
        is_open=row.outcome is None,
        reported_by=row.reported_by.name if row.reported_by else "",
        note=row.note,
        incident=row.incident.reference if row.incident else "",
        areas=tuple(row.round.areas),
        stops=tuple(
            (stop.pk, f"{stop.asset.customer.name}, {stop.asset.place or stop.asset.name}")
            for stop in sorted(stops, key=lambda stop: stop.place)
        ),
    )


def _came(row: RoundRun) -> str:
    if row.outcome is None:
        return _("planned")
    if row.outcome == Came.DONE:
        return _("done")
    if row.outcome == Came.PART:
        return _("done in part")
    return _("missed")


def _hours(opens_at: datetime, closes_at: datetime, *, zone: ZoneInfo) -> str:
    values = {
        "opens": moments.clock_in_words(opens_at, zone=zone),
        "closes": moments.clock_in_words(closes_at, zone=zone),
    }
    return _("%(opens)s to %(closes)s") % values
