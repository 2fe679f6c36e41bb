"""Quantities in texts: "12 months", "£25", "up to three days", "50 %", and whether two agree.

Years are counted in months, weeks in days and hours in minutes, so that the same thing said in
other words is the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from makegood.rules import money
from makegood.rules.gate.sums import find_sums

LONGEST: Final = 5_000
SENTENCE: Final = re.compile(r"[^.!?;\n]*(?:\.(?=\d)[^.!?;\n]*)*[.!?;\n]?")
"""Roughly one sentence; a point before a digit ends none."""


class Bound(StrEnum):
    """Whether a number is meant to the point, or as a limit."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"


class FigureError(ValueError):
    """A figure that nobody can compare; the message shows one that would do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """So much of one unit; a sign such as "$" stands for several currencies."""

    number: Decimal
    units: frozenset[str]
    bound: Bound = Bound.EXACTLY
    start: int = 0
    end: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One figure of an article as it is kept: what it is of, and how much."""

    name: str
    number: str
    unit: str
    bound: str = Bound.EXACTLY.value

    def quantity(self) -> Quantity:
        """What it says, ready to be compared.

        :raises FigureError: if it cannot be read.
        """
        found = next(find(f"{self.number} {self.unit}"), None)
        if found is None or not self.name.strip():
            raise FigureError(
                f"“{self.number} {self.unit}” is no figure: write it like “6 months” or “25 GBP”."
            )
        return Quantity(number=found.number, units=found.units, bound=Bound(self.bound))

    def in_words(self) -> str:
        """As people read it."""
        return f"{_SIGNS[Bound(self.bound)]}{self.number} {self.unit}".strip()


_SIGNS: Final = {
    Bound.EXACTLY: "", Bound.AT_LEAST: "≥ ", Bound.MORE_THAN: "> ", Bound.AT_MOST: "≤ ",
    Bound.LESS_THAN: "< ",
}  # fmt: skip
_SAID: Final = {
    Bound.EXACTLY: "", Bound.AT_LEAST: "at least ", Bound.MORE_THAN: "more than ",
    Bound.AT_MOST: "up to ", Bound.LESS_THAN: "less than ",
}  # fmt: skip
MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep"),
    *("sept", "oct", "nov", "dec", "januar", "jänner", "februar", "märz", "mär", "mrz", "mai"),
    *("juni", "juli", "oktober", "okt", "dezember", "dez"),
)
_CODE: Final = len("GBP")
_COUNTS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905 - reads better
        start=1,
    )
} | {
    **dict.fromkeys(("a", "an", "ein", "eine", "einem", "einen"), 1),
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "zwölf": 12,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
}
_WORKING: Final = r"(?:working|business|arbeits|werk)[ -]?"
_TIMES: Final = (
    (rf"{_WORKING}(?:days?|tage?n?)", "working days", 1),
    (r"(?:years?|jahre?n?)", "months", 12),
    (r"(?:months?|monate?n?|mths?)", "months", 1),
    (r"(?:weeks?|wochen?)", "days", 7),
    (r"(?:days?|tage?n?)", "days", 1),
    (r"(?:hours?|hrs?|stunden?)", "minutes", 60),
    (r"(?:minutes?|mins?|minuten?)", "minutes", 1),
    (r"(?:%|per ?cent|prozent)", "percent", 1),
)
_SMALL_WORDS: Final = frozenset(
    """a an and any are as at be both by can do for from get has have if in is it no not of on or
    our per that the their then this to up we with you your
    auf aus bei das dem den der die ein eine einen für ihr im in ist mit nicht oder pro sie und
    von wir zu zum zur""".split()  # noqa: SIM905 - reads better
)
_NO_UNITS: Final = _SMALL_WORDS | {*_COUNTS, "but", "until", "till", "bis", "uhr"}
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,9}(?:\.\d{1,4})?"
_COUNTED: Final = re.compile(
    rf"(?<![\w.,£$€])(?P<number>{_NUMBER}|{'|'.join(_COUNTS)})(?P<plus>\+)?[ -]?"
    rf"(?P<unit>{_WORKING}(?:days?|tage?n?)|%|per ?cent"
    rf"|(?!(?:{'|'.join(sorted(_NO_UNITS))})\b)[^\W\d_]{{3,}})",
)
_BEFORE: Final = (
    (r"(?:up to|at most|no more than|not more than|maximum of|bis zu|höchstens) $", Bound.AT_MOST),
    (r"(?:at least|no less than|minimum of|mindestens|from) $", Bound.AT_LEAST),
    (r"(?:more than|longer than|over|mehr als|über) $", Bound.MORE_THAN),
    (r"(?:less than|under|weniger als|unter) $", Bound.LESS_THAN),
)  # fmt: skip
_ARTICLES: Final = {"a", "an", "ein", "eine", "einem", "einen"}
_ENDS_IN_A_NUMBER: Final = re.compile(r"\d $")  # "£30 a month" is a rate
_IS_A_DAY: Final = re.compile(rf"\b(?:{'|'.join(MONTHS)})\.? (?:\d\d?|\d{{4}})$")  # or a year
_LOWER: Final = {Bound.AT_LEAST, Bound.MORE_THAN}
_SUFFIXES: Final = ("ings", "ing", "ies", "ed", "es", "en", "s", "e")
_SHORTEST_STEM: Final = 3


