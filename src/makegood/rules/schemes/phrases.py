"""What is said of an answer: words with gaps, and the values in them.

Whoever reads English gets the words as they are; the floor of languages puts other words around
the same values. So nothing has to be recognised in a sentence that was put together already.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from makegood.rules.schemes.facts import Kind, Value

GAP: Final = re.compile(r"\{(\w*)\}")


class Term(NamedTuple):
    """One value; None was not given."""

    value: Value | None
    kind: Kind = Kind.TEXT
    currency: str = ""
    minutes: bool = False


class Phrase(NamedTuple):
    """Words, with a value or another phrase for each gap by its name.

    `is_small`: English writes its first letter small where it stands inside another.
    """

    text: str
    gaps: "tuple[tuple[str, Gap], ...]" = ()
    is_small: bool = False


Gap: TypeAlias = Phrase | Term


def phrase(text: str, /, **gaps: Gap) -> Phrase:
    """Words with these values."""
    return Phrase(text=text, gaps=tuple(gaps.items()))


def joined(parts: Sequence[Gap], between: str) -> Gap:
    """What stands in a row."""
    if len(parts) == 1:
        return parts[0]
    names = [f"part{number}" for number in range(len(parts))]
    text = between.join(f"{{{name}}}" for name in names)
    return Phrase(text=text, gaps=tuple(zip(names, parts, strict=True)))
