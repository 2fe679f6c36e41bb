"""What an amount of time comes to from a moment: "24-48 hours", "within 3 business days"."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from makegood.rules import workinghours
from makegood.rules.amounts import LARGEST, Amount, Unit
from makegood.rules.calendars import DAY, CalendarError, local
from makegood.rules.timewords.grammar import NUMBERS
from makegood.rules.timewords.moment import Due, Frame, Precision, add_months

_SPANS: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}
_OPEN_ENDED: Final = frozenset(
    {"within", "upto", "up to", "less than", "sooner than", "over", "during", "for", "next"}
)
_WORKING: Final = re.compile(r"^(?:business|working|work) ")
# By the words that tell one part of an hour from another.
_PARTS: Final = {"three quarters": 45, "quarter": 15, "and a half": 90, "1.5": 90, "half": 30}
_MONTHS_A_YEAR: Final = 12
_FRIDAY: Final = 4
_LONGEST: Final = {"min": 5_256_000, "h": 87_600, "d": 3_650, "w": 520, "f": 260, "m": 120, "y": 10}


def due_of_amount(found: re.Match[str], *, before: str, frame: Frame) -> Due:
    """From when and by when an amount of time lasts; nothing where it cannot be counted."""
    if found["whole"]:
        return Due(due=frame.now + timedelta(hours=1), precision=Precision.INSTANT)
    if found["share"]:
        minutes = next(size for said, size in _PARTS.items() if said in found["share"])
        return Due(due=frame.now + minutes * _SPANS["min"], precision=Precision.INSTANT)
    if found["stretch"]:
        return _of_one(found["stretch"], frame=frame)
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    try:
        due, precision = _after(high, found["unit"], frame=frame)
        is_window = high > low and not any(word in before for word in _OPEN_ENDED)
        earliest = _after(low, found["unit"], frame=frame)[0] if is_window else None
    except (CalendarError, OverflowError, ValueError):
        return Due()
    if earliest is not None and precision is Precision.DATE:
        earliest = frame.start_of(local(earliest, zone=frame.zone).date())
    return Due(earliest=earliest, due=due, precision=precision)


def _of_one(unit: str, *, frame: Frame) -> Due:
    """As in "within the month": one of it, and a day is today."""
    if unit == "day":
        return Due(due=frame.end_of(frame.today), precision=Precision.DATE)
    due, precision = _after(1, unit, frame=frame)
    return Due(due=due, precision=precision)


def _number(words: str) -> int:
    return int(words) if words.isdigit() else NUMBERS[words]


def _after(quantity: int, unit: str, *, frame: Frame) -> tuple[datetime, Precision]:
    """:raises ValueError: if it is too long, or in working hours without a calendar."""
    is_working = _WORKING.match(unit) is not None
    noun = unit.rsplit(maxsplit=1)[-1]
    short = noun[:3] if noun.startswith("min") else noun[0]
    if not 0 < quantity <= _LONGEST[short]:
        raise ValueError(quantity)
    if short in _SPANS:
        if is_working:
            return _working_time(quantity, short, frame=frame), Precision.INSTANT
        return frame.now + quantity * _SPANS[short], Precision.INSTANT
    return frame.end_of(_day_after(quantity, short, is_working=is_working, frame=frame)), (
        Precision.DATE
    )


def _working_time(quantity: int, short: str, *, frame: Frame) -> datetime:
    if frame.calendar is None:
        raise ValueError(short)
    unit = Unit.WORKING_MINUTES if short == "min" else Unit.WORKING_HOURS
    amount = Amount(quantity=min(quantity, LARGEST[unit]), unit=unit)
    return workinghours.due_after(frame.now, amount, calendar=frame.calendar)


def _day_after(quantity: int, short: str, *, is_working: bool, frame: Frame) -> date:
    today = frame.today
    if short == "d" and is_working:
        return _working_day(quantity, frame=frame)
    if short == "d":
        return today + quantity * DAY
    if short == "f":
        return today + 14 * quantity * DAY
    if short == "w":
        return today + 7 * quantity * DAY
    return add_months(today, quantity * (_MONTHS_A_YEAR if short == "y" else 1))


def _working_day(quantity: int, *, frame: Frame) -> date:
    if frame.calendar is not None:
        amount = Amount(quantity=min(quantity, LARGEST[Unit.WORKING_DAYS]), unit=Unit.WORKING_DAYS)
        due = workinghours.due_after(frame.now, amount, calendar=frame.calendar)
        return local(due, zone=frame.zone).date()
    day = frame.today
    for _ in range(quantity):  # no calendar: Monday to Friday, holidays unknown
        day += DAY
        while day.weekday() > _FRIDAY:
            day += DAY
    return day
