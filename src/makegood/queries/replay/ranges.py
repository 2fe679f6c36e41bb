"""The dates that Makegood would have given instead, each from what was known on that day.

Each request is asked about one minute after its opening, and again while it stays open: when will
it be done? The history is looked at anew every week, in a young log more often, and nothing that
happened later is looked at.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from makegood.queries.replay.asking import ASKED_AFTER, Questions, Subjects, questions_of
from makegood.queries.replay.knowing import history_of_log
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import NONE, Marks, Moments, Places, place
from makegood.queries.replay.yardstick import yardstick_of
from makegood.rules import forecasts, ranges
from makegood.rules.forecasts import Forecast, Given, Ranges
from makegood.rules.pace import Pace, learn
from makegood.rules.traits import History
from makegood.rules.weekclock import WeekClock, learn_clock

# Closings of its own kind within half a year, from which a kind is said to have a history.
_OWN: Final = forecasts.FEWEST
# Looks taken beside the one in use; each holds some megabytes.
_AHEAD: Final = 1


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
    """Every ask: which request, when, how long after its opening, and the answers by level.

    :param yardstick: the answers of the plainest honest method, to compare with.
    :param again: every how many requests was asked about again after its opening.
    """

    places: Places
    asked: Moments
    after: Moments
    from_own_kind: Marks
    answers: tuple[Answers, ...]
    yardstick: tuple[Answers, ...]
    after_the_fact: int
    again: int

    @property
    def at_opening(self) -> Marks:
        """Which asks were made at the opening of their request."""
        return np.asarray(self.after == ASKED_AFTER, dtype=np.bool_)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """What was known at one look at the history."""

    at: int
    clock: WeekClock
    pace: Pace


def ask_for_ranges(log: Log) -> Asks:
    """Ask for a range at every opening and again later, knowing what was known that day."""
    questions, subjects = questions_of(log)
    history = history_of_log(log, subjects)
    own, answers = _answer(log, questions, subjects=subjects, history=history)
    return Asks(
        places=questions.places,
        asked=questions.asked,
        after=questions.after,
        from_own_kind=own,
        answers=answers,
        yardstick=tuple(
            Answers(level=level, earliest=earliest, latest=latest)
            for level, earliest, latest in yardstick_of(log, questions, subjects=subjects)
        ),
        after_the_fact=questions.after_the_fact,
        again=questions.again,
    )


def _answer(
    log: Log, questions: Questions, *, subjects: Subjects, history: History
) -> tuple[Marks, tuple[Answers, ...]]:
    """Answer each ask from the last look before it."""
    count = len(questions.places)
    spans = [(np.full(count, NONE), np.full(count, NONE)) for _ in ranges.LEVELS]
    own = np.zeros(count, dtype=np.bool_)
    of = np.searchsorted(subjects.places, questions.places)
    asked = subjects.opened[of] + questions.after
    given: tuple[Given, ...] = ()
    since = int(subjects.opened[0]) if len(subjects.opened) else 0
    for look, asks in _looks(history, asked=asked, since=since):
        at = look.at
        if look.pace.closings < forecasts.FEWEST:
            continue
        given = forecasts.still_telling(given, now=at)
        shares = forecasts.shares_needed(ranges.LEVELS, given=given, now=at)
        own[asks] = _has_history(subjects, at=at)[subjects.kinds[of[asks]]]
        found, told = _told(look, history, of=of[asks], asked=asked[asks], shares=shares)
        for (earliest, latest), one in zip(spans, told, strict=True):
            some = one.given
            earliest[asks[some]] = found.opened[some] + one.earliest[some].astype(np.int64)
            latest[asks[some]] = found.opened[some] + one.latest[some].astype(np.int64)
        openings = np.flatnonzero(questions.after[asks] == ASKED_AFTER)
        if len(openings):
            closed = subjects.closed[of[asks][openings]]
            more = forecasts.keep(found, openings, closed=closed, ranges=told)
            given = forecasts.with_more(given, more)
    return own, tuple(
        _in_the_world(log, questions, level=level, span=span)
        for level, span in zip(ranges.LEVELS, spans, strict=True)
    )


def _by_look(asked: Moments, *, since: int) -> Iterator[tuple[int, Places]]:
    """Each look at the history with the asks that it answers, in order of time."""
    looks = [since + forecasts.REFIT_FIRST]
    while len(asked) and looks[-1] <= asked.max():
        looks.append(forecasts.next_look(looks[-1], since=since))
    order = np.argsort(asked, kind="stable")
    cuts = np.searchsorted(asked[order], looks)
    for at, begin, end in zip(looks, cuts, cuts[1:], strict=False):
        if end > begin:
            yield at, order[begin:end]


def _looks(history: History, *, asked: Moments, since: int) -> Iterator[tuple[_Look, Places]]:
    """Each look with the asks it answers; the next ones are taken while one is being used.

    What numpy computes, it computes beside Python: so both processors have something to do.
    """
    waiting: deque[tuple[Future[_Look], Places]] = deque()
    with ThreadPoolExecutor(_AHEAD) as others:
        for at, asks in _by_look(asked, since=since):
            waiting.append((others.submit(_look, history, since=since, at=at), asks))
            if len(waiting) > _AHEAD:
                look, some = waiting.popleft()
                yield look.result(), some
        for look, some in waiting:
            yield look.result(), some


def _look(history: History, *, since: int, at: int) -> _Look:
    clock = learn_clock(history.past.closed, since=since, now=at)
    pace = learn(history.past, traits=history.traits, clock=clock, now=at)
    return _Look(at=at, clock=clock, pace=pace)


def _told(
    look: _Look, history: History, *, of: Places, asked: Moments, shares: Sequence[float]
) -> tuple[Forecast, tuple[Ranges, ...]]:
    found = forecasts.forecast(
        look.pace.chances(history.past.cells[of]),
        opened=history.past.opened[of],
        asked=asked,
        clock=look.clock,
    )
    return found, forecasts.ranges_of(found, shares=shares)


def _has_history(subjects: Subjects, *, at: int) -> Marks:
    """Which kinds had enough closings of their own in the half-year before a look."""
    recent = (subjects.closed < at) & (subjects.closed > at - ranges.WINDOW_MICROS)
    counts = np.bincount(subjects.kinds[recent], minlength=int(subjects.kinds.max()) + 1)
    return np.asarray(counts >= _OWN, dtype=np.bool_)


def _in_the_world(
    log: Log, questions: Questions, *, level: float, span: tuple[Moments, Moments]
) -> Answers:
    """Wall times as moments; never before the ask, nor the wrong way round."""
    earliest, latest = (place(walls, zone=log.clock.zone).moments for walls in span)
    given = span[1] != NONE
    earliest = np.where(given, np.maximum(earliest, questions.asked), NONE)
    return Answers(
        level=level,
        earliest=earliest,
        latest=np.where(given, np.maximum(latest, earliest), NONE),
    )
