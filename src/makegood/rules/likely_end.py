"""Where a conversation is likely to end, from the ends of like cases (requirement R25).

It says where this usually goes, so that it is offered first. It never lowers what the evidence
says is fair, since a habit may be stingy; and with too few cases it says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low
from typing import Final, NamedTuple

FEWEST: Final = 5
"""So many ends before anything is said of them."""
MOST: Final = 50
"""So many of the newest are looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LikelyEnd:
    """How like cases ended: how many there are, in how many something was given, and how much.

    `typical_minor` is the middle of what was given where money was, 0 if it never was.
    """

    cases: int
    given: int
    typical_minor: int

    @property
    def is_known(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.cases >= FEWEST

    @property
    def is_to_be_given(self) -> bool:
        """Whether most of them ended with money given."""
        return self.is_known and self.typical_minor > 0 and 2 * self.given > self.cases


class End(NamedTuple):
    """How one case ended: whether something was given, and how much of it was money."""

    given: bool
    amount_minor: int


def likely(ends: Iterable[End]) -> LikelyEnd:
    """What the ends of like cases come to."""
    found = tuple(ends)
    sums = sorted(end.amount_minor for end in found if end.amount_minor > 0)
    return LikelyEnd(
        cases=len(found),
        given=sum(end.given for end in found),
        typical_minor=median_low(sums) if sums else 0,
    )
