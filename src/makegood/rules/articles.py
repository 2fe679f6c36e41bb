"""What an article of the company's knowledge is: an offer, tariff, flyer or answer.

Two articles about the same thing that cannot both be true are found by their figures, whoever
wrote them and wherever they hang.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from makegood.rules import figures
from makegood.rules.figures import Figure

ALIKE: Final = 0.6
"""From here on two names of figures mean the same figure."""
SAME: Final = 0.5
"""Of what the shorter says that it is about, so much stands in the other."""
FIGURES_MAX: Final = 50


class ArticleKind(StrEnum):
    """In which form the company says it."""

    OFFER = "offer"
    TARIFF = "tariff"
    FLYER = "flyer"
    ANSWER = "answer"


class ArticleError(Exception):
    """Base of every refusal about an article; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class NotInUseError(ArticleError):
    """This version was changed or withdrawn meanwhile; look at the article again."""


class NoReasonToChangeError(ArticleError):
    """Say why it is changed: whoever told customers the old version will want to know."""


class DatesError(ArticleError):
    """It ends before it begins; give a last day that is not before the first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Knowledge:
    """An article as far as contradictions are concerned; an empty area is everywhere."""

    about: str
    figures: tuple[Figure, ...]
    from_on: date
    until_on: date | None = None
    area: str = ""

    def holds(self, *, on: date, area: str) -> bool:
        """Whether it is in force on a day for somebody who lives in an area."""
        is_time = self.from_on <= on and (self.until_on is None or on <= self.until_on)
        return is_time and self.area in {"", area}


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """One figure of an article, and what else was said of it."""

    figure: Figure
    other: str


def check(known: Knowledge) -> None:
    """Refuse an article that cannot be kept.

    :raises DatesError: if it ends before it begins.
    :raises FigureError: if a figure cannot be read.
    """
    if known.until_on is not None and known.until_on < known.from_on:
        raise DatesError
    for figure in known.figures:
        figure.quantity()


def clashes(one: Knowledge, other: Knowledge) -> Iterator[Clash]:
    """Every figure in which two articles that are in force together cannot both be true."""
    if not (_at_one_time(one, other) and _in_one_place(one, other) and _of_one_thing(one, other)):
        return
    for figure in one.figures:
        same = _same(figure, other.figures)
        if same is not None and not figures.agrees(figure.quantity(), same.quantity()):
            yield Clash(figure=figure, other=same.in_words())


def _at_one_time(one: Knowledge, other: Knowledge) -> bool:
    ends = [day for day in (one.until_on, other.until_on) if day is not None]
    return not ends or max(one.from_on, other.from_on) <= min(ends)


def _in_one_place(one: Knowledge, other: Knowledge) -> bool:
    return "" in {one.area, other.area} or one.area == other.area


def _of_one_thing(one: Knowledge, other: Knowledge) -> bool:
    ours, theirs = figures.stems(one.about), figures.stems(other.about)
    least = min(len(ours), len(theirs))
    return least > 0 and len(ours & theirs) / least >= SAME


def _same(figure: Figure, others: Sequence[Figure]) -> Figure | None:
    """The figure that means the same, if there is one: the most alike that counts the same unit."""
    units = figure.quantity().units
    ranked = [(_likeness(figure.name, one.name), one) for one in others]
    best = max(
        (pair for pair in ranked if units & pair[1].quantity().units),
        key=lambda pair: pair[0],
        default=(0.0, None),
    )
    return best[1] if best[0] >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    ours, theirs = figures.stems(one), figures.stems(other)
    together = ours | theirs
    return len(ours & theirs) / len(together) if together else 0.0
