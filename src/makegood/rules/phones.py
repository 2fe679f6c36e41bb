"""Phone numbers as people type them: read strictly enough to be dialled, shown masked."""

import re
from typing import Final

FEWEST_DIGITS: Final = 6
MOST_DIGITS: Final = 15  # E.164
SHOWN: Final = 3
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
