"""A p-chart: whether a share has really changed, or only wavers as such shares do.

Limits are three standard errors around the mean, widened by Laney's factor where days differ by
more than chance alone (D. B. Laney, Improved Control Charts for Attributes, 2002). A change is
real by one of four rules of the Western Electric handbook (1956).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from math import sqrt
from typing import Final

_MEAN_RANGE = 1.128
"""The mean range of two normal values, in standard deviations."""
ENOUGH: Final = 8
"""Points below which no limits are drawn: they would be guesses."""

ALIKE: Final = (0.0, 1.0)
"""Means of what all ended alike: nothing wavers that limits could be drawn around."""


class Rule(StrEnum):
    """Why a change is real."""

    BEYOND = "beyond"
    """One point outside the limits."""
    TWO_OF_THREE = "two_of_three"
    """Two of three points in a row beyond two thirds of the way to the same limit."""
    FOUR_OF_FIVE = "four_of_five"
    """Four of five points in a row beyond one third of the way to the same limit."""
    RUN = "run"
    """Eight points in a row on the same side of the mean."""


_WITHIN: Final = ((Rule.BEYOND, 1, 1, 3.0), (Rule.TWO_OF_THREE, 2, 3, 2.0),
                  (Rule.FOUR_OF_FIVE, 4, 5, 1.0), (Rule.RUN, 8, 8, 0.0))  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """Of `n`, so many."""

    hits: int
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A share with its limits, and the rules by which it is a real change."""

    share: float | None
    n: int
    low: float
    high: float
    distance: float = 0.0
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Points around their mean; without limits where there are too few points."""

    mean: float | None
    points: tuple[Point, ...]
    has_limits: bool
    spread: float = 1.0

    @property
    def changes(self) -> tuple[int, ...]:
        """The places of the points that mark a real change."""
        return tuple(place for place, point in enumerate(self.points) if point.rules)

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """The same from the first to the last, wherever they follow each other on one side."""
        sides = groupby(
            enumerate(self.points), key=lambda each: (bool(each[1].rules), each[1].distance > 0)
        )
        found = ([place for place, _point in run] for (is_real, _side), run in sides if is_real)
        return tuple((places[0], places[-1]) for places in found)


def chart(counts: Sequence[Count], *, before: Sequence[Count] = ()) -> Chart:
    """Draw the limits from the time before, if it is long enough, else from the points themselves.

    A time before in which all ended alike gives no measure of chance.

    :param before: counts of earlier times of the same length.
    """
    known = [count for count in before if count.n]
    points_known = [count for count in counts if count.n]
    is_measure = len(known) >= ENOUGH and _mean(known) not in ALIKE
    base = known if is_measure else points_known
    mean = _mean(base)
    if mean is None or mean in ALIKE or len(base) < ENOUGH:
        return Chart(mean=mean, points=tuple(_bare(c) for c in counts), has_limits=False)
    spread = _spread(base, mean)
    points = [_point(count, mean, spread) for count in counts]
    return Chart(mean=mean, points=_marked(points), has_limits=True, spread=spread)


def _mean(counts: Sequence[Count]) -> float | None:
    n = sum(count.n for count in counts)
    return sum(count.hits for count in counts) / n if n else None


def _bare(count: Count) -> Point:
    share = count.hits / count.n if count.n else None
    return Point(share=share, n=count.n, low=0.0, high=1.0)


def _error(count: Count, mean: float) -> float:
    return sqrt(mean * (1 - mean) / count.n)


def _spread(base: Sequence[Count], mean: float) -> float:
    """How much more the shares waver than chance alone makes them; never less than that."""
    distances = [(count.hits / count.n - mean) / _error(count, mean) for count in base]
    ranges = [abs(later - earlier) for earlier, later in pairwise(distances)]
    return max(sum(ranges) / len(ranges) / _MEAN_RANGE, 1.0)


def _point(count: Count, mean: float, spread: float) -> Point:
    if count.n == 0:
        return Point(share=None, n=0, low=0.0, high=1.0)
    error, share = _error(count, mean) * spread, count.hits / count.n
    return Point(
        share=share,
        n=count.n,
        low=max(mean - 3 * error, 0.0),
        high=min(mean + 3 * error, 1.0),
        distance=(share - mean) / error,
    )


def _marked(points: Sequence[Point]) -> tuple[Point, ...]:
    """Each point with the rules that it completes; an empty time neither counts nor interrupts."""
    marked, seen = [], list[float]()
    for point in points:
        if point.share is None:
            marked.append(point)
            continue
        seen.append(point.distance)
        rules = tuple(
            rule
            for rule, many, of, beyond in _WITHIN
            if _holds(seen, many=many, of=of, beyond=beyond)
        )
        marked.append(
            Point(share=point.share, n=point.n, low=point.low, high=point.high,
                  distance=point.distance, rules=rules)
        )  # fmt: skip
    return tuple(marked)


def _holds(seen: Sequence[float], *, many: int, of: int, beyond: float) -> bool:
    """Whether the last point, and enough of those before it, lie beyond, on the same side."""
    last = seen[-1]
    side = 1 if last > 0 else -1
    if len(seen) < of or side * last <= beyond:
        return False
    return sum(side * distance > beyond for distance in seen[-of:]) >= many
