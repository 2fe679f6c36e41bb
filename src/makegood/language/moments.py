"""Moments and spans in words, in the language that is spoken now and on the reader's clock.

Names of days, months, places and zones are the CLDR's; the sentences around them are ours, whole
in each message, since no two languages put the parts in the same order.
"""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_timezone_location,
    get_timezone_name,
)
from django.utils.functional import Promise as Lazy
from django.utils.translation import pgettext, pgettext_lazy

from makegood.language import choice
from makegood.rules import moments

_ON = "on"
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_NO_PLACE = frozenset({"UTC", "GMT", "Etc/UTC"})
_Wordings = dict[str, str | Lazy]
_DAY: _Wordings = {
    "yesterday": pgettext_lazy("day", "yesterday"),
    "today": pgettext_lazy("day", "today"),
    "tomorrow": pgettext_lazy("day", "tomorrow"),
    _ON: "%(day)s",
}
_AT: _Wordings = {
    "yesterday": pgettext_lazy("when", "%(time)s yesterday"),
    "today": pgettext_lazy("when", "%(time)s today"),
    "tomorrow": pgettext_lazy("when", "%(time)s tomorrow"),
    _ON: pgettext_lazy("when", "%(time)s on %(day)s"),
}
_EDGE: _Wordings = {
    "yesterday": pgettext_lazy("edge of a window", "%(time)s yesterday"),
    "today": pgettext_lazy("edge of a window", "%(time)s today"),
    "tomorrow": pgettext_lazy("edge of a window", "%(time)s tomorrow"),
    _ON: pgettext_lazy("edge of a window", "%(time)s on %(day)s"),
}
_BY: _Wordings = {
    "yesterday": pgettext_lazy("due", "by %(time)s yesterday"),
    "today": pgettext_lazy("due", "by %(time)s today"),
    "tomorrow": pgettext_lazy("due", "by %(time)s tomorrow"),
    _ON: pgettext_lazy("due", "by %(time)s on %(day)s"),
}
_BY_THE_END: _Wordings = {
    "yesterday": pgettext_lazy("due", "by the end of yesterday"),
    "today": pgettext_lazy("due", "by the end of today"),
    "tomorrow": pgettext_lazy("due", "by the end of tomorrow"),
    _ON: pgettext_lazy("due", "by the end of %(day)s"),
}
_WITHIN: _Wordings = {
    "yesterday": pgettext_lazy("due", "between %(start)s and %(end)s yesterday"),
    "today": pgettext_lazy("due", "between %(start)s and %(end)s today"),
    "tomorrow": pgettext_lazy("due", "between %(start)s and %(end)s tomorrow"),
    _ON: pgettext_lazy("due", "between %(start)s and %(end)s on %(day)s"),
}
_SHAPES: _Wordings = {
    "day of a year": pgettext_lazy("CLDR date pattern", "EEEE d MMMM y"),
    "day": pgettext_lazy("CLDR date pattern", "EEEE d MMMM"),
    "date": pgettext_lazy("CLDR date pattern", "d MMMM y"),
    "short date": pgettext_lazy("CLDR date pattern", "d MMM y"),
    "shortest date": pgettext_lazy("CLDR date pattern", "d MMM"),
}
_WORDINGS: dict[str, _Wordings] = {
    "day": _DAY,
    "at": _AT,
    "edge": _EDGE,
    "by": _BY,
    "by_the_end": _BY_THE_END,
    "within": _WITHIN,
}


def in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """A moment as "17:00 on Friday 6 June 2026", on the zone's clock."""
    code, wall = choice.current(), moment.astimezone(zone)
    day = _day(code, wall.date(), shape="day of a year")
    return _wording(code, "at", _ON) % {"time": _clock_words(code, wall, zone=zone), "day": day}


def day_in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """The local day of a moment as "Friday 6 June 2026"."""
    return _day(choice.current(), moment.astimezone(zone).date(), shape="day of a year")


def date_in_words(on: date) -> str:
    """A date without its day of the week: "6 June 2026"."""
    return _day(choice.current(), on, shape="date")


def short_date(on: date) -> str:
    """A date where there is little room: "6 Jun 2026"."""
    return _day(choice.current(), on, shape="short date")


def shortest_date(on: date) -> str:
    """A date where there is less, and the year is plain: "6 Jun"."""
    return _day(choice.current(), on, shape="shortest date")


