"""Which language is spoken: the reader's, the customer's, or else the company's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils import translation

# Beside Django's own, which takes its time to answer: a page asks hundreds of times.
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


def codes() -> frozenset[str]:
    """The languages that we speak, as `settings.LANGUAGES` names them."""
    return _codes(tuple(settings.LANGUAGES))


def spoken_or_ours(code: str) -> str:
    """The language of this code if we speak it, else the company's."""
    return code if code in codes() else settings.LANGUAGE_CODE


def current() -> str:
    """The code of the language that is spoken now."""
    return _SPOKEN.get() or spoken_or_ours(translation.get_language() or "")


def is_english() -> bool:
    """Whether what is kept in English can be read as it is."""
    return current().startswith("en")


def locale() -> Locale:
    """What the Unicode CLDR knows of the language that is spoken now."""
    return _locale(current())


def mark_of(code: str) -> str:
    """What a page marks words of this language with: nothing if it is spoken there or not known."""
    return code if code in codes() and code != current() else ""


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak this language, as words to a customer are said in theirs; empty is the company's."""
    ours = spoken_or_ours(code)
    before = _SPOKEN.set(ours)
    try:
        with translation.override(ours):
            yield
    finally:
        _SPOKEN.reset(before)


@lru_cache
def _codes(languages: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(code for code, _name in languages)


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code, sep="-")
