"""Moments in words, as one renderer for page, mail and promise: in full, in the reader's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """A moment as "17:00 on Friday 6 June 2026", in the zone's wall time.

    Spelled out here rather than by the locale of the machine, which may differ between two
    processes that must say the same.
    """
    return f"{moment.astimezone(zone):%H:%M} on {day_in_words(moment, zone=zone)}"


def day_in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """The local day of a moment as "Friday 6 June 2026"."""
    wall = moment.astimezone(zone)
    return f"{_DAYS[wall.weekday()]} {wall.day} {_MONTHS[wall.month - 1]} {wall.year}"
