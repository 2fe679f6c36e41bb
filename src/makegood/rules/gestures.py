"""Gestures: small things that nobody promised, given only once a failure was put right (R44).

A surprise pleases where the correction, the apology and the dates stand already; before that it
looks like a way around them. It stands in for nothing that is owed, and never counts as a remedy.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Lack(StrEnum):
    """What a gesture waits for; the database names it, and judges by it again."""

    NOTHING = ""
    GIVEN = "given"
    PARTED = "parted"
    CORRECTION = "correction"
    APOLOGY = "apology"
    DATE = "date"
    OWED = "owed"


class GestureError(Exception):
    """Base of every refusal about gestures; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class NotCorrectedError(GestureError):
    """It is not put right yet: what was done for the customer comes first, then a surprise."""


class NotApologisedError(GestureError):
    """Nobody has apologised yet, or an apology is still owed: that comes before a surprise."""


class DatePassedError(GestureError):
    """A date that the customer was told has passed: give them a true one before a surprise."""


class StillOwedError(GestureError):
    """Something is still owed to this customer: a surprise never stands in for it."""


class GivenAlreadyError(GestureError):
    """This case has had its gesture."""


class PartedError(GestureError):
    """This case ended without a yes, so a surprise would only hurt."""


class OverBudgetError(GestureError):
    """The team's budget for gestures does not reach for this: choose something smaller, or wait."""


class NotInCatalogueError(GestureError):
    """This is not in the catalogue any more: choose something that is."""


class OnesOwnError(GestureError):
    """Nobody gives a gesture to themselves or their own: ask a colleague."""


class OtherGestureError(GestureError):
    """This act was sent before with another gesture; nothing was given a second time."""


REFUSED: Final[dict[Lack, type[GestureError]]] = {
    Lack.GIVEN: GivenAlreadyError,
    Lack.PARTED: PartedError,
    Lack.CORRECTION: NotCorrectedError,
    Lack.APOLOGY: NotApologisedError,
    Lack.DATE: DatePassedError,
    Lack.OWED: StillOwedError,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """What a team may spend within some days, and what of it is spent."""

    per_period_minor: int
    period_days: int
    spent_minor: int

    @property
    def room_minor(self) -> int:
        """What is left."""
        return max(self.per_period_minor - self.spent_minor, 0)


def check(lack: Lack) -> None:
    """Refuse what comes too soon, in the words of what is lacking.

    :raises GestureError: if something is.
    """
    if lack in REFUSED:
        raise REFUSED[lack]
