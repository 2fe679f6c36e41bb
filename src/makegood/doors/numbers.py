"""Whole numbers, as addresses, forms and headers send them."""

import sys
from typing import Final

from django.http import HttpRequest

DIGITS_MAX: Final = 18
"""As many as PostgreSQL's numbers hold; no number of ours is longer."""


def whole_number(given: str, *, default: int = 0) -> int:
    """The number that a text is, and the default for any other text."""
    is_number = given.isascii() and given.isdigit() and len(given) <= DIGITS_MAX
    return int(given) if is_number else default


def body_length(request: HttpRequest) -> int:
    """How long a request says that it is: none at all, or too long where it says nonsense."""
    return whole_number(request.headers.get("Content-Length") or "0", default=sys.maxsize)
