"""Claims: a promise that comes to light late. It is believed, looked up, and honoured by a ladder.

What can be done is done. What cannot is asked: what would make it right, with an offer on the
table. If the customer does not want that, they get something of value all the same.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from makegood.rules import figures
from makegood.rules.figures import SENTENCE

BESIDE: Final = timedelta(days=14)
"""How long before and after the word the company looks through its own records."""


class Source(StrEnum):
    """How it came to light."""

    CUSTOMER = "customer"
    NOTE = "note"
    PAPER = "paper"
    PHOTO = "photo"
    MISTAKE = "mistake"
    """We gave the word, and found later that we should not have."""


class Rung(StrEnum):
    """The rungs of the ladder, in their order."""

    DO = "do"
    OFFER = "offer"
    VALUE = "value"


class ClaimOutcome(StrEnum):
    """How it ended for the customer; a refusal is none."""

    HONOURED = "honoured"
    SUBSTITUTED = "substituted"
    VALUE = "value"
    LET_GO = "let_go"
    """The customer said that they want it no longer."""


# "27 November" is a day and counts nothing.
_DATES: Final = figures.stems(" ".join(figures.MONTHS))
_TIMES: Final = _DATES | {"days", "minutes", "working days"}
OUTCOMES: Final = {
    Rung.DO: ClaimOutcome.HONOURED,
    Rung.OFFER: ClaimOutcome.SUBSTITUTED,
    Rung.VALUE: ClaimOutcome.VALUE,
}


class ClaimError(Exception):
    """Base of every refusal about a claim; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class ClaimSettledError(ClaimError):
    """This was settled already."""


class ClaimOpenError(ClaimError):
    """What the customer was promised is not decided yet: do it, or make an offer first."""


class NotYetError(ClaimError):
    """First what can be done, then an offer, then something of value: this rung is not the next."""


class TakesBackError(ClaimError):
    """This takes back what the customer was promised. Decide first how that is honoured."""


class ReasonMissingError(ClaimError):
    """Say why, for the record; the customer does not read it."""


class NothingAskedError(ClaimError):
    """Ask them what would make it right, and name in these words what you put on the table."""


def check_asked(words: str, offer: str, *, is_one_language: bool) -> None:
    """Refuse a "cannot" that puts no question to the customer, or keeps the offer from them.

    :param is_one_language: whether both are surely written in the same one; else only a person
        sees whether the words name the offer.
    :raises NothingAskedError: if it asks nothing, or has neither half of the words of the offer
        nor the sums in it.
    """
    if "?" not in words or (is_one_language and not _names(words, offer)):
        raise NothingAskedError


def _names(words: str, offer: str) -> bool:
    named = figures.stems(offer)
    return 2 * len(named & figures.stems(words)) >= len(named) or _has_the_sums(words, offer)


def _has_the_sums(words: str, offer: str) -> bool:
    offered, said = tuple(figures.sums(offer)), tuple(figures.sums(words))
    return bool(offered) and all(
        any(one.units & other.units and one.number == other.number for other in said)
        for one in offered
    )


def takes_back(text: str, promised: str, *, times: bool) -> tuple[int, int] | None:
    """Where a text gives another figure for what was promised; None if nowhere. Questions do not.

    :param times: whether days and hours count as well; those of live promises the gate knows.
    """
    held = [one for one in figures.find(promised) if times or not one.units & _TIMES]
    about = _plain_stems(promised)
    if not held or not about:
        return None
    for found in SENTENCE.finditer(text):
        sentence = found.group()
        if sentence.endswith("?") or not about & _plain_stems(sentence):
            continue
        for promise in held:
            told = [one for one in figures.find(sentence) if one.units & promise.units]
            if told and not any(figures.agrees(one, other) for one in told for other in held):
                return found.start() + told[0].start, found.start() + told[0].end
    return None


def _plain_stems(text: str) -> frozenset[str]:
    """What a text is about: its words without figures and their units."""
    counted = " ".join(text[one.start : one.end] for one in figures.find(text))
    return figures.stems(text) - figures.stems(counted)


def next_rung(taken: Mapping[Rung, bool | None]) -> Rung | None:
    """The rung that is next, by what became of those before: None while an offer waits.

    :param taken: for each rung that was decided whether it was taken; None if nobody answered.
    :raises ClaimSettledError: if one was taken.
    """
    if any(taken.values()):
        raise ClaimSettledError
    for rung in Rung:
        if rung not in taken:
            return rung
        if taken[rung] is None:
            return None
    raise ClaimSettledError


def check_next(taken: Mapping[Rung, bool | None], rung: Rung) -> None:
    """Refuse a rung that is not the next.

    :raises ClaimSettledError: if the claim was settled by a rung before.
    :raises NotYetError: if another one comes first.
    """
    if next_rung(taken) is not rung:
        raise NotYetError
