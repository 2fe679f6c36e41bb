"""The metrics of the wall, M01 to M32: what kind of figure each is, and which way is better.

What is said of each stands in `language.metrics`; how each is counted, in the modules beside this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Figure(StrEnum):
    """What the samples of a metric come to."""

    SHARE = "share"
    """How many of them are a yes."""
    PER_THOUSAND = "per_thousand"
    MEAN = "mean"
    """Of counts only: durations are never averaged."""
    MEDIAN = "median"
    """Minutes, with the ninetieth percentile beside it."""
    P90 = "p90"
    MINUTES = "minutes"
    """Minutes, added up."""
    MONEY = "money"
    """Minor units, added up by currency."""


class Better(StrEnum):
    """Which way a figure should go; none where neither is good as such."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One metric; its guard stands beside its figure."""

    code: str
    figure: Figure
    better: Better


def _metric(code: str, figure: Figure, better: Better) -> Metric:
    return Metric(code=code, figure=figure, better=better)


_UP, _DOWN, _NEITHER = Better.UP, Better.DOWN, Better.NEITHER
_ALL: Final = (
    _metric("M01", Figure.SHARE, _UP),
    _metric("M02", Figure.SHARE, _UP),
    _metric("M03", Figure.SHARE, _DOWN),
    _metric("M04", Figure.PER_THOUSAND, _DOWN),
    _metric("M05", Figure.SHARE, _UP),
    _metric("M06", Figure.MEAN, _DOWN),
    _metric("M07", Figure.SHARE, _UP),
    _metric("M08", Figure.MINUTES, _DOWN),
    _metric("M09", Figure.MONEY, _DOWN),
    _metric("M10", Figure.MEDIAN, _DOWN),
    _metric("M11", Figure.MEDIAN, _DOWN),
    _metric("M12", Figure.MEDIAN, _DOWN),
    _metric("M13", Figure.P90, _DOWN),
    _metric("M14", Figure.MEAN, _DOWN),
    _metric("M15", Figure.MEDIAN, _DOWN),
    _metric("M16", Figure.MONEY, _NEITHER),
    _metric("M17", Figure.SHARE, _UP),
    _metric("M18", Figure.SHARE, _UP),
    _metric("M19", Figure.SHARE, _DOWN),
    _metric("M20", Figure.SHARE, _DOWN),
    _metric("M21", Figure.SHARE, _UP),
    _metric("M22", Figure.SHARE, _UP),
    _metric("M23", Figure.MONEY, _DOWN),
    _metric("M24", Figure.MEAN, _NEITHER),
    _metric("M25", Figure.MEAN, _NEITHER),
    _metric("M26", Figure.SHARE, _UP),
    _metric("M27", Figure.SHARE, _DOWN),
    _metric("M28", Figure.SHARE, _NEITHER),
    _metric("M29", Figure.MEDIAN, _DOWN),
    _metric("M30", Figure.SHARE, _UP),
    _metric("M31", Figure.SHARE, _UP),
    _metric("M32", Figure.SHARE, _UP),
)

METRICS: Final[Mapping[str, Metric]] = {metric.code: metric for metric in _ALL}

TILES: Final = ("M01", "M04", "M03", "M06", "M13", "M11", "M20", "M18")
"""The wall, in this order: quality leads."""

COST: Final = "M16"
"""And cost lags: it stands at the far right."""

ALL_CODES: Final = tuple(METRICS)
