"""Figures as people read them: shares, rates, counts and lengths of time."""

from datetime import timedelta

from babel.numbers import format_decimal, format_percent

from makegood.language import choice, money, spans

_PLACES = 3


def share(value: float) -> str:
    """A share as "93.1%", or "93,1 %" to who reads German."""
    return format_percent(round(value, _PLACES), locale=choice.locale(), decimal_quantization=False)


def number(value: float, *, places: int = 1) -> str:
    """A number as "1,234.5"."""
    return format_decimal(round(value, places), locale=choice.locale(), decimal_quantization=False)


def minutes(value: float) -> str:
    """A length of time, from minutes."""
    return spans.length(timedelta(minutes=value))


def amount(minor: float, currency: str) -> str:
    """A sum of money, from minor units."""
    return money.in_words(round(minor), currency)
