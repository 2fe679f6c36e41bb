"""Storing working calendars. Promises already made keep the calendar they were made under."""

from datetime import datetime

from django.db import transaction

from makegood.actions import day_end
from makegood.records.models import Holiday, Team, WorkingCalendar
from makegood.rules.calendars import Calendar


@transaction.atomic
def store_calendar(calendar: Calendar, *, now: datetime) -> WorkingCalendar:
    """Store a calendar under its name, or replace the one of that name.

    The next day end of every team that uses it is computed anew.
    """
    plain = {
        "zone": calendar.zone.key,
        "week": [[[span.opens, span.closes] for span in day] for day in calendar.week],
        "known_until": calendar.known_until,
    }
    record, _ = WorkingCalendar.objects.update_or_create(name=calendar.name, defaults=plain)
    record.holidays.all().delete()
    Holiday.objects.bulk_create(
        Holiday(calendar=record, day=day, name=name) for day, name in calendar.holidays.items()
    )
    for team in Team.objects.filter(calendar=record):
        day_end.schedule(team, now=now)
    return record
