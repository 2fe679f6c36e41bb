"""Which customers were paid far more often than chance explains, and how often that is wrong (R22).

Each customer's number of payments in a period is compared with what chance gives. Chance is no bare
Poisson: people differ in what they own and how it fails, so its rate itself varies among them, as
a gamma does (together: a negative binomial, with mean and spread estimated from all customers).
Of the tails, Benjamini and Hochberg (1995) keep those of which at most a share of `FALSE` is chance
in expectation. A pattern is a reason to look, never a finding: a street with an old main is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import Final

FALSE: Final = 0.05
"""The false-positive rate: of all who are shown, this share is expected to be chance alone."""
FEWEST: Final = 3
"""Nobody is shown for less than so many payments, whatever the sums say."""
ENOUGH: Final = 100
"""With fewer customers than these nothing is estimated, and nobody is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """What chance gives: payments to a customer in the period, and how much people differ.

    `spread` is the variance of the rate among customers over its squared mean; 0 is a Poisson.
    """

    mean: float
    spread: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """One customer who was paid more often than chance explains.

    `chance` is how probable so many or more are by chance, for one customer; `false` the share of
    chance among all who are shown down to this one.
    """

    customer: int
    paid: int
    chance: float
    false: float


def tail(count: int, chance: Chance) -> float:
    """How probable it is that chance gives so many or more."""
    if count <= 0:
        return 1.0
    if chance.mean <= 0:
        return 0.0
    below = sum(exp(_log_probability(each, chance)) for each in range(count))
    return min(max(1.0 - below, _far_tail(count, chance)), 1.0)


def find(paid: Mapping[int, int], *, customers: int) -> tuple[Pattern, ...]:
    """The customers to look at, the clearest first; `customers` is how many there are in all.

    Each is compared with what all others had, so that nobody hides behind their own number.
    """
    if customers < ENOUGH:
        return ()
    total, squares = sum(paid.values()), sum(count * count for count in paid.values())
    known = [
        (tail(count, _chance(total - count, squares - count * count, customers - 1)), who)
        for who, count in paid.items()
    ]
    shown = _benjamini_hochberg(known, customers)
    return tuple(
        Pattern(customer=who, paid=paid[who], chance=p, false=q)
        for p, q, who in shown
        if paid[who] >= FEWEST
    )


def _chance(total: int, squares: int, customers: int) -> Chance:
    if customers <= 0 or total <= 0:
        return Chance(mean=0.0, spread=0.0)
    mean = total / customers
    variance = squares / customers - mean * mean
    return Chance(mean=mean, spread=max(variance - mean, 0.0) / (mean * mean))


def _benjamini_hochberg(
    known: list[tuple[float, int]], many: int
) -> list[tuple[float, float, int]]:
    """Those kept, each with its share of chance; whoever was never paid counts among the many."""
    ordered = sorted(known)
    shares: list[float] = []
    lowest = 1.0
    for place in range(len(ordered), 0, -1):
        lowest = min(lowest, ordered[place - 1][0] * many / place)
        shares.append(lowest)
    both = zip(ordered, reversed(shares), strict=True)
    return [(p, q, who) for (p, who), q in both if q <= FALSE]


def _log_probability(count: int, chance: Chance) -> float:
    if chance.spread < 1e-9:  # noqa: PLR2004 - no spread to speak of
        return count * log(chance.mean) - chance.mean - lgamma(count + 1)
    size = 1 / chance.spread
    return (
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        - size * log1p(chance.mean / size)
        + count * (log(chance.mean) - log(chance.mean + size))
    )


def _far_tail(count: int, chance: Chance) -> float:
    """Summed from `count` on, where one minus the rest would be lost in rounding."""
    total, each = 0.0, count
    while each < count + 200:
        term = exp(_log_probability(each, chance))
        total += term
        if term < total * 1e-12:
            break
        each += 1
    return total
