"""Calendars and moments that the tests of the rules share."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from makegood.rules.workinghours import Calendar, Interval, add, parse_amount

BERLIN = ZoneInfo("Europe/Berlin")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
HAVANA = ZoneInfo("America/Havana")


def hours(*pairs):
    return tuple(Interval(opens=opens * 60, closes=closes * 60) for opens, closes in pairs)


def office(*, day=((9, 17),), **changes):
    """An office in Berlin, open from Monday to Friday in the given hours, unless changed."""
    values = {
        "name": "office",
        "zone": BERLIN,
        "week": (hours(*day),) * 5 + ((), ()),
        "known_until": date(2030, 12, 31),
    }
    return Calendar(**values | changes)


def at(text, *, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def due(text, amount, *, calendar):
    """The due time on the calendar's own wall clock, as text."""
    start = at(text, zone=calendar.zone)
    shown = add(start, parse_amount(amount), calendar=calendar).due_at.astimezone(calendar.zone)
    return shown.isoformat(timespec="minutes")[:16].replace("T", " ")
