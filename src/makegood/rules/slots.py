"""The free times of crews, and which of them is best for the customer, with the reasons why.

First what suits the customer, then how soon, in steps that are the shorter the more severe the
failure is and the longer its promise has been waiting, and only then the way that crews have to
travel. The order of two times never hangs on a third, so that an answer is stable.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, islice, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from makegood.rules.calendars import (
    Calendar,
    CalendarRunsOutError,
    Interval,
    Week,
    Window,
    instant,
    local,
    open_windows,
)
from makegood.rules.places import area_of
from makegood.rules.severity import Severity

HORIZON: Final = timedelta(days=42)
SHORTEST_STEP: Final = timedelta(hours=2)
# What makes no difference to somebody who waits, by how severe it is; halved after a week.
_STEPS: Final[Mapping[int, timedelta]] = {
    1: timedelta(hours=2),
    2: timedelta(hours=24),
    3: timedelta(days=2),
    4: timedelta(days=4),
}
_IN_TIME: Final[Mapping[int, timedelta]] = {
    1: timedelta(days=2),
    2: timedelta(days=4),
    3: timedelta(days=10),
    4: timedelta(days=21),
}
WEEK: Final = timedelta(days=7)
FAR: Final = 3
_AWAKE: Final[Week] = ((Interval(opens=7 * 60, closes=21 * 60),),) * 7
"""When we come to whoever has named no hours, unless it is most severe: nobody is woken."""


class Why(StrEnum):
    """Why a time is where it is in the order."""

    SUITS = "suits"
    ANY_TIME_SUITS = "any_time_suits"
    DOES_NOT_SUIT = "does_not_suit"
    AT_NIGHT = "at_night"
    SOONEST = "soonest"
    NEAR = "near"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A free time of a crew. `way` is from 0, next door, to 3, far from all its other visits."""

    crew: int
    lane: int
    window: Window
    way: int = FAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a time is weighed by: when it suits the customer, how severe, how long promised.

    No `week` if any time suits. The steps of waiting are counted from `since`.
    """

    zone: ZoneInfo
    severity: Severity
    since: datetime
    promised_at: datetime
    week: Week = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranked:
    """A time with the reasons for its place."""

    offer: Offer
    why: tuple[Why, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A visit that waits for its turn to choose, when several have to."""

    visit: int
    severity: int
    promised_at: datetime


def free(
    calendar: Calendar,
    taken: Iterable[tuple[int, Window]],
    *,
    capacity: int,
    length: timedelta,
    since: datetime,
    until: datetime,
) -> Iterator[tuple[int, Window]]:
    """The times of a crew that are still free between two moments: the lane and the window.

    A crew does `capacity` visits at once, each in a lane. Where the calendar is not known far
    enough, the times end there.
    """
    lanes: dict[int, list[Window]] = {}
    for lane, window in taken:
        lanes.setdefault(lane, []).append(window)
    for window in _pieces(calendar, length=length, since=since, until=until):
        empty = (n for n in range(1, capacity + 1) if not _overlaps(window, lanes.get(n, ())))
        for lane in islice(empty, 1):
            yield lane, window


def keeps(window: Window, *, calendar: Calendar, away: Iterable[Window]) -> bool:
    """Whether a crew comes out all through a window: at work by its calendar, and not away.

    What lies beyond the days that a calendar knows is not doubted for that.
    """
    if _overlaps(window, away):
        return False
    covered = window.opens
    try:
        for _day, open_ in open_windows(calendar, since=window.opens, until=window.closes):
            covered = max(covered, open_.closes) if open_.opens <= covered else covered
    except CalendarRunsOutError:
        return True
    return covered >= window.closes


def rank(offers: Iterable[Offer], wish: Wish) -> tuple[Ranked, ...]:
    """The times, the best for the customer first."""
    step = step_of(wish)
    ordered = sorted(offers, key=lambda offer: _key(offer, wish, step=step))
    first = min((offer.window.opens for offer in ordered), default=None)
    return tuple(Ranked(offer=offer, why=_why(offer, wish, first=first)) for offer in ordered)


def best_beside(known: datetime | None, ranked: Sequence[Ranked]) -> Ranked | None:
    """The best time for who knows of one: that very time, else a later one, else whichever is best.

    Whoever has arranged to be in then need hear nothing, or not be in sooner than they were told.
    """
    later = [each for each in ranked if known is not None and each.offer.window.opens >= known]
    same = (each for each in later if each.offer.window.opens == known)
    return next(chain(same, later, ranked), None)


