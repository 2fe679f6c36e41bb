"""When each request of a log is asked about: at its opening, and again while it stays open."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from makegood.queries.replay.log import Log
from makegood.queries.replay.times import DAY, HOUR, NONE, Marks, Moments, Places, micros, walls_of
from makegood.rules import ranges
from makegood.rules.pace import NEVER

ASKED_AFTER: Final = ranges.AFTER_THE_FACT // timedelta(microseconds=1)
LATER: Final = (4 * HOUR, DAY, 7 * DAY, 28 * DAY, 90 * DAY)
# In a large log a part of the requests is asked about again, which is enough to score by.
MOST_ASKED_AGAIN: Final = 20_000
EVERY_EIGHTH: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """Every ask: which request, when, and how long after its opening; those at opening first.

    :param again: every how many requests is asked about again; 1 if all are.
    """

    places: Places
    asked: Moments
    after: Moments
    after_the_fact: int
    again: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Subjects:
    """The requests that are asked about and learned from, in local wall time."""

    places: Places
    opened: Moments
    closed: Moments
    kinds: Places


def questions_of(log: Log) -> tuple[Questions, Subjects]:
    """The asks about a log, and the requests behind them; none where nothing is ever closed."""
    closed = np.where(log.closed == NONE, NEVER, log.closed)
    slow = closed - log.opened >= ASKED_AFTER
    gone = log.ended & (log.closed == NONE)  # closed, nobody knows when: neither open nor done
    usable = slow & ~gone if log.has_closings else np.zeros(len(log), dtype=np.bool_)
    every = np.flatnonzero(usable)
    again = EVERY_EIGHTH if len(every) > MOST_ASKED_AGAIN else 1
    asks = [_open_after(log, closed, every, after=ASKED_AFTER)]
    asks += [_open_after(log, closed, every[::again], after=after) for after in LATER]
    places = np.concatenate([some for some, _ in asks])
    after = np.concatenate([np.full(len(some), span, dtype=np.int64) for some, span in asks])
    return Questions(
        places=places,
        asked=log.opened[places] + after,
        after=after,
        after_the_fact=int((~slow).sum()) if log.has_closings else 0,
        again=again,
    ), _subjects(log, every)


def _open_after(log: Log, closed: Moments, some: Places, *, after: int) -> tuple[Places, int]:
    """Which of some requests are still open so long after their opening, within the log."""
    at = log.opened[some] + after
    # At opening it is asked about what is done no sooner than that; later, about what is open.
    still = closed[some] > at if after > ASKED_AFTER else closed[some] >= at
    return some[still & (at <= micros(log.as_of))], after


def _subjects(log: Log, every: Places) -> Subjects:
    closed = np.full(len(every), NEVER, dtype=np.int64)
    done: Marks = np.asarray(log.closed[every] != NONE, dtype=np.bool_)
    closed[done] = walls_of(log.closed[every][done], zone=log.clock.zone)
    opened = walls_of(log.opened[every], zone=log.clock.zone)
    # Where clocks go back, what was opened later may show an earlier time.
    opened = np.maximum.accumulate(opened) if len(opened) else opened
    return Subjects(
        places=every,
        opened=opened,
        closed=np.maximum(closed, opened),
        kinds=log.kind_when_asked[every],
    )
