"""Which days are meant: by a date, a weekday, "tomorrow", "next week" or a season."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from makegood.rules.calendars import DAY, DAYS_A_WEEK
from makegood.rules.timewords.grammar import MONTHS, SEASONS, WEEKDAYS
from makegood.rules.timewords.moment import Frame, add_months, last_of_month

Days = tuple[date, date]
_FIRST_YEAR: Final = 1901
_LAST_YEAR: Final = 9799  # sums of time need room on both sides
_SATURDAY: Final = 5
_CENTURY: Final = 2000
_QUARTER: Final = 3
_LAST_MONTH: Final = 12


# Named days with a date of their own, the longer names first; the others hang on Easter.
_FEASTS: Final = {
    "christmas eve": (12, 24), "christmas": (12, 25), "xmas": (12, 25), "boxing day": (12, 26),
    "new years eve": (12, 31), "new year": (1, 1), "halloween": (10, 31),
}  # fmt: skip
_FROM_EASTER: Final = {"good friday": -2, "easter monday": 1}


def days_of(found: re.Match[str], *, kind: str, frame: Frame) -> Days | None:
    """The first and last day that an atom of the grammar means; None if it names no day."""
    reader = _READERS.get(kind)
    try:
        days = reader(found, frame) if reader else None
    except (ValueError, OverflowError):
        return None  # a day that no calendar has, such as 30 February
    if days is None or not _FIRST_YEAR <= days[0].year <= days[1].year <= _LAST_YEAR:
        return None
    return days


def _iso(found: re.Match[str], frame: Frame) -> Days:  # noqa: ARG001 - one shape for all readers
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    return day, day


def _slash(found: re.Match[str], frame: Frame) -> Days:
    first, second = int(found["first"]), int(found["second"])
    day_first = frame.day_first
    if first > _LAST_MONTH or second > _LAST_MONTH:
        day_first = first > _LAST_MONTH
    day, month = (first, second) if day_first else (second, first)
    return _dated(day, month, found["slashyear"], frame)


def _dotted(found: re.Match[str], frame: Frame) -> Days:
    return _dated(int(found["dotday"]), int(found["dotmonth"]), found["dotyear"], frame)


def _daymonth(found: re.Match[str], frame: Frame) -> Days:
    return _dated(int(found["dmday"]), _month(found["dmmonth"]), found["dmyear"], frame)


def _monthday(found: re.Match[str], frame: Frame) -> Days:
    return _dated(int(found["mdday"]), _month(found["mdmonth"]), found["mdyear"], frame)


def _month(name: str) -> int:
    return next(i for i, month in enumerate(MONTHS, start=1) if month.startswith(name[:3]))


def _dated(day: int, month: int, year: str | None, frame: Frame) -> Days:
    """Without a year it is the next such day, today included."""
    if year is not None:
        said = date(int(year) + (_CENTURY if len(year) == 2 else 0), month, day)  # noqa: PLR2004 - digits
        return said, said
    for ahead in range(9):  # 29 February may be eight years away
        try:
            said = date(frame.today.year + ahead, month, day)
        except ValueError:
            continue
        if said >= frame.today:
            return said, said
    raise ValueError(day)


def _dayonly(found: re.Match[str], frame: Frame) -> Days:
    wanted = int(found["dayonly_day"])
    for ahead in range(12):
        month = add_months(frame.today.replace(day=1), ahead)
        if wanted <= last_of_month(month).day and month.replace(day=wanted) >= frame.today:
            day = month.replace(day=wanted)
            return day, day
    raise ValueError(wanted)


def _weekday(found: re.Match[str], frame: Frame) -> Days | None:
    """The next such day after today; with "next", the one of the week that begins next Monday."""
    which = (found["which"] or "").strip()
    if found["plural"] or which in {"every", "each"}:
        return None
    today = frame.today
    wanted = next(
        i for i, name in enumerate(WEEKDAYS) if name.startswith(found["weekday_name"][:3])
    )
    if found["later_week"] or which in {"next", "following", "the following"}:
        day = today + timedelta(days=DAYS_A_WEEK - today.weekday() + wanted)
    else:
        day = today + timedelta(days=(wanted - today.weekday() - 1) % DAYS_A_WEEK + 1)
    if found["week_on"] or found["week_after"]:  # "a week on Friday", "Friday week"
        day += DAYS_A_WEEK * DAY
    return day, day


def _weekof(found: re.Match[str], frame: Frame) -> Days:
    """As in "week commencing 8 June": that day and the six after it."""
    first, _ = _dated(int(found["wcday"]), _month(found["wcmonth"]), None, frame)
    return first, first + 6 * DAY


def _feast(found: re.Match[str], frame: Frame) -> Days:
    """The next such day that a calendar on the wall names."""
    name = found[0].replace("'", "")
    for year in (frame.today.year, frame.today.year + 1):
        day = _feast_of(name, year)
        if day >= frame.today:
            return day, day
    raise ValueError(name)


def _feast_of(name: str, year: int) -> date:
    for known, (month, day) in _FEASTS.items():
        if name.startswith(known):
            return date(year, month, day)
    return _easter(year) + _FROM_EASTER.get(name, 0) * DAY


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Oudin."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    ahead = moon - weekday
    month = 3 + (ahead + 40) // 44
    return date(year, month, ahead + 28 - 31 * (month // 4))


def _dayword(found: re.Match[str], frame: Frame) -> Days:
    words = found[0]
    ahead = 0
    if "day after" in words:
        ahead = 2
    elif words.startswith(("tom", "tmrw")) or words == "overnight":
        ahead = 1
    day = frame.today + ahead * DAY
    return day, day


def _dayend(found: re.Match[str], frame: Frame) -> Days:  # noqa: ARG001 - one shape for all readers
    return frame.today, frame.today


def _period(found: re.Match[str], frame: Frame) -> Days | None:
    if found["season"]:
        return _season(found, frame)
    which, edge = (found["pwhich"] or "").strip(), (found["edge"] or "").strip()
    if not which and not edge and found["pname"] != "weekend":
        return None
    first, last = _named(found["pname"], frame.today, is_next=which not in {"", "this"})
    return _edged(first, last, edge, today=frame.today)


def _named(name: str, today: date, *, is_next: bool) -> Days:
    monday = today - timedelta(days=today.weekday()) + (7 * DAY if is_next else timedelta())
    if name == "week":
        return monday, monday + 6 * DAY
    if name == "weekend":
        return monday + _SATURDAY * DAY, monday + 6 * DAY
    size = {"month": 1, "quarter": _QUARTER, "year": _LAST_MONTH}[name]
    begins = today.replace(day=1, month=(today.month - 1) // size * size + 1)
    begins = add_months(begins, size if is_next else 0)
    return begins, last_of_month(add_months(begins, size - 1))


def _season(found: re.Match[str], frame: Frame) -> Days:
    """The northern season that is on or comes next."""
    opens = SEASONS[found["season"]]
    first = date(frame.today.year - 1, opens, 1)
    while last_of_month(add_months(first, 2)) < frame.today:
        first = add_months(first, 12)
    if (found["swhich"] or "").strip() == "next" and first <= frame.today:
        first = add_months(first, 12)
    return _edged(
        first,
        last_of_month(add_months(first, 2)),
        (found["sedge"] or "").strip(),
        today=frame.today,
    )


def _monthonly(found: re.Match[str], frame: Frame) -> Days:
    month = _month(found["moname"])
    year = int(found["moyear"]) if found["moyear"] else frame.today.year
    first = date(year, month, 1)
    if not found["moyear"] and last_of_month(first) < frame.today:
        first = add_months(first, 12)
    return _edged(first, last_of_month(first), (found["moedge"] or "").strip(), today=frame.today)


def _yearonly(found: re.Match[str], frame: Frame) -> Days:
    year = int(found["yname"])
    edge = (found["yedge"] or "").strip()
    return _edged(date(year, 1, 1), date(year, _LAST_MONTH, 31), edge, today=frame.today)


def _edged(first: date, last: date, edge: str, *, today: date) -> Days:
    """The part of a stretch: its first or last third, its middle, or the whole of it."""
    third = (last - first) // 3
    if edge == "early" or "start of" in edge or "beginning of" in edge:
        last = first + third
    elif edge == "late":
        first = last - third
    elif edge.startswith("mid") or "middle" in edge:
        first, last = first + third, last - third
    elif "end of" in edge:
        first = last
    return (max(first, today), last) if last >= today else (first, last)


_READERS: Final[dict[str, Callable[[re.Match[str], Frame], Days | None]]] = {
    "iso": _iso,
    "slash": _slash,
    "daymonth": _daymonth,
    "monthday": _monthday,
    "dayonly": _dayonly,
    "weekday": _weekday,
    "dayword": _dayword,
    "dayend": _dayend,
    "weekof": _weekof,
    "feast": _feast,
    "dotted": _dotted,
    "period": _period,
    "monthonly": _monthonly,
    "yearonly": _yearonly,
}
