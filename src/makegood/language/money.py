"""Amounts of money as people read them, from whole minor units; never by floats."""

from babel.numbers import format_currency

from makegood.language import choice
from makegood.rules import money


def in_words(minor: int, currency: str) -> str:
    """An amount as "£12.50", or "12,50 £" to who reads German."""
    return format_currency(money.major(minor, currency), currency, locale=choice.locale())
