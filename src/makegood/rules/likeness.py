"""How alike two texts are: the share of three-letter pieces that they have in common."""

import unicodedata

PIECE = 3
LONGEST = 500
ALIKE = 0.3
"""From here on two short texts are about the same thing more often than not."""


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words, in any order and case)."""
    ours, theirs = _pieces(one), _pieces(other)
    together = ours | theirs
    return len(ours & theirs) / len(together) if together else 0.0


def _pieces(text: str) -> frozenset[str]:
    """Three letters in a row of each word, which counts as two blanks, itself and one blank."""
    return frozenset(
        padded[start : start + PIECE]
        for word in _words(text)
        for padded in (f"  {word} ",)
        for start in range(len(padded) - PIECE + 1)
    )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    letters = (char for char in plain if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in letters).split()
