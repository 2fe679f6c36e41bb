"""Several things in one sentence: "a, b and c"."""

from collections.abc import Iterable

from babel.lists import format_list

from makegood.language import choice


def all_of(parts: Iterable[str]) -> str:
    """The parts as "a, b and c"."""
    return format_list(tuple(parts), style="standard", locale=choice.locale())