def find(text: str) -> Iterator[Quantity]:
    """Every quantity in a text, sums of money first."""
    folded = text[:LONGEST].lower()
    found_sums = tuple(sums(folded))
    yield from found_sums
    for found in _COUNTED.finditer(folded):
        is_sum = any(one.start < found.end() and found.start() < one.end for one in found_sums)
        if not (is_sum or _is_no_count(found, folded)):
            yield _counted(found, folded)


def read_line(line: str) -> Figure:
    """A figure as people write it: "missed appointment: £40", "letters: up to 20 GBP".

    :raises FigureError: if it cannot be read.
    """
    name, _colon, amount = line.rpartition(":")
    found = next(find(amount), None)
    if found is None or not name.strip():
        raise FigureError(f"“{line.strip()}” is no figure: write it like “missed visit: 25 GBP”.")
    if all(len(unit) == _CODE and unit.isupper() for unit in found.units):
        unit = "USD" if "USD" in found.units else min(found.units)
        return Figure(
            name=name.strip(), number=f"{found.number:f}", unit=unit, bound=found.bound.value
        )
    written = amount.lower()[found.start : found.end].replace("+", "").replace("-", " ")
    number, _space, unit = written.partition(" ") if " " in written else (written, "", "")
    return Figure(name=name.strip(), number=number, unit=unit.strip(), bound=found.bound.value)


def line_of(figure: Figure) -> str:
    """A figure as `read_line` reads it."""
    return f"{figure.name}: {_SAID[Bound(figure.bound)]}{figure.number} {figure.unit}".strip()


def agrees(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true at once; what counts different things always can."""
    if not one.units & other.units:
        return True
    if one.bound is other.bound:
        return one.number == other.number
    if (one.bound in _LOWER and other.bound in _LOWER) or not (
        Bound.EXACTLY in {one.bound, other.bound} or one.bound in _LOWER or other.bound in _LOWER
    ):
        return False  # "three hours or more" and "more than three hours" are two rules
    return _meets(one.number, other) and _meets(other.number, one)


def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].casefold())
    words = "".join(char if char.isalnum() else " " for char in plain).split()
    return frozenset(_stem(word) for word in words if word not in _SMALL_WORDS)


def sums(text: str) -> Iterator[Quantity]:
    """Every sum of money in a text."""
    folded = text[:LONGEST].lower()
    for found in find_sums(folded):
        if found.minor is not None and found.currencies:
            number = money.major(found.minor, min(found.currencies))
            bound = _bound(folded, found.start)
            yield Quantity(
                number=number, units=found.currencies, bound=bound, start=found.start, end=found.end
            )


def _is_no_count(found: re.Match[str], folded: str) -> bool:
    """Whether it counts nothing: "November 28", "a crew", and "£30 a month", which is a rate."""
    if _is_a_day(found, folded):
        return True
    if found["number"] not in _ARTICLES:
        return False
    is_time = any(re.fullmatch(pattern, found["unit"]) for pattern, _name, _each in _TIMES)
    return not is_time or _ENDS_IN_A_NUMBER.search(folded[: found.start()]) is not None


def _is_a_day(found: re.Match[str], folded: str) -> bool:
    end = found.end("number")
    return _IS_A_DAY.search(folded, max(0, end - 24), end) is not None


def _counted(found: re.Match[str], folded: str) -> Quantity:
    written, unit = found["number"], found["unit"]
    number = Decimal(_COUNTS.get(written) or written.replace(",", ""))
    bound = Bound.AT_LEAST if found["plus"] else _bound(folded, found.start())
    name, each = next(
        ((name, each) for pattern, name, each in _TIMES if re.fullmatch(pattern, unit)),
        (_stem(unit), 1),
    )
    return Quantity(
        number=number * each,
        units=frozenset({name}),
        bound=bound,
        start=found.start(),
        end=found.end(),
    )


def _bound(folded: str, start: int) -> Bound:
    before = folded[max(0, start - 24) : start]
    return next((bound for said, bound in _BEFORE if re.search(said, before)), Bound.EXACTLY)


def _meets(number: Decimal, limit: Quantity) -> bool:
    """Whether a number lies within what the other allows."""
    return {
        Bound.EXACTLY: True,
        Bound.AT_LEAST: number >= limit.number,
        Bound.MORE_THAN: number > limit.number,
        Bound.AT_MOST: number <= limit.number,
        Bound.LESS_THAN: number < limit.number,
    }[limit.bound]


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word[: -len(suffix)]
    return word
