"""Amounts of money: whole minor units and a currency, never floats."""

import re
from decimal import Decimal

# ISO 4217: how many digits follow the point, where it is not two.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}
_LETTERS = 3
# In figures alone: eight characters such as "1e999990" are a number that nobody can work with.
_AMOUNT = re.compile(r"\+?(\d{1,13}(\.\d{0,9})?|\.\d{1,9})")


class MoneyError(ValueError):
    """An amount that cannot be money of its currency; the message says why."""


def in_words(minor: int, currency: str) -> str:
    """An amount as people read it: "£12.50", "¥400", "9.900 KWD"."""
    digits = _DIGITS.get(currency, 2)
    amount = f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
    sign = _SIGNS.get(currency)
    return f"{sign}{amount}" if sign else f"{amount} {currency}"


def plain(minor: int, currency: str) -> str:
    """An amount as machines read it: "12.50", "400"."""
    digits = _DIGITS.get(currency, 2)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def major(minor: int, currency: str) -> Decimal:
    """An amount in whole units of its currency: 12.50 for 1250 pence."""
    return Decimal(minor).scaleb(-_DIGITS.get(currency, 2))


def without_sign(amount: str, currency: str) -> str:
    """A typed amount without the sign or the code of its own currency: "48.00" for "£48.00"."""
    bare = amount.strip()
    for sign in (_SIGNS.get(currency, currency), currency):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    return bare


def parse(amount: str, currency: str) -> int:
    """The minor units of a typed amount such as "12.50".

    :raises MoneyError: if it is no amount, is negative, or has more digits than its currency.
    """
    if len(currency) != _LETTERS or not (currency.isascii() and currency.isupper()):
        raise MoneyError(f"{currency} is no currency; give three letters such as GBP.")
    if not _AMOUNT.fullmatch(amount.strip()):
        raise MoneyError(f"{amount} is no amount; write it like 12.50.")
    digits = _DIGITS.get(currency, 2)
    minor = Decimal(amount.strip()).scaleb(digits)
    if minor != minor.to_integral_value():
        raise MoneyError(f"{amount} is no amount of {currency}, which has {digits} decimals.")
    return int(minor)
