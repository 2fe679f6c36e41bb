"""Calendar time in whole days: so many working days after a day, or between two days."""

import calendar as months_of
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from makegood.rules.calendars import Calendar, CalendarRunsOutError

DAY: Final = timedelta(days=1)
MOST: Final = 4_000
UNITS: Final = ("calendar days", "working days", "weeks", "months", "years")


def is_working(day: date, *, calendar: Calendar) -> bool:
    """True on a day that the calendar is open.

    :raises CalendarRunsOutError: if the calendar does not know that day's holidays.
    """
    if not calendar.known_from <= day <= calendar.known_until:
        raise CalendarRunsOutError(
            f"Calendar {calendar.name} knows its holidays from {calendar.known_from} to "
            f"{calendar.known_until} only; {day} cannot be counted."
        )
    return bool(calendar.week[day.weekday()]) and day not in calendar.holidays


def after(day: date, quantity: int, unit: str, *, calendar: Calendar) -> date:
    """The day that lies so much after a day; before it if the quantity is negative.

    :raises CalendarRunsOutError: if the calendar does not know that far.
    """
    return _ADD[unit](day, quantity, calendar)


def between(first: date, last: date, unit: str, *, calendar: Calendar) -> int:
    """How many days, or working days, come after `first` up to and with `last`; never below 0.

    :raises CalendarRunsOutError: if the calendar does not know that far.
    """
    if unit == "days":
        return max(0, (last - first).days)
    if (last - first).days > MOST:
        raise CalendarRunsOutError(f"{first} to {last} is too long to count working days in.")
    days = (first + DAY * n for n in range(1, (last - first).days + 1))
    return sum(is_working(day, calendar=calendar) for day in days)


def _working_days(day: date, quantity: int, calendar: Calendar) -> date:
    step = DAY if quantity >= 0 else -DAY
    week, holidays, left = calendar.week, calendar.holidays, abs(quantity)
    first, last = calendar.known_from, calendar.known_until
    while left:
        day += step
        if not first <= day <= last:
            is_working(day, calendar=calendar)  # says why it cannot be counted
        if week[day.weekday()] and day not in holidays:
            left -= 1
    return day


def _months(day: date, quantity: int, _calendar: Calendar) -> date:
    month = day.year * 12 + day.month - 1 + quantity
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, months_of.monthrange(year, month)[1]))


_ADD: Final[dict[str, Callable[[date, int, Calendar], date]]] = {
    "working days": _working_days,
    "calendar days": lambda day, quantity, _: day + DAY * quantity,
    "weeks": lambda day, quantity, _: day + 7 * DAY * quantity,
    "months": _months,
    "years": lambda day, quantity, calendar: _months(day, 12 * quantity, calendar),
}
