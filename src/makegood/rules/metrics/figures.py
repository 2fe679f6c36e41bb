"""What samples come to: shares, percentiles and sums, each with how many they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from makegood.rules.metrics.definitions import Figure

_Z95 = 1.959964
P50, P90 = 0.5, 0.9
THOUSAND = 1000
FEW = 30
"""Fewer than these say little; a figure of them is marked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Samples added up: how many there are, how many are known, their sum and percentiles."""

    n: int = 0
    known: int = 0
    total: int = 0
    p50: float | None = None
    p90: float | None = None

    @property
    def missing(self) -> int:
        """How many there are of which the figure is not known, such as apologies never made."""
        return self.n - self.known


def tally(values: Sequence[int | None]) -> Tally:
    """Add samples up."""
    known = sorted(value for value in values if value is not None)
    return Tally(
        n=len(values),
        known=len(known),
        total=sum(known),
        p50=percentile(known, P50),
        p90=percentile(known, P90),
    )


def percentile(ordered: Sequence[int], share: float) -> float | None:
    """The smallest value that so large a share lies at or below; PostgreSQL's percentile_disc."""
    return float(ordered[place_of(share, len(ordered))]) if ordered else None


def place_of(share: float, n: int) -> int:
    """The place, among `n` values in their order, that so large a share lies at or before."""
    return max(ceil(share * n) - 1, 0)


def value(tally: Tally, figure: Figure) -> float | None:
    """What a tally comes to; None where there is nothing to say."""
    if not tally.known:
        return None
    match figure:
        case Figure.SHARE | Figure.MEAN:
            return tally.total / tally.known
        case Figure.PER_THOUSAND:
            return THOUSAND * tally.total / tally.known
        case Figure.MEDIAN:
            return tally.p50
        case Figure.P90:
            return tally.p90
        case Figure.MINUTES | Figure.MONEY:
            return float(tally.total)


def interval(hits: int, n: int) -> tuple[float, float]:
    """Between what a share may truly lie, by Wilson's 95 % interval; honest when `n` is small."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
