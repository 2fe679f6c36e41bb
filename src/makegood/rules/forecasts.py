"""When will each of some requests be done? Its chances by age become a curve, the curve a range.

The range of a level is the shortest stretch of time that holds enough of the curve, the wider
level around the narrower. On-line, the levels are set so that as many ranges hold as they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from makegood.rules.pace import EDGES, STEPS, Marks, Places, Table, in_batches, step_of
from makegood.rules.weekclock import DAY, Moments, Spans, WeekClock

# Below so many closings nothing is known.
FEWEST: Final = 20
# The longest time between two looks at the history; a young one is looked at more often.
REFIT_EVERY: Final = 7 * DAY
REFIT_FIRST: Final = DAY // 4
_OLDER_BY: Final = 5

_BATCH: Final = 2000
# Earlier forecasts count half after so long; in a thin history later, so that enough of them count.
_HALF_LIFE: Final = 15 * DAY
_ENOUGH: Final = 500.0
_LONGER: Final = 100.0
_HALF_LIVES: Final = 4
# In four half-lives of which so many count, there are about three times as many.
_KEPT: Final = 3 * int(_ENOUGH)
_TOGETHER: Final = 500
_FIRM: Final = 300.0
_TRUST: Final = 0.8
_FARTHEST: Final = 0.45
_FEWEST_LEFT: Final = 0.02
_SECOND: Final = timedelta(seconds=1) // timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """For each request the moments of its steps, and the share done by each of them.

    :param opened: when each was opened; the moments are told as ages since then.
    :param first: the step in which it was asked; nothing is done before.
    """

    opened: Moments
    ages: Spans
    done: Spans
    first: Places


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranges:
    """Ages within which requests will be done; `given` is false where no range can be told."""

    earliest: Spans
    latest: Spans
    given: Marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """Forecasts made before, kept to see how they hold: the share done by each range's start."""

    opened: Moments
    closed: Moments
    ages: Table
    done: Table
    starts: tuple[tuple[Spans, Spans], ...]


def forecast(chances: Table, *, opened: Moments, asked: Moments, clock: WeekClock) -> Forecast:
    """The curve of each request, given that it was still open when it was asked about."""
    left = np.log1p(-chances.astype(np.float64))
    survived = np.concatenate([np.zeros((len(opened), 1)), np.cumsum(left, axis=1)], axis=1)
    start = clock.shown(opened)
    age = clock.shown(asked) - start
    first = step_of(age)
    rows = np.arange(len(opened))
    into = (age - EDGES[first]) / (EDGES[first + 1] - EDGES[first])
    by_now = survived[rows, first] + np.minimum(into, 1.0) * left[rows, first]
    ages = clock.moments(start[:, None] + EDGES[None, :]) - opened[:, None]
    return Forecast(
        opened=opened,
        ages=np.maximum(ages, (asked - opened)[:, None]),
        done=-np.expm1(np.minimum(survived - by_now[:, None], 0.0)),
        first=first,
    )


def ranges_of(found: Forecast, *, shares: Sequence[float]) -> tuple[Ranges, ...]:
    """The shortest range holding each share of its curve; shares rise, and so do the ranges."""
    nested: tuple[Ranges, ...] = ()
    for share in shares:
        nested += (_shortest(found, share=share, around=nested[-1] if nested else None),)
    return nested


def _shortest(found: Forecast, *, share: float, around: Ranges | None) -> Ranges:
    count = len(found.opened)
    ranges = Ranges(
        earliest=np.zeros(count), latest=np.zeros(count), given=np.zeros(count, dtype=np.bool_)
    )
    for some in in_batches(count, size=_BATCH):
        ends = _ends(found.done[some], ages=found.ages[some], share=share)
        begins = found.ages[some, :-1]
        ends[np.arange(STEPS)[None, :] < found.first[some, None]] = np.inf
        if around is not None:
            ends = np.maximum(ends, around.latest[some, None])
            ends[begins > around.earliest[some, None]] = np.inf
        best = np.argmin(ends - begins, axis=1)
        rows = np.arange(len(best))
        ranges.earliest[some], ranges.latest[some] = begins[rows, best], ends[rows, best]
        ranges.given[some] = np.isfinite(ranges.latest[some])
        if around is not None:
            ranges.given[some] &= around.given[some]
    return ranges


def _ends(done: Spans, *, ages: Spans, share: float) -> Spans:
    """For each step at which a range may begin, the age by which it holds a share; or infinity."""
    wanted = done[:, :-1] + share
    # All rows are read off at once, as one long curve: each lies two higher than the one before.
    lifted = 2.0 * np.arange(len(done))[:, None]
    found = np.interp((wanted + lifted).ravel(), (done + lifted).ravel(), ages.ravel())
    return np.where(wanted <= done[:, -1:], found.reshape(wanted.shape), np.inf)