def in_brief(moment: datetime, *, zone: ZoneInfo) -> str:
    """A moment for a narrow column: "Fri, 6 Jun 2026", and "17:00" on the line below."""
    day = format_skeleton("yMMMEd", moment.astimezone(zone), locale=choice.locale())
    return f"{day}\n{clock_in_words(moment, zone=zone)}"


def clock_in_words(moment: datetime, *, zone: ZoneInfo) -> str:
    """The wall time as "17:00", or "01:30 BST" in the hour that comes twice."""
    return _clock_words(choice.current(), moment.astimezone(zone), zone=zone)


def day_near(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """The local day as seen from `now`: "today", "tomorrow", "Friday 6 June"; else the year."""
    return _say("day", moment, now=now, zone=zone)


def at_in_words(moment: datetime, *, now: datetime, zone: ZoneInfo) -> str:
    """A moment as "17:00 today" or "17:00 on Friday 6 June"."""
    return _say("at", moment, now=now, zone=zone)


def by_in_words(due_at: datetime, *, now: datetime, zone: ZoneInfo, whole_day: bool = False) -> str:
    """A due time as "by 17:00 today"; one for a whole day as "by the end of Friday 6 June"."""
    return _say("by_the_end" if whole_day else "by", due_at, now=now, zone=zone)


def window_in_words(
    earliest_at: datetime, due_at: datetime, *, now: datetime, zone: ZoneInfo, whole_day: bool
) -> str:
    """A window as "between 08:00 and 12:00 today", or between two days."""
    if whole_day:
        days = (day_near(moment, now=now, zone=zone) for moment in (earliest_at, due_at))
        first, last = days
        return pgettext("days", "between %(start)s and %(end)s") % {"start": first, "end": last}
    if earliest_at.astimezone(zone).date() == due_at.astimezone(zone).date():
        start, end = (clock_in_words(moment, zone=zone) for moment in (earliest_at, due_at))
        return _say("within", due_at, now=now, zone=zone, start=start, end=end)
    opens, closes = (_say("edge", moment, now=now, zone=zone) for moment in (earliest_at, due_at))
    return pgettext("moments", "between %(start)s and %(end)s") % {"start": opens, "end": closes}


def zone_in_words(zone: ZoneInfo) -> str:
    """The zone as people say it: "London time" for Europe/London, "UTC" as it is."""
    return _zone(choice.current(), zone.key)


def _say(frame: str, moment: datetime, *, now: datetime, zone: ZoneInfo, **said: str) -> str:
    """The wording for how near the day is, with its day and time filled in."""
    code, wall = choice.current(), moment.astimezone(zone)
    day, today = wall.date(), now.astimezone(zone).date()
    near = _NEAR.get((day - today).days, _ON)
    words = _wording(code, frame, near)
    if near == _ON:
        said["day"] = _day(code, day, shape="day" if day.year == today.year else "day of a year")
    if "%(time)s" in words:
        said["time"] = _clock_words(code, wall, zone=zone)
    return words % said


def _clock_words(code: str, wall: datetime, *, zone: ZoneInfo) -> str:
    clock = _clock(code, wall.hour, wall.minute)
    if not moments.comes_twice(wall, zone=zone):
        return clock
    name = get_timezone_name(wall, width="short", locale=choice.locale())
    return pgettext("clock", "%(time)s %(zone)s") % {"time": clock, "zone": name}


# Kept for as long as the program runs: a list of cases names the same few days again and again.
# The code is an argument, so that each language has its own; the caller speaks it already.
@lru_cache
def _wording(code: str, frame: str, near: str) -> str:
    with choice.speaking(code):
        return str(_WORDINGS[frame][near])


@lru_cache(maxsize=4096)
def _day(code: str, day: date, *, shape: str) -> str:
    with choice.speaking(code):
        return format_date(day, str(_SHAPES[shape]), locale=choice.locale())


@lru_cache(maxsize=4096)
def _clock(code: str, hour: int, minute: int) -> str:
    with choice.speaking(code):
        return format_time(time(hour, minute), "short", locale=choice.locale())


@lru_cache(maxsize=1024)
def _zone(code: str, key: str) -> str:
    if key in _NO_PLACE:
        return "UTC" if key == "Etc/UTC" else key
    with choice.speaking(code):
        place = get_timezone_location(key, locale=choice.locale(), return_city=True)
        return pgettext("zone", "%(place)s time") % {"place": place}
