"""When a customer can be called back: windows of at most an hour, while the office is open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from makegood.rules.calendars import (
    Calendar,
    CalendarRunsOutError,
    Window,
    local,
    open_windows,
)

LONGEST: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=30)
NOTICE: Final = timedelta(minutes=15)
MESSAGE_BEFORE: Final = timedelta(minutes=10)
DAYS: Final = 3
AT_MOST: Final = 24


def call_windows(calendar: Calendar, *, now: datetime) -> tuple[Window, ...]:
    """The windows of the next three days that open, today included while there is time.

    Each lasts an hour, or what is left before closing if that is half an hour or more, and opens
    a quarter of an hour from now at the earliest. Where the calendar is not known far enough, it
    ends there; it may be empty.
    """
    found: list[Window] = []
    days: set[date] = set()
    for window in _known(calendar, since=now):
        pieces = [piece for piece in _pieces(window) if piece.opens >= now + NOTICE]
        if pieces:
            days.add(local(window.opens, zone=calendar.zone).date())
        if len(days) > DAYS:
            break
        found += pieces
        if len(found) >= AT_MOST:
            break
    return tuple(found[:AT_MOST])


def message_at(opens: datetime | None, *, now: datetime) -> datetime | None:
    """When the customer is sent a message that a call comes, so that they answer it.

    None for a call without a window, and for one that was recorded when it had opened.
    """
    if opens is None or opens <= now:
        return None
    return max(opens - MESSAGE_BEFORE, now)


def _known(calendar: Calendar, *, since: datetime) -> Iterator[Window]:
    try:
        for _day, window in open_windows(calendar, since=since):
            yield window
    except CalendarRunsOutError:
        return


def _pieces(window: Window) -> Iterator[Window]:
    opens = window.opens
    while window.closes - opens >= SHORTEST:
        closes = min(opens + LONGEST, window.closes)
        yield Window(opens=opens, closes=closes)
        opens = closes
