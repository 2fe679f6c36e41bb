"""What history says about one open request: its ranges, the dates that history keeps, or why none.

For the desk: a promise that comes from here names a date that was kept eight or nine times in ten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from makegood.rules import forecasts, ranges
from makegood.rules.forecasts import Forecast
from makegood.rules.pace import NEVER, Places, learn
from makegood.rules.ranges import AgeRange
from makegood.rules.traits import Known, history_of
from makegood.rules.weekclock import Moments, learn_clock

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# A date further away than this helps nobody to plan.
FARTHEST: Final = timedelta(days=2 * 365)


class NoDate(StrEnum):
    """Why there is no honest date."""

    TOO_LITTLE_KNOWN = "too_little_known"
    TOO_MANY_NEVER_DONE = "too_many_never_done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Like:
    """One request of the history: when it was known and done, its kind, and its team."""

    known_at: datetime
    done_at: datetime | None
    kind: str
    team: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """Done no earlier than one moment and no later than another, at a level."""

    level: float
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What can be told of one request.

    :param within: its ranges by rising level; none where no date is honest.
    :param kept_by: for each level the date by which history had so many done.
    :param rests_on: how many closings of the same kind it rests on.
    """

    within: tuple[Within, ...]
    kept_by: tuple[datetime | None, ...]
    rests_on: int
    no_date: NoDate | None


def chances(
    asked: Sequence[Like],
    *,
    by: Sequence[datetime],
    history: Sequence[Like],
    now: datetime,
) -> tuple[float | None, ...]:
    """How likely each open request is done by a moment; None if too little is known.

    The history is learned once for all of them.

    :param history: other requests, in any order, as known now.
    """
    every = [*history, *asked]
    order = sorted(range(len(every)), key=lambda index: every[index].known_at)
    ranked = [every[index] for index in order]
    opened, closed = _moments(ranked, now=now)
    if not asked or int((closed != NEVER).sum()) < forecasts.FEWEST:
        return (None,) * len(asked)
    place_of = {index: place for place, index in enumerate(order)}
    places = np.array([place_of[len(history) + index] for index in range(len(asked))])
    found = _forecast(ranked, opened=opened, closed=closed, places=places, now=_micros(now))
    return tuple(
        float(np.interp(_micros(moment) - _micros(one.known_at), ages, done))
        for one, moment, ages, done in zip(asked, by, found.ages, found.done, strict=True)
    )


def outlook(
    asked: Like, *, history: Sequence[Like], now: datetime, next_round: datetime | None = None
) -> Outlook:
    """What the history says about an open request that is asked about now.

    :param history: other requests, in any order, as known now.
    :param next_round: when the next scheduled round will have come, if there is one.
    """
    every = sorted([*history, asked], key=lambda one: one.known_at)
    place = every.index(asked)
    opened, closed = _moments(every, now=now)
    rests_on = sum(one.kind == asked.kind for one in every if _closed(one, now=now) != NEVER)
    if int((closed != NEVER).sum()) < forecasts.FEWEST:
        return _nothing(NoDate.TOO_LITTLE_KNOWN, rests_on=rests_on)
    places = np.array([place])
    found = _forecast(every, opened=opened, closed=closed, places=places, now=_micros(now))
    spans = _spans(found, next_round=next_round, asked=asked, now=now)
    within = tuple(
        Within(
            level=span.level,
            earliest=asked.known_at + span.earliest * _MICROSECOND,
            latest=asked.known_at + span.latest * _MICROSECOND,
        )
        for span in spans
        if span.latest * _MICROSECOND - (now - asked.known_at) <= FARTHEST
    )
    if not within:
        return _nothing(NoDate.TOO_MANY_NEVER_DONE, rests_on=rests_on)
    kept_by = tuple(_kept_by(found, level, asked=asked, now=now) for level in ranges.LEVELS)
    return Outlook(within=within, kept_by=kept_by, rests_on=rests_on, no_date=None)


def _nothing(why: NoDate, *, rests_on: int) -> Outlook:
    none = (None,) * len(ranges.LEVELS)
    return Outlook(within=(), kept_by=none, rests_on=rests_on, no_date=why)


def _forecast(
    every: Sequence[Like], *, opened: Moments, closed: Moments, places: Places, now: int
) -> Forecast:
    codes = {kind: code for code, kind in enumerate(dict.fromkeys(one.kind for one in every))}
    nothing = np.zeros_like(opened)
    known = Known(
        kind=np.array([codes[one.kind] for one in every], dtype=np.int64),
        team=np.array([one.team for one in every], dtype=np.int64),
        place=nothing,
        channel=nothing,
        detail=nothing,
        hour=nothing,
        due=nothing,
    )
    history = history_of(known, opened=opened, closed=closed)
    clock = learn_clock(closed, since=int(opened[0]), now=now)
    pace = learn(history.past, traits=history.traits, clock=clock, now=now)
    return forecasts.forecast(
        pace.chances(history.past.cells[places]),
        opened=opened[places],
        asked=np.full(len(places), now, dtype=np.int64),
        clock=clock,
    )


def _moments(every: Sequence[Like], *, now: datetime) -> tuple[Moments, Moments]:
    opened = np.array([_micros(one.known_at) for one in every], dtype=np.int64)
    closed = np.array([_closed(one, now=now) for one in every], dtype=np.int64)
    return opened, closed


def _spans(
    found: Forecast, *, next_round: datetime | None, asked: Like, now: datetime
) -> tuple[AgeRange, ...]:
    round_at = None if next_round is None else (next_round - asked.known_at) // _MICROSECOND
    told = forecasts.ranges_of(found, shares=ranges.LEVELS)
    return tuple(
        ranges.bounded(
            AgeRange(level=level, earliest=int(one.earliest[0]), latest=int(one.latest[0])),
            next_round=round_at,
            asked=(now - asked.known_at) // _MICROSECOND,
        )
        for level, one in zip(ranges.LEVELS, told, strict=True)
        if one.given[0]
    )


def _kept_by(found: Forecast, level: float, *, asked: Like, now: datetime) -> datetime | None:
    """The date by which so many were done; None if that is too far away to promise."""
    done, ages = found.done[0], found.ages[0]
    if done[-1] < level:
        return None
    by = asked.known_at + int(np.interp(level, done, ages)) * _MICROSECOND
    return by if by - now <= FARTHEST else None


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _closed(one: Like, *, now: datetime) -> int:
    return NEVER if one.done_at is None or one.done_at >= now else _micros(one.done_at)
