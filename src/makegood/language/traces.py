"""How a due time was computed, in the language that is spoken now.

The steps are kept with the promise as `rules.duetrace` says them, in English, since they belong to
its record. Here each is recognised, and its days, times and spans are said anew.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Final

from babel.dates import format_date, get_day_names
from babel.lists import format_list
from django.utils.functional import Promise as Lazy
from django.utils.translation import npgettext, pgettext, pgettext_lazy

from makegood.language import amounts, choice, sentences

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = rf"(?:{'|'.join(_WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(_MONTHS)}) \d{{1,4}}"
_CLOCK = r"\d\d:\d\d(?::\d\d)?"
_SPAN = r"(?:\d+ (?:hour|minute|second)s? ?)+|less than a second"
_ONE_DAY = re.compile(r"\w+ (?P<day>\d{1,2}) (?P<month>\w+) (?P<year>\d{1,4})")
_PART = re.compile(r"(\d+) (hour|minute|second)s?")
_HOURS = re.compile(rf"({_CLOCK}) to ({_CLOCK})")
_GAP = re.compile(r"%\((\w+)\)s")
STEPS: Final[tuple[str | Lazy, ...]] = (
    pgettext_lazy("step", "Asked on %(day)s at %(clock)s (%(offset)s), %(zone)s."),
    pgettext_lazy("step", "Due on %(day)s at %(clock)s (%(offset)s), %(zone)s."),
    pgettext_lazy("step", "%(amount)s later, counted around the clock."),
    pgettext_lazy("step", "%(amount)s later, at the same time of day."),
    pgettext_lazy(
        "step",
        "The clocks there skip %(clock)s on %(day)s; the first moment after it counts.",
    ),
    pgettext_lazy(
        "step",
        "Closed then; counting from the opening on %(day)s at %(clock)s (%(offset)s).",
    ),
    pgettext_lazy("step", "Closed at %(clock)s on that day; due when it opens after that."),
    pgettext_lazy("step", "Closed at %(clock)s on that day; due when it closes before that."),
    pgettext_lazy("step", "%(day)s to %(day2)s: %(span)s counted."),
    pgettext_lazy("step", "%(day)s: %(span)s counted, %(hours)s."),
    pgettext_lazy("step", "Closed on %(weekdays)s."),
    pgettext_lazy("step", "%(day)s: closed, %(name)s."),
    pgettext_lazy("step", "%(day)s: there was no such day, %(zone)s skipped it."),
    pgettext_lazy("step", "%(day)s: the clocks go forward by %(span)s."),
    pgettext_lazy("step", "%(day)s: the clocks go back by %(span)s."),
    pgettext_lazy("step", "%(day)s to %(day2)s: working days %(number)s to %(number2)s."),
    pgettext_lazy("step", "%(day)s: working day %(number)s."),
)
"""Every step as it is said in English, with its gaps; a gap is read by its name."""


def said(step: str) -> str:
    """One step in the language spoken now; as it was written if nobody knows it."""
    if choice.current().startswith("en"):
        return step
    for pattern, words in _patterns():
        found = pattern.fullmatch(step)
        if found:
            gaps = {name: _SAYS[name.rstrip("2")](text) for name, text in found.groupdict().items()}
            return str(words) % gaps
    return sentences.said(step)


def _day(written: str) -> str:
    found = _ONE_DAY.fullmatch(written)
    if found is None:
        return written
    day = date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    return format_date(day, "full", locale=choice.locale())


def _span(written: str) -> str:
    parts = [_part(int(count), noun) for count, noun in _PART.findall(written)]
    return " ".join(parts) or pgettext("span", "less than a second")


def _part(count: int, noun: str) -> str:
    given = {"count": count}
    if noun == "hour":
        return npgettext("span", "%(count)d hour", "%(count)d hours", count) % given
    if noun == "minute":
        return npgettext("span", "%(count)d minute", "%(count)d minutes", count) % given
    return npgettext("span", "%(count)d second", "%(count)d seconds", count) % given


def _weekdays(written: str) -> str:
    names = get_day_names("wide", locale=choice.locale())
    found = [names[_WEEKDAYS.index(name)] for name in re.findall(r"\w+day", written)]
    return format_list(found, locale=choice.locale())


def _hours(written: str) -> str:
    windows = [
        pgettext("hours", "%(opens)s to %(closes)s") % {"opens": opens, "closes": closes}
        for opens, closes in _HOURS.findall(written)
    ]
    return format_list(windows, locale=choice.locale())


def _as_it_is(written: str) -> str:
    return written


_READS: Final[Mapping[str, str]] = {
    "day": _DAY,
    "clock": _CLOCK,
    "span": _SPAN,
    "number": r"\d+",
    "offset": r"UTC[^)]*",
    "weekdays": r"\w+day(?:(?:, | and )\w+day)*",
    "hours": rf"{_CLOCK} to {_CLOCK}.*",
    "amount": r"\d+ [\w ]+?",
}
_SAYS: Final[Mapping[str, Callable[[str], str]]] = {
    "day": _day,
    "span": _span,
    "weekdays": _weekdays,
    "hours": _hours,
    "amount": amounts.in_words,
    "clock": _as_it_is,
    "number": _as_it_is,
    "offset": _as_it_is,
    "zone": _as_it_is,
    "name": _as_it_is,
}


def _pattern(english: str) -> re.Pattern[str]:
    parts = _GAP.split(english)
    written = [
        f"(?P<{part}>{_READS.get(part.rstrip('2'), '.+?')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(written))


def _english(step: str | Lazy) -> str:
    with choice.speaking("en-gb"):
        return str(step)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str | Lazy], ...]:
    return tuple((_pattern(_english(step)), step) for step in STEPS)
