"""Due times: an amount of time added to a moment on a working calendar, with a trace to check it.

Minutes and hours are sums in UTC. Days and weeks keep the local wall time, so across a clock
change a day has 23 or 25 hours. Working units pass only while the calendar is open; a request
outside opening hours counts as made at the next opening.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from makegood.rules.amounts import DAYS_EACH, MINUTES_EACH, Amount, AmountError, Unit, parse_amount
from makegood.rules.calendars import (
    DAY,
    Calendar,
    CalendarError,
    CalendarRunsOutError,
    Interval,
    Window,
    always_open,
    at_wall_time,
    local,
    open_windows,
    runs_out_within,
    to_utc,
    windows_of,
)
from makegood.rules.duetrace import explain

__all__ = [
    "Amount",
    "AmountError",
    "Calendar",
    "CalendarError",
    "CalendarRunsOutError",
    "Computed",
    "Interval",
    "Unit",
    "add",
    "always_open",
    "closing_after",
    "day_closes_at",
    "day_opens_at",
    "due_after",
    "is_open",
    "next_opening",
    "open_time_between",
    "parse_amount",
    "runs_out_within",
]

_INSTANT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """A due time in UTC and, step by step in plain sentences, how it came about."""

    due_at: datetime
    trace: tuple[str, ...]


def add(start: datetime, amount: Amount, *, calendar: Calendar) -> Computed:
    """The moment that lies an amount after `start`. Due at closing time means by closing time.

    :raises CalendarRunsOutError: if counting passes the calendar's last known day.
    :raises CalendarError: if the moment has no offset or an impossible year.
    """
    start = to_utc(start)
    due_at = due_after(start, amount, calendar=calendar)
    return Computed(due_at=due_at, trace=explain(start, amount, due_at=due_at, calendar=calendar))


def due_after(start: datetime, amount: Amount, *, calendar: Calendar) -> datetime:
    """The due time of `add` in UTC, without its trace: for computing very many.

    :raises CalendarRunsOutError: if counting passes the calendar's last known day.
    :raises CalendarError: if the moment has no offset or an impossible year.
    """
    start = to_utc(start)
    if amount.unit is Unit.WORKING_DAYS:
        return _after_working_days(start, amount.quantity, calendar=calendar)
    if amount.unit in DAYS_EACH:
        return _after_days(start, amount.quantity * DAYS_EACH[amount.unit], zone=calendar.zone)
    span = timedelta(minutes=amount.quantity * MINUTES_EACH[amount.unit])
    if not amount.unit.is_working:
        return start + span
    return _after_open_time(start, span, calendar=calendar)


def _after_days(start: datetime, days: int, *, zone: ZoneInfo) -> datetime:
    wall = local(start, zone=zone).replace(tzinfo=None)
    return at_wall_time(wall + timedelta(days=days), zone=zone)


def _after_open_time(start: datetime, span: timedelta, *, calendar: Calendar) -> datetime:
    for _, window in open_windows(calendar, since=start):
        opens = max(window.opens, start)
        if opens + span <= window.closes:
            return opens + span
        span -= window.closes - opens
    raise AssertionError  # open_windows never ends quietly without `until`


def _after_working_days(start: datetime, days: int, *, calendar: Calendar) -> datetime:
    day, window = next(open_windows(calendar, since=start))
    wall = local(max(window.opens, start), zone=calendar.zone).replace(tzinfo=None)
    target = day
    for _ in range(days):
        target = _next_working_day(target, calendar=calendar)
    moved = at_wall_time(wall + (target - day), zone=calendar.zone)
    return _within_hours(moved, windows_of(target, calendar=calendar))


def _next_working_day(day: date, *, calendar: Calendar) -> date:
    day += DAY
    while not windows_of(day, calendar=calendar):
        day += DAY
    return day


def _within_hours(moment: datetime, windows: tuple[Window, ...]) -> datetime:
    for window in windows:
        if moment <= window.closes:
            return max(moment, window.opens)
    return windows[-1].closes


def is_open(moment: datetime, *, calendar: Calendar) -> bool:
    """True while the calendar is open: at the opening minute yes, at the closing minute no.

    :raises CalendarRunsOutError: if the moment lies after the calendar's last known day.
    """
    moment = to_utc(moment)
    return any(open_windows(calendar, since=moment, until=moment + _INSTANT))


def next_opening(moment: datetime, *, calendar: Calendar) -> datetime:
    """The first open moment, in UTC, at or after this one; this one itself if it is open.

    :raises CalendarRunsOutError: if the calendar does not open again as far as it is known.
    """
    moment = to_utc(moment)
    _, window = next(open_windows(calendar, since=moment))
    return max(window.opens, moment)


def closing_after(moment: datetime, *, calendar: Calendar) -> datetime | None:
    """When the open time at (or, if closed, next after) this moment ends; None if it never does.

    Hours that go on past midnight count as one. Open for a week on end means always open.

    :raises CalendarRunsOutError: if the calendar is not known that far.
    """
    moment = to_utc(moment)
    closes: datetime | None = None
    for _, window in open_windows(calendar, since=moment):
        if closes is not None and window.opens > closes:
            return closes
        closes = window.closes
        if closes - moment > 8 * DAY:
            return None
    raise AssertionError  # open_windows never ends quietly without `until`


def day_opens_at(day: date, *, calendar: Calendar) -> datetime | None:
    """When a day opens, in UTC; None if it is no working day.

    :raises CalendarRunsOutError: if the day lies after the calendar's last known day.
    """
    windows = windows_of(day, calendar=calendar)
    return windows[0].opens if windows else None


def day_closes_at(day: date, *, calendar: Calendar) -> datetime | None:
    """When a day closes for good, in UTC; None if it is no working day.

    :raises CalendarRunsOutError: if the day lies after the calendar's last known day.
    """
    windows = windows_of(day, calendar=calendar)
    return windows[-1].closes if windows else None


def open_time_between(start: datetime, end: datetime, *, calendar: Calendar) -> timedelta:
    """How long the calendar is open from `start` up to `end`.

    :raises CalendarRunsOutError: if the calendar is not known until `end`.
    :raises CalendarError: if `end` lies before `start`.
    """
    start, end = (to_utc(moment) for moment in (start, end))
    if end < start:
        raise CalendarError(f"The end {end} lies before the start {start}; swap them.")
    return sum(
        (
            min(window.closes, end) - max(window.opens, start)
            for _, window in open_windows(calendar, since=start, until=end)
        ),
        start=timedelta(),
    )
