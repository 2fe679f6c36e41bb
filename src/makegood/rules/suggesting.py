"""Which date to promise: one that history kept, on a day of work, no later than the next round."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from makegood.rules.calendars import DAY, Calendar, CalendarError, local
from makegood.rules.outlook import Outlook
from makegood.rules.workinghours import day_closes_at

SPARE: Final = timedelta(days=7)
"""How much later than history somebody may promise without being asked why."""

# A longer time without a day of work is no calendar to promise by.
_LONGEST_SHUT: Final = timedelta(days=40)


def suggest(
    found: Outlook, *, calendar: Calendar, next_round: datetime | None, now: datetime
) -> datetime | None:
    """The end of the day of work by which history had eight in ten done, or the next round.

    None where neither is known: then no date is honest.
    """
    kept = found.kept_by[0] if found.kept_by else None
    by = None if kept is None else _end_of_work(max(kept, now), calendar=calendar)
    bounds = [moment for moment in (by, next_round) if moment is not None and moment > now]
    return min(bounds, default=None)


def _end_of_work(moment: datetime, *, calendar: Calendar) -> datetime | None:
    """When the first day of work ends that does not end before a moment."""
    day = local(moment, zone=calendar.zone).date()
    try:
        for ahead in range(_LONGEST_SHUT // DAY):
            closes = day_closes_at(day + ahead * DAY, calendar=calendar)
            if closes is not None and closes >= moment:
                return closes
    except CalendarError:
        return None
    return None


class DateDoubt(StrEnum):
    """Why a date that somebody is about to promise should be thought over."""

    AFTER_ROUND = "after_round"
    SOON = "soon"
    LATE = "late"


def doubt(
    due_at: datetime,
    kept_by: Sequence[datetime | None],
    *,
    next_round: datetime | None,
) -> DateDoubt | None:
    """What is to be said against a date; a customer whom a round serves waits for no other one.

    :param kept_by: by when history had 8, and 9, of ten like this done.
    """
    if next_round is not None and due_at > next_round:
        return DateDoubt.AFTER_ROUND
    eighty, ninety = (*kept_by, None, None)[:2]
    if eighty is not None and due_at < eighty and (next_round is None or due_at < next_round):
        return DateDoubt.SOON
    return DateDoubt.LATE if ninety is not None and due_at > ninety + SPARE else None
