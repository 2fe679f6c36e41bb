"""Doubts: what was said contradicts an article that is in force; its owner answers within minutes.

The owner is asked, not the customer. Whichever was wrong, the customer keeps what they were told.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Final

from makegood.rules import figures
from makegood.rules.articles import Clash, Knowledge
from makegood.rules.escalation import Role
from makegood.rules.figures import SENTENCE, Figure

CLOCK: Final = timedelta(minutes=5)
"""How long one person has, before the next on the ladder is asked."""
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
NAMED: Final = 0.6
"""So much of a figure's name stands in a sentence that speaks of it."""
LADDER: Final = (Role.OWNER, Role.LEAD, Role.HEAD, Role.EXECUTIVE)


class Verdict(StrEnum):
    """What the owner found."""

    ARTICLE_WRONG = "article_wrong"
    STATEMENT_WRONG = "statement_wrong"
    BOTH_TRUE = "both_true"

    @property
    def is_error(self) -> bool:
        """Whether somebody did not know better, so that something is to be learned."""
        return self is not Verdict.BOTH_TRUE


class DoubtError(Exception):
    """Base of every refusal about a doubt; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class DoubtAnsweredError(DoubtError):
    """This doubt was answered already."""


class NotYoursToAnswerError(DoubtError):
    """Whoever answers for the article, or keeps knowledge, says which of the two is right."""


class NoGapError(DoubtError):
    """There is nothing left to learn from this doubt: no error was found, or it was seen to."""


class NothingSaidError(DoubtError):
    """Say it in words: colleagues learn from it."""


def clashes(text: str, known: Knowledge, *, context: str = "") -> Iterator[Clash]:
    """Every figure of an article that a text contradicts; questions state nothing.

    :param context: what the text is about besides its own words, such as the title of a case.
    """
    about = figures.stems(known.about)
    sentences = [part for part in SENTENCE.findall(text) if part and not part.endswith("?")]
    if not about & (figures.stems(text) | figures.stems(context)):
        return
    for figure in known.figures:
        said = next(filter(None, (_said(sentence, figure) for sentence in sentences)), None)
        if said is not None:
            yield Clash(figure=figure, other=said)


def next_role(role: Role) -> Role | None:
    """Who is asked when this one has not answered in time; None at the top."""
    place = LADDER.index(role) + 1
    return LADDER[place] if place < len(LADDER) else None


def _said(sentence: str, figure: Figure) -> str | None:
    """What a sentence says of a figure, if it says something else."""
    name = figures.stems(figure.name)
    if not name or len(name & figures.stems(sentence)) / len(name) < NAMED:
        return None
    held = figure.quantity()
    told = [one for one in figures.find(sentence) if one.units & held.units]
    # "6 months for this and 12 for that": a number may leave its unit to the one before.
    is_there = figure.number in _NUMBER.findall(sentence)
    if not told or is_there or any(figures.agrees(held, one) for one in told):
        return None
    return sentence[told[0].start : told[0].end]
