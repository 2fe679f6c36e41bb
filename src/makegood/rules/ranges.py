"""When will it be done? The earliest and the latest age, from how long a queue has taken.

Requests that are still open count: they have lasted at least so long. Leaving them out makes every
queue look faster than it is. The curve is that of Kaplan and Meier, with requests entering it at
the age from which they were watched; the range of a level is the shortest stretch of ages that
holds enough of it. Ages are whole microseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

Ages = npt.NDArray[np.int64]

LEVELS: Final = (0.8, 0.9)
# Queues change: what was at work in the last half-year tells more than the years before it.
WINDOW: Final = timedelta(days=180)
WINDOW_MICROS: Final = WINDOW // timedelta(microseconds=1)
# Below this even the widest range that the history shows cannot hold nine in ten.
FEWEST: Final = 20
# What closes that soon was written down after the fact, or closed by a machine.
AFTER_THE_FACT: Final = timedelta(minutes=1)

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """The share of requests done by each age at which one was done."""

    ages: Ages
    done: npt.NDArray[np.float64]
    closings: int

    def age_by_which(self, share: float) -> int | None:
        """The age by which a share is done; None if the history does not reach that far."""
        at = int(np.searchsorted(self.done, share - _ROUNDING))
        return int(self.ages[at]) if at < len(self.ages) else None

    def from_age(self, age: int) -> "Curve":
        """The curve of those that reached an age."""
        after = int(np.searchsorted(self.ages, age, side="right"))
        before = float(self.done[after - 1]) if after else 0.0
        left = max(1.0 - before, _ROUNDING)
        return Curve(
            ages=self.ages[after:],
            done=(self.done[after:] - before) / left,
            closings=self.closings if after < len(self.ages) else 0,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeRange:
    """Done no earlier than one age and no later than another, at a level."""

    level: float
    earliest: int
    latest: int


def curve_of(*, entered: Ages, left: Ages, closed: npt.NDArray[np.bool_]) -> Curve:
    """The Kaplan-Meier curve of a history.

    :param entered: the age from which each request was watched; 0 if from its opening.
    :param left: its age when it was closed or, if open, at the last look.
    :param closed: whether it was closed then.
    """
    ages, closings = np.unique(left[closed], return_counts=True)
    # Watched at an age: entered before it, and not yet gone when it came.
    at_risk = np.searchsorted(np.sort(entered), ages) - np.searchsorted(np.sort(left), ages)
    # A request that enters and closes at the same age was watched for an instant at least.
    at_risk = np.maximum(at_risk, closings)
    done = 1.0 - np.cumprod(1.0 - closings / at_risk)
    return Curve(ages=ages, done=done, closings=int(closings.sum()))


def share_needed(level: float, *, closings: int) -> float:
    """How much of a curve a range must hold, to hold `level` of what comes next.

    Of n past times, k neighbouring ones hold the next with probability (k - 1) / (n + 1): a short
    history must be held more completely than a long one.
    """
    return (level * (closings + 1) + 1) / closings


def shortest_range(
    curve: Curve, *, level: float, around: AgeRange | None = None
) -> AgeRange | None:
    """The shortest range that holds a level; None if the history is too short or still too open.

    :param around: a range of a lower level, which this one must contain.
    """
    if not curve.closings:
        return None
    needed = share_needed(level, closings=curve.closings)
    before = np.concatenate([[0.0], curve.done[:-1]])
    ends = np.searchsorted(curve.done, before + needed - _ROUNDING)
    if around is not None:
        ends = np.maximum(ends, np.searchsorted(curve.ages, around.latest))
    reached = ends < len(curve.ages)
    if around is not None:
        reached &= curve.ages <= around.earliest
    if not reached.any():
        return None
    begins = np.flatnonzero(reached)
    widths = curve.ages[ends[begins]] - curve.ages[begins]
    best = begins[int(np.argmin(widths))]
    return AgeRange(level=level, earliest=int(curve.ages[best]), latest=int(curve.ages[ends[best]]))


def nested_ranges(curve: Curve, *, levels: Sequence[float] = LEVELS) -> tuple[AgeRange, ...]:
    """The shortest ranges of rising levels, each around the one before, as far as they exist."""
    found: tuple[AgeRange, ...] = ()
    for level in levels:
        narrower = found[-1] if found else None
        here = shortest_range(curve, level=level, around=narrower)
        if here is None:
            break
        found += (here,)
    return found


def bounded(span: AgeRange, *, next_round: int | None, asked: int) -> AgeRange:
    """A range that ends no later than the next scheduled round will have come, if one is known.

    :param next_round: the age at which the round will have come.
    :param asked: the age at which it is asked; a round that is past bounds nothing.
    """
    if next_round is None or next_round < asked:
        return span
    latest = min(span.latest, next_round)
    return AgeRange(level=span.level, earliest=min(span.earliest, latest), latest=latest)
