"""Storing working calendars. Promises already made keep the calendar they were made under."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.db import transaction

from makegood.actions import changes, day_end, rounds
from makegood.actions.changes import Editor, FieldError, Keeper, SettingsError
from makegood.records import crew_times
from makegood.records.models import Holiday, Team, Thing, WorkingCalendar
from makegood.records.settings_facts import Facts
from makegood.rules import calendars
from makegood.rules.calendars import Calendar, CalendarError


@transaction.atomic
def store_calendar(calendar: Calendar, *, now: datetime) -> WorkingCalendar:
    """Store a calendar under its name, or replace the one of that name.

    The next day end of every team that uses it is computed anew.
    """
    found = WorkingCalendar.objects.filter(name=calendar.name).first()
    facts = {
        "name": calendar.name,
        "zone": calendar.zone.key,
        "week": [[[span.opens, span.closes] for span in day] for day in calendar.week],
        "holidays": {day.isoformat(): name for day, name in calendar.holidays.items()},
        "extra": {},
        "holiday_code": "",
        "known_until": calendar.known_until.isoformat(),
    }
    key = str(found.pk) if found else None
    stored = changes.keep(CALENDARS, key, facts, editor=Editor(by=None, now=now))
    return WorkingCalendar.objects.get(pk=stored)


def _write(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise SettingsError("A calendar is never deleted: promises were counted on it.")
    if WorkingCalendar.objects.filter(name__iexact=facts["name"]).exclude(pk=key or 0).exists():
        raise FieldError(
            "name", f"There is a calendar {facts['name']} already; choose another name."
        )
    try:
        calendars.from_plain({**facts, "holidays": {**facts["holidays"], **facts["extra"]}})
    except CalendarError as wrong:
        raise SettingsError(str(wrong)) from wrong
    row = WorkingCalendar.objects.get(pk=key) if key else WorkingCalendar()
    row.name, row.zone, row.week = facts["name"], facts["zone"], facts["week"]
    row.holiday_code = facts["holiday_code"]
    row.known_until = date.fromisoformat(facts["known_until"])
    row.save()
    _replace_holidays(row, facts["holidays"], facts["extra"])
    _look_at_crews(row, now=now)
    for team in Team.objects.filter(calendar=row):
        day_end.schedule(team, now=now)
    rounds.plan_ahead_on(row, now=now)
    return str(row.pk)


def _look_at_crews(row: WorkingCalendar, *, now: datetime) -> None:
    """Its crews may not be able any more to keep what they hold."""
    crew_times.lock(row.crews.all())
    row.crews.update(look_at=now)


def _replace_holidays(
    row: WorkingCalendar, public: Mapping[str, str], extra: Mapping[str, str]
) -> None:
    """A day of the company's own that is a public holiday too stands once, under its own name."""
    row.holidays.all().delete()
    named = {day: (name, False) for day, name in public.items()}
    named |= {day: (name, True) for day, name in extra.items()}
    Holiday.objects.bulk_create(
        Holiday(calendar=row, day=date.fromisoformat(day), name=name, is_extra=is_extra)
        for day, (name, is_extra) in named.items()
    )


CALENDARS: Final = Keeper(thing=Thing.CALENDAR, write=_write)
