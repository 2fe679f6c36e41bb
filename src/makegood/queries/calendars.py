"""The working calendars that the desk keeps, by name."""

from makegood.records.models import WorkingCalendar
from makegood.rules.calendars import Calendar


def get_calendar(name: str) -> Calendar:
    """A calendar of the desk, whatever the case of its name.

    :raises WorkingCalendar.DoesNotExist: if the desk has none of that name.
    """
    return WorkingCalendar.objects.get(name__iexact=name).facts()
