"""Values as people read them in a sentence: "Wed 13 May 2026", "£10.34", "3 h 05 min"."""

from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from makegood.rules.money import in_words
from makegood.rules.schemes.facts import Kind, MissingFactError
from makegood.rules.schemes.packs import NoFigureError, Scene, Sentence, Symbol
from makegood.rules.schemes.phrases import Gap, Phrase, Term

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
HOUR: Final = 60


def say(sentence: Sentence, scene: Scene, *, currency: str) -> Phrase:
    """The sentence with its values; what was not given is said to be so."""
    return Phrase(
        text=sentence.text,
        gaps=tuple((one.name, term_of(one, scene, currency=currency)) for one in sentence.symbols),
    )


def term_of(symbol: Symbol, scene: Scene, *, currency: str) -> Term:
    """The value that a name has here."""
    try:
        value = symbol.read(scene)
    except (MissingFactError, NoFigureError):
        value = None
    return Term(value, symbol.kind, currency, symbol.minutes)


def in_english(said: Gap) -> str:
    """The words with their values, as the packs write them."""
    if said.__class__ is Term:
        return value_words(said)  # as was just asked, and often
    words, gaps, is_small = said  # type: ignore[misc] # no term, so a phrase
    if gaps:
        words = words.format(
            **{
                name: value_words(gap) if gap.__class__ is Term else in_english(gap)
                for name, gap in gaps
            }
        )
    return words[:1].lower() + words[1:] if is_small else words


def value_words(term: Term) -> str:
    """A value in words."""
    value, kind, currency, _minutes = term
    if kind is Kind.MONEY and value is not None:
        return amount_words(value, currency)
    if kind is Kind.DATE and value is not None:
        return day_words(value)
    return _other_words(term)


def _other_words(term: Term) -> str:
    value = term.value
    if value is None:
        return "(not given)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | date):
        return plain(str(value)) if term.kind is Kind.CHOICE else str(value)
    return _number_words(value, term)


def plain(code: str) -> str:
    """The code of a choice as words."""
    return code.replace("_", " ")


def _number_words(value: int | Fraction, term: Term) -> str:
    if term.minutes and value >= HOUR:
        return f"{int(value) // HOUR} h {int(value) % HOUR:02} min"
    if term.minutes:
        return f"{number_words(value)} min"
    return number_words(value * 100) + "%" if term.kind is Kind.SHARE else number_words(value)


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
