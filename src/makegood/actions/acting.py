"""By which token something is done: what is written to a timeline meanwhile names it.

People stand behind every token, so an act has a person in any case; the token says by which of
the company's systems it came. Tokens are never renamed or deleted, so its number is enough.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_token: ContextVar[int | None] = ContextVar("token", default=None)


@contextmanager
def by_token(token: int) -> Iterator[None]:
    """Let everything that is done in the block be done by this token."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def token() -> int | None:
    """The token by which something is being done, if any."""
    return _token.get()
