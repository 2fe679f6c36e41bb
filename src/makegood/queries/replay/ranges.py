"""The dates that Makegood would have given instead, each from what was known on that day.

One minute after its opening each request that is still open is asked about: when will it be done?
The answer comes from the history of its kind over the last 180 days, refitted every Monday, and
from that of all kinds where its own is too short. Nothing that happened later is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from makegood.queries.replay.log import Log
from makegood.queries.replay.times import DAY, NONE, Marks, Moments, Places, micros
from makegood.rules import ranges
from makegood.rules.ranges import AgeRange

_MICROSECOND: Final = timedelta(microseconds=1)
WINDOW: Final = ranges.WINDOW // _MICROSECOND
WEEK: Final = ranges.REFIT_EVERY // _MICROSECOND
ASKED_AFTER: Final = ranges.AFTER_THE_FACT // _MICROSECOND
# 5 January 1970 was the first Monday of our time line.
_FIRST_MONDAY: Final = 4 * DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """The range of one level given to each ask, as moments; NONE where none was given."""

    level: float
    earliest: Moments
    latest: Moments

    @property
    def given(self) -> Marks:
        """Which asks got a range."""
        return np.asarray(self.latest != NONE, dtype=np.bool_)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asks:
    """Every ask: which request, when, and the answers by level."""

    places: Places
    asked: Moments
    from_own_kind: Marks
    answers: tuple[Answers, ...]
    after_the_fact: int


@dataclass(slots=True)
class _History:
    """Requests of one kind (or of all), in the order of their opening."""

    opened: Moments
    closed: Moments
    older: Places = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    seen: int = 0

    def known_at(self, week: int) -> tuple[Moments, Moments, Marks]:
        """What was at work in the window before a week: ages entered and left, and closings.

        Weeks must be asked for in order: what was done before one window is dropped for good.
        """
        since = week - WINDOW
        until = int(np.searchsorted(self.opened, week))
        fresh = np.arange(self.seen, until)
        self.seen = until
        at_work = np.concatenate([self.older, fresh])
        self.older = at_work = at_work[self.closed[at_work] > since]
        opened, closed = self.opened[at_work], self.closed[at_work]
        is_closed = closed < week
        left = np.where(is_closed, closed, week) - opened
        return np.maximum(since - opened, 0), left, is_closed


def ask_for_ranges(log: Log) -> Asks:
    """Ask for a range one minute after every opening, knowing what was known that day."""
    if not log.has_closings:
        return _no_asks()
    never = np.iinfo(np.int64).max
    closed = np.where(log.closed == NONE, never, log.closed)
    slow = closed - log.opened >= ASKED_AFTER
    gone = log.ended & (log.closed == NONE)  # closed, nobody knows when: neither open nor done
    places = np.flatnonzero(slow & ~gone)
    asked = log.opened[places] + ASKED_AFTER
    in_time = asked <= micros(log.as_of)
    places, asked = places[in_time], asked[in_time]
    answers, own = _answer(
        opened=log.opened[places],
        closed=closed[places],
        kinds=log.kind_when_asked[places],
        asked=asked,
    )
    return Asks(
        places=places,
        asked=asked,
        from_own_kind=own,
        answers=answers,
        after_the_fact=int((~slow).sum()),
    )


def _no_asks() -> Asks:
    none = np.zeros(0, dtype=np.int64)
    return Asks(
        places=none,
        asked=none,
        from_own_kind=np.zeros(0, dtype=np.bool_),
        answers=tuple(Answers(level=level, earliest=none, latest=none) for level in ranges.LEVELS),
        after_the_fact=0,
    )


def _answer(
    *, opened: Moments, closed: Moments, kinds: Places, asked: Moments
) -> tuple[tuple[Answers, ...], Marks]:
    """Answer each ask from the history of its kind, or of all kinds where that is too short."""
    answers = tuple(
        Answers(level=level, earliest=np.full_like(opened, NONE), latest=np.full_like(opened, NONE))
        for level in ranges.LEVELS
    )

    def write(asks: Places, spans: tuple[AgeRange, ...]) -> None:
        for answer, span in zip(answers, spans, strict=False):
            answer.earliest[asks] = opened[asks] + span.earliest
            answer.latest[asks] = opened[asks] + span.latest

    own = np.zeros(len(opened), dtype=np.bool_)
    weeks = (asked - _FIRST_MONDAY) // WEEK * WEEK + _FIRST_MONDAY
    for kind in np.unique(kinds).tolist():
        of_kind = np.flatnonzero(kinds == kind)
        history = _History(opened[of_kind], closed[of_kind])
        for week, asks in _by_week(weeks[of_kind]):
            found = _ranges_known(*history.known_at(week))
            if found is not None:
                own[of_kind[asks]] = True
                write(of_kind[asks], found)
    left_over = np.flatnonzero(~own)
    everything = _History(opened, closed)
    for week, asks in _by_week(weeks[left_over]):
        write(left_over[asks], _ranges_known(*everything.known_at(week)) or ())
    return answers, own


def _by_week(weeks: Moments) -> Iterator[tuple[int, Places]]:
    """Each week with the places of its asks, in order of time."""
    starts, begins = np.unique(weeks, return_index=True)
    cuts = [*begins.tolist(), len(weeks)]
    for week, (begin, end) in zip(starts.tolist(), pairwise(cuts), strict=True):
        yield week, np.arange(begin, end)


def _ranges_known(entered: Moments, left: Moments, closed: Marks) -> tuple[AgeRange, ...] | None:
    """The ranges from a history; None if it is too short to tell.

    Enough must have been watched from their opening, too: a few old requests alone say nothing
    about how a new one begins.
    """
    watched = int((entered == 0).sum())
    if min(watched, int(closed.sum())) < ranges.FEWEST:
        return None
    return ranges.nested_ranges(ranges.curve_of(entered=entered, left=left, closed=closed))
