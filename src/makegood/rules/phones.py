"""Phone numbers as people type them: read strictly enough to be dialled, shown masked."""

import re
from typing import Final

FEWEST_DIGITS: Final = 6
MOST_DIGITS: Final = 15  # E.164
SHOWN: Final = 3
DEAR: Final = (
    "+1900", "+1976", "+33899", "+43900", "+43930", "+41900", "+41901", "+41906", "+44870",
    "+44871", "+44872", "+44873", "+449", "+49900", "+49118", "+49180", "+870", "+881", "+882",
    "+883", "+979",
)  # fmt: skip
"""Beginnings of numbers at which the caller pays somebody, and of satellite phones."""

_TYPED = re.compile(r"\+?[0-9 ()./\u2010-\u2015-]+")


class PhoneError(ValueError):
    """A number that nobody could dial; the message says what would be right."""


def read_number(typed: str) -> str:
    """The number with digits only, and a leading + if it had one.

    :raises PhoneError: if it holds anything but a number, or too few or too many digits.
    """
    typed = typed.strip()
    digits = "".join(char for char in typed if char in "0123456789")
    if not _TYPED.fullmatch(typed) or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise PhoneError(
            f"A phone number has {FEWEST_DIGITS} to {MOST_DIGITS} digits and no letters, such as"
            " +44 20 7946 0100."
        )
    return f"+{digits}" if typed.startswith("+") else digits


def masked(number: str) -> str:
    """The number with only its last digits to be seen, enough to recognise one's own."""
    digits = [char for char in number if char.isdigit()]
    if len(digits) < FEWEST_DIGITS:
        return ""
    return f"••• {''.join(digits[-SHOWN:])}"


def may_text(number: str, *, countries: tuple[str, ...]) -> bool:
    """Whether a text message may go to a number: in a country that was named, and not a dear one.

    Without countries none may: somebody could else be paid for the messages that they provoke.
    """
    is_whole = number.startswith("+") and FEWEST_DIGITS <= len(number) - 1 <= MOST_DIGITS
    return is_whole and number.startswith(countries) and not number.startswith(DEAR)


def number_for_texts(phone: str, *, countries: tuple[str, ...]) -> str:
    """A number as people write it, read, if a text message may go to it; or nothing."""
    try:
        number = read_number(phone)
    except PhoneError:
        return ""
    return number if may_text(number, countries=countries) else ""
