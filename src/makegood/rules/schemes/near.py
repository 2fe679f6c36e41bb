"""Which name was most likely meant: one spelt nearly alike, or one that shares a word."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_WORDS: Final = re.compile(r"[a-z]+|[0-9]+")
_MOST: Final = 3
_SAYS_NOTHING: Final = frozenset({"on", "by", "at", "of", "is", "the", "in"})


def meant(name: object, names: Iterable[str]) -> str:
    """A question such as "did you mean fixed_on?"; empty if nothing is near."""
    known = list(names)
    text = str(name)[:100].casefold()
    near = get_close_matches(text, known, n=1)
    near += [one for one in _sharing(text, known) if one not in near]
    return f"did you mean {' or '.join(near[:_MOST])}?" if near else ""


def _sharing(text: str, known: list[str]) -> list[str]:
    """Those with the most words of the text in them, if there are any."""
    words = set(_WORDS.findall(text)) - _SAYS_NOTHING
    shared = {one: len(words & set(_WORDS.findall(one))) for one in known}
    most = max(shared.values(), default=0)
    return [one for one, count in shared.items() if most and count == most]