def next_look(last: int, *, since: int) -> int:
    """When to look at a history again that was looked at before: the younger it is, the sooner."""
    return last + int(min(max((last - since) // _OLDER_BY, REFIT_FIRST), REFIT_EVERY))


def keep(found: Forecast, some: Places, *, closed: Moments, ranges: Sequence[Ranges]) -> Given:
    """What must be kept of some forecasts to see later how they held, by order of opening."""
    ages, done = found.ages[some], found.done[some]
    begins = [one.earliest[some] for one in ranges]
    return Given(
        opened=found.opened[some],
        closed=closed,
        ages=ages.astype(np.float32),
        done=done.astype(np.float32),
        starts=tuple((begin, _done_by(ages, done, at=begin)) for begin in begins),
    )


def with_more(given: Sequence[Given], more: Given) -> tuple[Given, ...]:
    """Forecasts with later ones behind them, few ones put together."""
    if not given or len(given[-1].opened) >= _TOGETHER:
        return (*given, more)
    last = given[-1]
    starts = zip(last.starts, more.starts, strict=True)
    both = Given(
        opened=np.concatenate([last.opened, more.opened]),
        closed=np.concatenate([last.closed, more.closed]),
        ages=np.concatenate([last.ages, more.ages]),
        done=np.concatenate([last.done, more.done]),
        starts=tuple(
            (np.concatenate([begin, later]), np.concatenate([done, more_done]))
            for (begin, done), (later, more_done) in starts
        ),
    )
    return (*given[:-1], both)


def still_telling(given: Sequence[Given], *, now: int) -> tuple[Given, ...]:
    """Those young enough to tell how ranges hold at present, or among the last so many."""
    counts = [len(one.opened) for one in given]
    younger = np.cumsum([0, *counts[:0:-1]])[::-1]
    since = now - _HALF_LIVES * _HALF_LIFE
    return tuple(
        one
        for one, count in zip(given, younger.tolist(), strict=False)
        if int(one.opened[-1]) > since or count < _KEPT
    )


def shares_needed(
    levels: Sequence[float], *, given: Sequence[Given], now: int
) -> tuple[float, ...]:
    """How much of its curve a range must hold now so that its level is met.

    Of each forecast it is asked how much would have been needed to hold the outcome; requests
    that are open need more than they have yet. The Kaplan-Meier share of these at the level is
    the answer, drawn towards the level itself and bounded.
    """
    needed = list(levels)
    if sum(len(one.opened) for one in given) >= FEWEST:
        left = [np.minimum(one.closed, now) - one.opened for one in given]
        held = [_done_by(o.ages, o.done, at=a) for o, a in zip(given, left, strict=True)]
        ages = np.concatenate(left)
        by_then = np.concatenate(held)
        known = np.concatenate([one.closed < now for one in given])
        opened = np.concatenate([one.opened for one in given])
        weights = _weights(now - opened)
        for i, level in enumerate(levels):
            begins = np.concatenate([one.starts[i][0] for one in given])
            before = np.concatenate([one.starts[i][1] for one in given])
            scores = np.where(known & (ages < begins), 1.0, np.maximum(by_then - before, 0.0))
            needed[i] = _towards(
                level,
                _met_at(level, scores, known=known, weights=weights),
                count=float(weights.sum()),
            )
    return tuple(np.maximum.accumulate(needed).tolist())


def _weights(since: Moments) -> Spans:
    """How much each forecast tells, by the time since its request was opened."""
    enough = _ENOUGH / max(float(np.exp2(-since / _HALF_LIFE).sum()), 1.0)
    half_life = _HALF_LIFE * min(max(enough, 1.0), _LONGER)
    return np.asarray(np.exp2(-since / half_life) * (since < _HALF_LIVES * half_life))


def _met_at(level: float, scores: Spans, *, known: Marks, weights: Spans) -> float:
    """The score below which a level of outcomes lies; the level itself where none can tell."""
    order = np.lexsort((~known, scores))
    weights = weights[order]
    at_risk = np.cumsum(weights[::-1])[::-1]
    lost = np.where(known[order], weights / np.maximum(at_risk, 1e-12), 0.0)
    at = int(np.searchsorted(1.0 - np.cumprod(1.0 - lost), level))
    if len(scores) - at < _FEWEST_LEFT * len(scores):
        return level
    return float(scores[order[at]])


def _towards(level: float, met: float, *, count: float) -> float:
    met = min(max(met, 0.3), 0.995)
    odds, at = np.log(level / (1 - level)), np.log(met / (1 - met))
    step = _TRUST * count / (count + _FIRM) * (at - odds)
    return float(1 / (1 + np.exp(-odds - min(max(step, -_FARTHEST), _FARTHEST))))


def _done_by(ages: Spans | Table, done: Spans | Table, *, at: Spans | Moments) -> Spans:
    """The share done by one age of each request."""
    rows = np.arange(len(at))
    step = np.clip((ages <= at[:, None]).sum(axis=1) - 1, 0, STEPS - 1)
    begun, ended = ages[rows, step], ages[rows, step + 1]
    into = np.clip((at - begun) / np.maximum(ended - begun, _SECOND), 0.0, 1.0)
    low = done[rows, step]
    return np.asarray(low + (done[rows, step + 1] - low) * into, dtype=np.float64)
