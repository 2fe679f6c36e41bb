"""What a customer is told of why it happened: known, not yet known, or not ours to tell.

Nothing is invented: whoever does not know says so, and by when they will.
"""

from collections.abc import Iterable
from enum import StrEnum


class Why(StrEnum):
    """How far we can say why."""

    KNOWN = "known"
    NOT_YET = "not_yet"
    CONFIDENTIAL = "confidential"


class ExplanationError(Exception):
    """Base of every refusal to explain; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class ExplanationMissingError(ExplanationError):
    """Say in plain words why it happened, or that we do not know yet."""


class AlreadyExplainedError(ExplanationError):
    """They were told why already: what is new goes into a letter, with what it changes for them."""


def about(case: int, why: Why, *, number: int) -> str:
    """The name of an explanation among all that is said of a case."""
    return f"case:{case}:why:{why}:{number}"


def is_told(said: Iterable[str]) -> bool:
    """Whether one of the explanations of these names told why, and not that it is not known yet."""
    return any(f":{Why.NOT_YET}:" not in name for name in said)


def check(why: Why, words: str, *, said: Iterable[str]) -> None:
    """Refuse an explanation that says nothing, or that was given before.

    :raises ExplanationMissingError: if the cause is known, and nothing says what it is.
    :raises AlreadyExplainedError: if they were told before.
    """
    if why is Why.KNOWN and not words.strip():
        raise ExplanationMissingError
    if is_told(said):
        raise AlreadyExplainedError
