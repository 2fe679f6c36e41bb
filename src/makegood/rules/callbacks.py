"""When a customer can be called back: windows of at most an hour, while the office is open.

Calls that are promised once more are spread over those windows: nobody is given more calls in one
than they can make, and a part of each is left for what is more severe.
"""

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
from makegood.rules.severity import Severity

LONGEST: Final = timedelta(hours=1)
SHORTEST: Final = timedelta(minutes=30)
NOTICE: Final = timedelta(minutes=15)
MESSAGE_BEFORE: Final = timedelta(minutes=10)
DAYS: Final = 3
AT_MOST: Final = 24
A_CALL: Final = timedelta(minutes=10)
AGAIN_DAYS: Final = 10
AGAIN_AT_MOST: Final = 120


def call_windows(
    calendar: Calendar, *, now: datetime, days: int = DAYS, at_most: int = AT_MOST
) -> tuple[Window, ...]:
    """The windows of the next days that open, today included while there is time.

    Each lasts an hour, or what is left before closing if that is half an hour or more, and opens
    a quarter of an hour from now at the earliest. Where the calendar is not known far enough, it
    ends there; it may be empty.
    """
    found: list[Window] = []
    seen: set[date] = set()
    for window in _known(calendar, since=now):
        pieces = [piece for piece in _pieces(window) if piece.opens >= now + NOTICE]
        if pieces:
            seen.add(local(window.opens, zone=calendar.zone).date())
        if len(seen) > days:
            break
        found += pieces
        if len(found) >= at_most:
            break
    return tuple(found[:at_most])


def windows_again(calendar: Calendar, *, now: datetime) -> tuple[Window, ...]:
    """The windows over which calls are spread that nobody made: of two weeks that are worked.

    News is promised beside a call that comes later than news would, so that nobody waits in
    silence for it.
    """
    return call_windows(calendar, now=now, days=AGAIN_DAYS, at_most=AGAIN_AT_MOST)


def room_for(severity: Severity, *, window: Window) -> int:
    """How many calls one person may have promised in a window before one of this severity.

    A third of it is kept from what is less severe, so that what is urgent is not called last only
    since it was missed last.
    """
    calls = max(1, (window.closes - window.opens) // A_CALL)
    return calls if severity <= Severity.P2 else max(1, calls * 2 // 3)


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