def by_time(ranked: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """The best of each time, in the order of their places: what a customer chooses from."""
    best: dict[tuple[datetime, datetime], Ranked] = {}
    for each in ranked:
        best.setdefault((each.offer.window.opens, each.offer.window.closes), each)
    return tuple(best.values())


def in_turn(turns: Iterable[Turn]) -> tuple[int, ...]:
    """Who chooses first, where several have to: the severest, then whose promise is the oldest."""
    ordered = sorted(turns, key=lambda turn: (turn.severity, turn.promised_at, turn.visit))
    return tuple(turn.visit for turn in ordered)


def step_of(wish: Wish) -> timedelta:
    """The stretch of waiting within which the way counts more than the hour."""
    weeks = max(0, (wish.since - wish.promised_at) // WEEK)
    step: timedelta = _STEPS[int(wish.severity)] / 2 ** min(weeks, 4)
    return max(step, SHORTEST_STEP)


def is_in_time(opens: datetime, *, since: datetime, severity: Severity) -> bool:
    """Whether a time is not so late that somebody above has to hear of it now."""
    return opens - since <= _IN_TIME[int(severity)]


def suits(window: Window, *, week: Week, zone: ZoneInfo) -> bool:
    """Whether a window lies wholly within the hours that suit; any does if none are named."""
    if not week:
        return True
    day = local(window.opens, zone=zone).date()
    return any(
        instant(day, first, zone=zone) <= window.opens
        and window.closes <= instant(day, last, zone=zone)
        for first, last in _joined(week, day.weekday())
    )


def way_between(place: str, others: Iterable[str]) -> int:
    """How far a place is from the nearest of others, by their postcodes: 0 to 3."""
    return min((_distance(place, other) for other in others), default=FAR)


def serves(areas: Sequence[str], postcode: str) -> bool:
    """Whether a crew comes to a postcode: to all if it names no areas."""
    plain = postcode.upper().replace(" ", "")
    return not areas or any(plain.startswith(area.upper().replace(" ", "")) for area in areas)


def _key(offer: Offer, wish: Wish, *, step: timedelta) -> tuple[bool, int, int, datetime, int, int]:
    return (
        not _is_welcome(offer, wish),
        (offer.window.opens - wish.since) // step,
        offer.way,
        offer.window.opens,
        offer.crew,
        offer.lane,
    )


def _is_welcome(offer: Offer, wish: Wish) -> bool:
    usual = () if wish.severity is Severity.P1 else _AWAKE
    return suits(offer.window, week=wish.week or usual, zone=wish.zone)


def _why(offer: Offer, wish: Wish, *, first: datetime | None) -> tuple[Why, ...]:
    suiting, not_suiting = (
        (Why.SUITS, Why.DOES_NOT_SUIT) if wish.week else (Why.ANY_TIME_SUITS, Why.AT_NIGHT)
    )
    why = [suiting if _is_welcome(offer, wish) else not_suiting]
    if offer.window.opens == first:
        why.append(Why.SOONEST)
    if offer.way < FAR:
        why.append(Why.NEAR)
    return tuple(why)


def _pieces(
    calendar: Calendar, *, length: timedelta, since: datetime, until: datetime
) -> Iterator[Window]:
    try:
        for _day, window in open_windows(calendar, since=since, until=until):
            opens = window.opens
            while opens + length <= window.closes:
                if opens >= since and opens + length <= until:
                    yield Window(opens=opens, closes=opens + length)
                opens += length
    except CalendarRunsOutError:
        return


def _overlaps(window: Window, others: Iterable[Window]) -> bool:
    return any(window.opens < other.closes and other.opens < window.closes for other in others)


def _joined(week: Week, weekday: int) -> Iterator[tuple[int, int]]:
    """The hours of a weekday; those that meet are one."""
    spans: list[tuple[int, int]] = []
    for interval in week[weekday]:
        if spans and spans[-1][1] == interval.opens:
            spans[-1] = (spans[-1][0], interval.closes)
        else:
            spans.append((interval.opens, interval.closes))
    yield from spans


def _distance(one: str, other: str) -> int:
    mine, theirs = (place.upper().replace(" ", "") for place in (one, other))
    if not mine or not theirs:
        return FAR
    if mine == theirs:
        return 0
    if area_of(one) and area_of(one) == area_of(other):
        return 1
    return 2 if _letters(mine) and _letters(mine) == _letters(theirs) else FAR


def _letters(packed: str) -> str:
    """The letters that a postcode begins with: the town that its post is sorted in."""
    return "".join(takewhile(str.isalpha, packed))
