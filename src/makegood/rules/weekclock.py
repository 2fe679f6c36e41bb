"""When work gets done: a clock that runs with the closings of a week.

Nights and weekends, when little is closed, pass quickly on it; the hours in which most is closed
pass slowly. A request's age by this clock says more about its chances than its age by the wall.
Times are local wall times in whole microseconds since Monday, 5 January 1970.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

Moments = npt.NDArray[np.int64]
Spans = npt.NDArray[np.float64]

HOUR: Final = timedelta(hours=1) // timedelta(microseconds=1)
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
HOURS: Final = 168
# 1970 began on a Thursday; weeks are counted from the first Monday.
MONDAY: Final = 4 * DAY

HALF_LIFE: Final = 60 * DAY
_REACH: Final = 4 * HALF_LIFE
# Closings that a pattern must be worth before it bends the clock half-way.
_HABIT: Final = 15.0
_HABIT_OF_AN_HOUR: Final = 10.0
# Even in the deadest hour something may be closed.
_LEAST: Final = 0.04
_STEPS: Final = 840


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekClock:
    """How far the clock has run by each hour of the week, and the way back."""

    run: Spans
    back: Spans

    def shown(self, at: Moments) -> Spans:
        """What the clock shows at some moments, in microseconds of its own."""
        since = at - MONDAY
        weeks = since // WEEK
        hours = (since - weeks * WEEK) // HOUR
        rest = (since - weeks * WEEK - hours * HOUR) / HOUR
        begun = self.run[hours]
        return np.asarray(weeks * float(WEEK) + begun + (self.run[hours + 1] - begun) * rest)

    def moments(self, shown: Spans) -> Spans:
        """The moments at which the clock shows this."""
        weeks = np.floor(shown / WEEK)
        steps = (shown - weeks * WEEK) * (_STEPS / WEEK)
        whole = np.minimum(steps.astype(np.int64), _STEPS - 1)
        begun = self.back[whole]
        rest = steps - whole
        return np.asarray(
            weeks * WEEK + begun + (self.back[whole + 1] - begun) * rest + MONDAY,
        )


def even_clock() -> WeekClock:
    """The clock of whoever closes at all hours alike."""
    return _clock(np.ones(HOURS))


def learn_clock(closed: Moments, *, since: int, now: int) -> WeekClock:
    """The clock of a history: what was closed before `now`, in a log watched since a moment."""
    since = max(since, now - _REACH)
    seen = closed[(closed >= since) & (closed < now)]
    if now - since < HOUR or not len(seen):
        return even_clock()
    weights = np.exp2(-(now - seen) / HALF_LIFE)
    done = np.bincount((seen - MONDAY) // HOUR % HOURS, weights=weights, minlength=HOURS)
    return _clock(_pattern(done.astype(np.float64), watched=_watched(since=since, now=now)))


def _watched(*, since: int, now: int) -> Spans:
    """How many hours of each hour of the week were watched, recent ones counting more."""
    hours = np.arange((since - MONDAY) // HOUR, (now - MONDAY) // HOUR)
    weights = np.exp2(-(now - MONDAY - hours * HOUR) / HALF_LIFE)
    return np.bincount(hours % HOURS, weights=weights, minlength=HOURS).astype(np.float64)


def _pattern(done: Spans, *, watched: Spans) -> Spans:
    """Closings per watched hour: by the hour of day, then the day, then each hour of the week."""
    expected = watched * (done.sum() / max(watched.sum(), 1.0))
    pattern = np.ones(HOURS)
    for axis, habit in ((0, _HABIT), (1, _HABIT), (None, _HABIT_OF_AN_HOUR)):
        ratio = (_summed(done, axis) + habit) / (_summed(expected * pattern, axis) + habit)
        pattern = pattern * np.broadcast_to(ratio, (7, 24)).ravel()
    return pattern


def _summed(hours: Spans, axis: int | None) -> Spans:
    table = hours.reshape(7, 24)
    return table if axis is None else np.asarray(table.sum(axis=axis, keepdims=True))


def _clock(pattern: Spans) -> WeekClock:
    pattern = (1 - _LEAST) * pattern / pattern.mean() + _LEAST
    run = np.concatenate([[0.0], np.cumsum(pattern)])
    run *= WEEK / run[-1]
    back = np.interp(np.arange(_STEPS + 1) * (WEEK / _STEPS), run, np.arange(HOURS + 1) * HOUR)
    return WeekClock(run=run, back=back)
