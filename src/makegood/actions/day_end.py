"""The end of the working day: what will break tonight is looked through while people are there.

Half an hour before a team's office closes, its lead is told of every open promise that falls due
before the office opens again (requirement R39).
"""

from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import escalation
from makegood.actions.telling import Rosters
from makegood.records.models import Promise, Team
from makegood.rules import workinghours
from makegood.rules.calendars import Calendar, CalendarRunsOutError

BEFORE_CLOSING = timedelta(minutes=30)
RETRY = timedelta(minutes=5)


def due(*, now: datetime) -> list[int]:
    """The teams whose hour has come."""
    teams = Team.objects.filter(day_end_at__lte=now).order_by("day_end_at")
    return list(teams.values_list("pk", flat=True))


@transaction.atomic
def look_through(team_id: int, *, now: datetime) -> None:
    """Look through the rest of a team's day, unless somebody else is doing so."""
    team = (
        Team.objects.filter(pk=team_id, day_end_at__lte=now)
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if team is not None:
        tonight = _due_tonight(team, now=now)
        escalation.speak_of_tonight(tonight, rosters=Rosters(now=now))
        schedule(team, now=now)


def postpone(team_id: int, *, now: datetime) -> None:
    """Try again in a few minutes, after it failed."""
    Team.objects.filter(pk=team_id).update(day_end_at=now + RETRY)


@transaction.atomic
def schedule(team: Team, *, now: datetime) -> None:
    """Set a team's next day end; none while its calendar does not know one."""
    team.day_end_at = next_day_end(team.calendar.facts(), now=now)
    team.save(update_fields=["day_end_at"])


def next_day_end(calendar: Calendar, *, now: datetime) -> datetime | None:
    """The next moment after `now` that is half an hour before the office closes for the day."""
    probe = now
    try:
        for _ in range(32):
            opens = workinghours.next_opening(probe, calendar=calendar)
            day = opens.astimezone(calendar.zone).date()
            closes = workinghours.day_closes_at(day, calendar=calendar)
            if closes is not None and closes - BEFORE_CLOSING > now:
                return closes - BEFORE_CLOSING
            probe = max(closes or opens, probe + timedelta(minutes=1))
    except CalendarRunsOutError:
        return None
    return None


def _due_tonight(team: Team, *, now: datetime) -> list[int]:
    calendar = team.calendar.facts()
    try:
        closes = workinghours.closing_after(now, calendar=calendar)
        opens = workinghours.next_opening(closes, calendar=calendar) if closes else now
    except CalendarRunsOutError:
        opens = now + timedelta(days=1)
    return list(
        Promise.objects.still_open()
        .filter(case__team=team, case__is_canary=False, due_at__gt=now, due_at__lt=opens)
        .order_by("severity", "due_at")
        .values_list("pk", flat=True)
    )
