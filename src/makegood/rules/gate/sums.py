"""Finds amounts of money in folded text: "£25", "25 pounds", "12,50 €", "twenty-five dollars"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DOLLARS: Final = frozenset({"USD", "AUD", "CAD", "NZD", "SGD", "HKD"})
_CODES: Final = "gbp|usd|eur|chf|aud|cad|nzd|jpy|inr|sek|nok|dkk|pln|czk|sgd|hkd"
_NAMES: Final = {
    "£": frozenset({"GBP"}),
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    **dict.fromkeys(("pound", "pounds", "quid", "pfund"), frozenset({"GBP"})),
    **dict.fromkeys(("dollar", "dollars", "buck", "bucks"), _DOLLARS),
    **dict.fromkeys(("euro", "euros"), frozenset({"EUR"})),
    **dict.fromkeys(("franc", "francs", "franken"), frozenset({"CHF"})),
    **dict.fromkeys(("rupee", "rupees"), frozenset({"INR"})),
    **dict.fromkeys(("yen",), frozenset({"JPY"})),
}
_SMALL: Final = {
    **dict.fromkeys(("pence", "p"), frozenset({"GBP"})),
    **dict.fromkeys(("cent", "cents"), _DOLLARS | {"EUR"}),
}
_NO_DECIMALS: Final = frozenset({"JPY"})
_ONES: Final = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_WORD: Final = "|".join([*_ONES, *_TENS, "hundred", "thousand", "a", "and"])
_SPELLED: Final = rf"(?:(?:{_WORD})[ -]){{1,8}}"
_FIGURE: Final = r"\d{1,3}(?:[ ']\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,6}){0,4}"
_SIGNS: Final = "".join(re.escape(name) for name in _NAMES if len(name) == 1)
_WORDS: Final = "|".join([*(name for name in _NAMES if len(name) > 1), "pence", "cents?"])
_UNIT: Final = rf"(?:{_WORDS}|{_CODES}|p(?!\.m))(?![a-z])"
_MONEY: Final = re.compile(
    rf"(?:(?P<sign>[{_SIGNS}])|(?<![a-z\d])(?P<code>{_CODES})\b) ?(?P<after>{_FIGURE})(?P<k>k\b)?"
    rf"|(?<![a-z\d.,])(?P<before>{_FIGURE})(?P<k2>k)? ?(?P<unit>[{_SIGNS}]|{_UNIT})"
    rf"|(?<![a-z\d])(?P<spelled>{_SPELLED})(?P<unit2>(?:{_WORDS})(?![a-z]))"
)
_VAGUE: Final = re.compile(
    r"(?:up to|about|around|roughly|approximately|at least|at most|over|more than|less than"
    r"|some|nearly|almost|between|from|as much as) (?:the )?$"
)
_TO: Final = re.compile(r" ?(?:-|to|and|or) ?$")
_THOUSANDS: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """An amount as said: minor units of one of the currencies; None if it cannot be read."""

    start: int
    end: int
    minor: int | None
    currencies: frozenset[str]
    is_vague: bool


def find_sums(folded: str) -> Iterator[Amount]:
    """Every amount of money, in order, by its place in the folded text."""
    last = -1
    for found in _MONEY.finditer(folded):
        before = folded[max(0, found.start() - 24) : found.start()]
        is_range = last >= 0 and _TO.fullmatch(folded[last : found.start()]) is not None
        last = found.end()
        name = found["sign"] or found["code"] or found["unit"] or found["unit2"]
        currencies = _NAMES.get(name) or _SMALL.get(name) or frozenset({name.upper()})
        yield Amount(
            start=found.start(),
            end=found.end(),
            minor=_minor(found, name=name, currencies=currencies),
            currencies=currencies,
            is_vague=is_range or _VAGUE.search(before) is not None,
        )


def _minor(found: re.Match[str], *, name: str, currencies: frozenset[str]) -> int | None:
    if found["spelled"]:
        whole = _spelled(found["spelled"])
        hundredths = None if whole is None else whole * 100
    else:
        hundredths = _figures(found["after"] or found["before"])
    if hundredths is None:
        return None
    if found["k"] or found["k2"]:
        hundredths *= 1000
    if name in _SMALL or currencies <= _NO_DECIMALS:
        return hundredths // 100 if hundredths % 100 == 0 else None
    return hundredths


def _figures(written: str) -> int | None:
    """Hundredths of "1,234.50", "1.234,50", "1 234" and "25"; None if it reads in no way."""
    plain = re.sub(r"[ ']", "", written)
    first, *rest = re.split(r"[.,]", plain)
    marks = re.findall(r"[.,]", plain)
    cents = ""
    if rest and len(rest[-1]) < _THOUSANDS:
        cents = rest.pop()
        if rest and marks.pop() in marks:
            return None
    if any(len(part) != _THOUSANDS for part in rest) or len(set(marks[: len(rest)])) > 1:
        return None
    return int(first + "".join(rest)) * 100 + int(cents.ljust(2, "0") or 0)


def _spelled(words: str) -> int | None:
    total = part = 0
    for word in re.split(r"[ -]+", words.strip(" -")):
        if word in {"a", "and"}:
            continue
        if word == "hundred":
            part = (part or 1) * 100
        elif word == "thousand":
            total, part = total + (part or 1) * 1000, 0
        else:
            part += _ONES.get(word, _TENS.get(word, 0))
    return total + part or None
