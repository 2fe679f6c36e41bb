"""Amounts of time as people say them: "3 working days", "90 minutes", "PT4H".

An amount says how much and of what; what it comes to from a given moment is for `workinghours`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AmountError(ValueError):
    """An amount that nobody can count; the message shows one that would do."""


class Unit(StrEnum):
    """What is counted. Working units pass only while a calendar is open; the others always do."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    WORKING_MINUTES = "working_minutes"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"

    @property
    def is_working(self) -> bool:
        """True if the unit passes only while a calendar is open."""
        return self.startswith("working_")


MINUTES_EACH: Final = {
    Unit.MINUTES: 1,
    Unit.HOURS: 60,
    Unit.WORKING_MINUTES: 1,
    Unit.WORKING_HOURS: 60,
}
DAYS_EACH: Final = {Unit.DAYS: 1, Unit.WEEKS: 7}

# About ten years of each. A longer one is a slip of the finger, not somebody's word.
LARGEST: Final = {
    Unit.MINUTES: 5_256_000,
    Unit.HOURS: 87_600,
    Unit.DAYS: 3_650,
    Unit.WEEKS: 520,
    Unit.WORKING_MINUTES: 1_200_000,
    Unit.WORKING_HOURS: 20_000,
    Unit.WORKING_DAYS: 2_500,
}

_EXAMPLES: Final = 'such as "3 working days", "4 working hours", "90 minutes", "2 days" or "PT4H"'
_COUNTS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT_WORDS: Final = {"a": 1, "an": 1, **{word: i for i, word in enumerate(_COUNTS, start=1)}}
_NOUNS: Final = {
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minutes"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hours"),
    **dict.fromkeys(("day", "days"), "days"),
    **dict.fromkeys(("week", "weeks"), "weeks"),
}
_WORDS: Final = re.compile(
    r"(?P<sign>[-+]?) ?(?P<count>[0-9]+|[a-z]+) ?"
    r"(?P<working>working[ _-]?|business[ _-]?|work)?(?P<noun>[a-z]+)"
)
_ISO: Final = re.compile(
    r"p(?:(?P<weeks>[0-9]+)w)?(?:(?P<days>[0-9]+)d)?"
    r"(?:t(?:(?P<hours>[0-9]+)h)?(?:(?P<minutes>[0-9]+)m)?)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """So many of a unit. Its words are read back by `parse_amount`.

    :raises AmountError: if there is less than one, or more than about ten years.
    """

    quantity: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise AmountError(f"An amount must be at least 1, not {self.quantity}.")
        if self.quantity > LARGEST[self.unit]:
            raise AmountError(
                f"An amount may be at most {LARGEST[self.unit]} {self.unit.replace('_', ' ')}; "
                "give a shorter one."
            )

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.quantity} {words.removesuffix('s') if self.quantity == 1 else words}"


def parse_amount(words: str) -> Amount:
    """Read an amount from English words or from an ISO 8601 duration.

    :raises AmountError: if the words are no amount, or one that is not positive or far too long.
    """
    # str(): a policy file may hold a bare number, which deserves the same sentence.
    text = " ".join(str(words).lower().split())
    if iso := _ISO.fullmatch(text):
        return _from_iso(iso, words=words)
    if said := _WORDS.fullmatch(text):
        return _from_words(said, words=words)
    raise _not_an_amount(words)


def _not_an_amount(words: str) -> AmountError:
    return AmountError(f'"{_short(words)}" is not an amount of time; write one {_EXAMPLES}.')


def _short(words: str) -> str:
    text = str(words)
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - enough to recognise it by


def _from_words(said: re.Match[str], *, words: str) -> Amount:
    noun = _NOUNS.get(said["noun"])
    count = _count(said["count"])
    if noun is None or count is None:
        raise _not_an_amount(words)
    if said["sign"] == "-":
        raise AmountError(f'"{_short(words)}" is negative; an amount must be at least 1.')
    unit = f"working_{noun}" if said["working"] else noun
    if unit not in LARGEST:
        raise AmountError(f'"{_short(words)}" is unclear; say it in working days.')
    return Amount(quantity=count, unit=Unit(unit))


def _count(text: str) -> int | None:
    if text.isdigit():
        return int(text[:12])  # already far beyond the largest amount
    return _COUNT_WORDS.get(text)


def _from_iso(iso: re.Match[str], *, words: str) -> Amount:
    given = {unit: int(text[:12]) for unit, text in iso.groupdict().items() if text is not None}
    if not given:
        raise _not_an_amount(words)
    if set(given) == {"hours", "minutes"}:
        return Amount(quantity=given["hours"] * 60 + given["minutes"], unit=Unit.MINUTES)
    if len(given) > 1:
        raise AmountError(f'"{_short(words)}" mixes units; write one {_EXAMPLES}.')
    [(unit, quantity)] = given.items()
    return Amount(quantity=quantity, unit=Unit(unit))
