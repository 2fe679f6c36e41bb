"""The yardstick: the shortest Kaplan-Meier range of each kind, refitted weekly on half a year.

The plainest method that counts open requests honestly. It knows nothing but the kind and the age,
and says nothing where the kind has too few closings or too much of it is still open.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from makegood.queries.replay.asking import ASKED_AFTER, Questions, Subjects
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import NONE, Marks, Moments, Places, place
from makegood.rules import ranges
from makegood.rules.weekclock import MONDAY, WEEK

WINDOW: Final = ranges.WINDOW_MICROS


@dataclass(slots=True)
class _History:
    """Requests of one kind in the order of their opening."""

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


def yardstick_of(
    log: Log, questions: Questions, *, subjects: Subjects
) -> Iterator[tuple[float, Moments, Moments]]:
    """The yardstick's earliest and latest moment for each ask, level by level."""
    of = np.searchsorted(subjects.places, questions.places)
    opened = subjects.opened[of]
    spans = [(np.full_like(opened, NONE), np.full_like(opened, NONE)) for _ in ranges.LEVELS]
    weeks = (opened + questions.after - MONDAY) // WEEK * WEEK + MONDAY
    order = np.lexsort((questions.after, weeks, subjects.kinds[of]))
    histories: dict[int, _History] = {}
    for asks in _alike(order, subjects.kinds[of], weeks, questions.after):
        kind, week = int(subjects.kinds[of[asks[0]]]), int(weeks[asks[0]])
        curve = _curve(histories, subjects, kind=kind, week=week)
        after = int(questions.after[asks[0]])
        for span, (earliest, latest) in zip(_ranges(curve, after=after), spans, strict=False):
            earliest[asks] = opened[asks] + span.earliest
            latest[asks] = opened[asks] + span.latest
    for level, walls in zip(ranges.LEVELS, spans, strict=True):
        earliest, latest = (place(some, zone=log.clock.zone).moments for some in walls)
        yield level, earliest, np.where(walls[1] == NONE, NONE, np.maximum(earliest, latest))


def _alike(order: Places, *keys: Moments) -> Iterator[Places]:
    """Runs of asks with the same keys."""
    if not len(order):
        return
    changes = np.zeros(len(order) - 1, dtype=np.bool_)
    for key in keys:
        changes |= np.diff(key[order]) != 0
    cuts = [0, *(np.flatnonzero(changes) + 1).tolist(), len(order)]
    for begin, end in pairwise(cuts):
        yield order[begin:end]


def _curve(
    histories: dict[int, _History], subjects: Subjects, *, kind: int, week: int
) -> ranges.Curve | None:
    """The curve of a kind as known at a week; None if it has too few closings."""
    if kind not in histories:
        some = np.flatnonzero(subjects.kinds == kind)
        histories[kind] = _History(subjects.opened[some], subjects.closed[some])
    entered, left, closed = histories[kind].known_at(week)
    if closed.sum() < ranges.FEWEST:
        return None
    return ranges.curve_of(entered=entered, left=left, closed=closed)


def _ranges(curve: ranges.Curve | None, *, after: int) -> tuple[ranges.AgeRange, ...]:
    if curve is None:
        return ()
    return ranges.nested_ranges(curve if after == ASKED_AFTER else curve.from_age(after))
