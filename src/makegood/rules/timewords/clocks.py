"""Wall times in words: "5pm", "14:05", "noon", "between 8 and 10", "morning"."""

import re
from datetime import time
from typing import Final

Clocks = tuple[time, time]

_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?([ap])?")
_NAMED: Final = {"noon": time(12), "midday": time(12), "midnight": time(0)}
_HOURS: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_SPOKEN: Final = re.compile(
    r"(half past|half|quarter past|quarter to)? ?([a-z]+|\d{1,2})(?: o'clock)?$"
)
_PAST: Final = {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15, None: 0}
_PACKED: Final = re.compile(r"(\d{2})h?(\d{2})(?: ?hrs?)?$")
_HALF_DAY: Final = 12
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
_EARLIEST_BARE: Final = 7  # "between 2 and 4" is in the afternoon, "between 8 and 10" is not
# When the parts of a day begin and end, as offices use the words.
PARTS: Final = {
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(21)),
    "night": (time(18), time(23, 59)),
    "first thing": (time(8), time(10)),
    "first thing in the morning": (time(8), time(10)),
    "lunchtime": (time(12), time(14)),
    "lunch time": (time(12), time(14)),
    "after lunch": (time(13), time(17)),
    "teatime": (time(16), time(18)),
    "tea time": (time(16), time(18)),
    "aft": (time(12), time(17)),
    "arvo": (time(12), time(17)),
    "am": (time(8), time(12)),
    "pm": (time(12), time(17)),
}


def clocks_of(found: re.Match[str], *, kind: str) -> Clocks | None:
    """The first and last wall time that an atom of the grammar means; None if it names none."""
    if kind == "clock":
        said = _read(found[0])
        return (said, said) if said else None
    if kind == "clockspan":
        return _span(found)
    if kind not in {"part", "dayword"} or found[0] == "overnight":
        return None
    words = found[0].replace("a.m", "am").replace("p.m", "pm")
    ends = (part for part in PARTS if words.endswith(part))
    part = max(ends, key=len, default=None)
    return PARTS[part] if part else None


def bare_hours(opens: str, closes: str) -> Clocks | None:
    """Two hours in figures, as in "8-12" and "1 to 5"; None if they are no stretch of a day."""
    first, last = _read(opens), _read(closes)
    return (first, last) if first and last and first < last else None


def in_the_afternoon(clocks: Clocks) -> Clocks:
    """Wall times beside words such as "tonight": "7 to 7:30" is then 19:00 to 19:30."""
    first, last = (
        clock.replace(hour=clock.hour + _HALF_DAY) if clock.hour < _HALF_DAY else clock
        for clock in clocks
    )
    return (first, last) if first <= last else clocks


def in_the_morning(clocks: Clocks) -> Clocks:
    """Wall times beside "in the morning": "by 6" is then 06:00."""
    first, last = (
        clock.replace(hour=clock.hour - _HALF_DAY) if clock.hour > _HALF_DAY else clock
        for clock in clocks
    )
    return (first, last) if first <= last else clocks


def _span(found: re.Match[str]) -> Clocks | None:
    opens, closes = found["opens"] or found["opens2"], found["closes"] or found["closes2"]
    last = _read(closes)
    first = _read(opens)
    if first is None or last is None:
        return None
    if not re.search(r"[ap]", closes) and ":" not in closes:
        first, last = _in_working_hours(first), _in_working_hours(last)
    elif not re.search(r"[ap:]", opens) and first.hour + _HALF_DAY <= last.hour:
        first = first.replace(hour=first.hour + _HALF_DAY)
    return (first, last) if first <= last else None


def _in_working_hours(clock: time) -> time:
    return clock.replace(hour=clock.hour + _HALF_DAY) if clock.hour < _EARLIEST_BARE else clock


def _spoken(found: re.Match[str]) -> time | None:
    """As in "half past four", "quarter to 5" and "five o'clock"."""
    if found[1] is None and found[2].isdigit():
        return None
    number = int(found[2]) if found[2].isdigit() else 0
    if found[2] in _HOURS:
        number = _HOURS.index(found[2]) + 1
    if not 0 < number <= _HALF_DAY:
        return None
    hour = _in_working_hours(time(number)).hour
    minutes = hour * 60 + _PAST[found[1]]
    return time(minutes // 60, minutes % 60)


def _read(words: str) -> time | None:
    for name, clock in _NAMED.items():
        if words.endswith(name):
            return clock
    spoken = _SPOKEN.match(words)
    if spoken and (said := _spoken(spoken)):
        return said
    if packed := _PACKED.match(words):
        return time(int(packed[1]), int(packed[2]))
    found = _CLOCK.match(words)
    return _figures(found, words) if found else None


def _figures(found: re.Match[str], words: str) -> time | None:
    """As in "5pm", "14:05" and "5"."""
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if hour > _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if found[3] == "p" else 0)
    elif ":" not in words and "." not in words and hour <= _HALF_DAY:
        hour = _in_working_hours(time(hour)).hour
    if hour > _LAST_HOUR or minute > _LAST_MINUTE:
        return None
    return time(hour, minute)
