"""Values as people read them in a sentence: "Wed 13 May 2026", "£10.34", "3 h 05 min"."""

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from makegood.rules.money import in_words
from makegood.rules.schemes.facts import Kind, MissingFactError, Value
from makegood.rules.schemes.packs import NoFigureError, Scene, Sentence, Symbol

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_HOUR: Final = 60


def say(sentence: Sentence, scene: Scene, *, currency: str) -> str:
    """The sentence with its values filled in; what was not given is said to be so."""
    return "".join(
        [
            part if isinstance(part, str) else _value_of(part, scene, currency)
            for part in sentence.parts
        ]
    )


def _value_of(symbol: Symbol, scene: Scene, currency: str) -> str:
    try:
        return value_words(symbol.read(scene), symbol, currency=currency)
    except (MissingFactError, NoFigureError):
        return "(not given)"


def value_words(value: Value, symbol: Symbol, *, currency: str) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, str):
        return value.replace("_", " ") if symbol.kind is Kind.CHOICE else value
    return _amount_words(value, symbol, currency=currency)


def _amount_words(value: int | Fraction, symbol: Symbol, *, currency: str) -> str:
    if symbol.kind is Kind.MONEY:
        return amount_words(int(value), currency)
    if symbol.minutes and value >= _HOUR:
        return f"{int(value) // _HOUR} h {int(value) % _HOUR:02} min"
    if symbol.minutes:
        return f"{number_words(value)} min"
    return number_words(value * 100) + "%" if symbol.kind is Kind.SHARE else number_words(value)


def plain_amount(minor: int, currency: str) -> str:
    """An amount as machines read it, with the currency's decimals and nothing else: "1020.68"."""
    return "".join(sign for sign in in_words(minor, currency) if sign.isdigit() or sign == ".")


# Rates and days come again and again; writing them takes longer than finding them.
@lru_cache(maxsize=16_384)
def amount_words(minor: int, currency: str) -> str:
    """An amount as people read it."""
    return in_words(minor, currency)


@lru_cache(maxsize=16_384)
def day_words(day: date) -> str:
    """A day as people write it, the same in every locale."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def number_words(number: int | Fraction) -> str:
    """A number without needless digits."""
    if isinstance(number, int) or number.denominator == 1:
        return f"{int(number):,}"
    thousandths = round(number * 1000)
    return f"{thousandths // 1000:,}.{thousandths % 1000:03}".rstrip("0")
