"""When a visit suits a customer: the parts of each day, as people say them, and their hours.

Who ticks nothing is free at any time. Hours that came from elsewhere and are no whole part of a
day stay as they are until somebody says anew what suits.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

DAYS: Final = 7
Hours = list[list[list[int]]]


class DayPart(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Way(StrEnum):
    """How a customer wishes to be reached."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"


SPANS: Final[Mapping[DayPart, tuple[int, int]]] = {
    DayPart.MORNING: (8 * 60, 12 * 60),
    DayPart.AFTERNOON: (12 * 60, 17 * 60),
    DayPart.EVENING: (17 * 60, 21 * 60),
}
"""From when until when, in minutes of the customer's day."""

Tick = tuple[int, DayPart]
"""A day of the week, Monday being 0, and a part of it."""


def hours_of(ticks: Iterable[Tick]) -> Hours:
    """The hours of a week that suit, Monday first; nothing at all if nothing is ticked."""
    ticked = set(ticks)
    if not ticked:
        return []
    return [[list(SPANS[part]) for part in DayPart if (day, part) in ticked] for day in range(DAYS)]


def ticks_of(hours: Hours) -> frozenset[Tick]:
    """The parts of days that lie wholly within the hours that suit."""
    return frozenset(
        (day, part)
        for day, spans in enumerate(hours)
        for part, (opens, closes) in SPANS.items()
        if any(first <= opens and closes <= last for first, last in _joined(spans))
    )


def read_tick(given: str) -> Tick | None:
    """A tick as forms send it: "0-morning"; None if it is none."""
    day, _, part = given.partition("-")
    if day not in {str(number) for number in range(DAYS)} or part not in set(DayPart):
        return None
    return int(day), DayPart(part)


def _joined(spans: Iterable[Iterable[int]]) -> list[tuple[int, int]]:
    """Hours of one day, those that meet as one."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted((first, last) for first, last in spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(closes, joined[-1][1])
        else:
            joined.append((opens, closes))
    return joined
