"""A message made plain for reading: folded letters, one space between words, and the way back.

Patterns are matched on the folded text; `Prose.span` says where the words stand in the original.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

LONGEST: Final = 20_000  # characters of one message that are read; a longer one is cut, and says so

_QUOTES: Final = {
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u0060\u00b4\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
}
_MARKDOWN: Final = frozenset("*~#|")
# Words of plain characters with single spaces between them.
_EVERYDAY: Final = re.compile(r'[!-"$-)+-_a-{}]+(?: [!-"$-)+-_a-{}]+)*')
_STOPS: Final = re.compile(r"[.!?]+(?=[\s\"')\]]|$)|\n|;")
_ABBREVIATIONS: Final = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "no", "approx", "a.m", "p.m", "e.g", "i.e", "vs", "dept"}
)
_HOLDS_ABBREVIATION: Final = 8
_QUOTED_LINE: Final = re.compile(r"^[ \t]{0,4}>[^\n]*", re.MULTILINE)
_LEGAL: Final = re.compile(r"\{\{legal\}\}.*?(?:\{\{/legal\}\}|\Z)", re.DOTALL)
_GOES_ON_BEFORE: Final = re.compile(r"[\w:.]")
_GOES_ON: Final = re.compile(r"[\w:]|\.\d")
_LONGEST_QUOTE: Final = 1000
# Double quotation marks, and the end of a paragraph.
_MARKS: Final = re.compile(
    f'["{"".join(odd for odd, plain in _QUOTES.items() if plain == chr(34))}]|\n(?=\n)'
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """The original text, the folded one, and for each folded character its place of origin."""

    original: str
    folded: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where folded characters `start` to `end` stand in the original text."""
        if end <= start:
            return (self.places[start] if start < len(self.places) else len(self.original),) * 2
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Prose:
    """Lower case, straight quotes, plain hyphens, no markdown; a blank line becomes a stop."""
    letters: list[str] = []
    places: list[int] = []
    text = text[:LONGEST]
    place, breaks = 0, 0
    while place < len(text):
        character = text[place]
        if character.isspace():
            breaks += character == "\n"
            _add_space(letters, places, place=place, is_blank_line=breaks > 1)
            place += 1
            continue
        breaks = 0
        end = place
        if run := _EVERYDAY.match(text, place):  # most of a message needs no closer look
            end = run.end()
            letters.extend(run[0].lower())
            places.extend(range(place, end))
        else:
            end = place + 1
            plain = _plain(character)
            letters.extend(plain)
            places.extend([place] * len(plain))
        place = end
    return Prose(original=text, folded="".join(letters), places=tuple(places))


def _add_space(letters: list[str], places: list[int], *, place: int, is_blank_line: bool) -> None:
    """One space for many; the space becomes a stop if they hold a blank line."""
    if not letters or letters[-1] == "\n":
        return
    if letters[-1] != " ":
        letters.append(" ")
        places.append(place)
    elif is_blank_line:
        letters[-1] = "\n"


@cache
def _plain(character: str) -> str:
    """One character as patterns expect it; nothing for what only decorates."""
    if character in _MARKDOWN or unicodedata.category(character) == "Cf":
        return ""
    if character in _QUOTES:
        return _QUOTES[character]
    return unicodedata.normalize("NFKC", character).lower()


def without_quotes(text: str) -> str:
    """The text with what others said, and what law prescribes, blanked out in place."""
    text = _LEGAL.sub(_blank, text)
    text = _QUOTED_LINE.sub(_blank, text)
    return _blank_between(text)


def _blank(found: re.Match[str]) -> str:
    return "".join("\n" if letter == "\n" else " " for letter in found[0])


def _blank_between(text: str) -> str:
    """Blank what stands between double quotation marks of one paragraph."""
    letters: list[str] | None = None
    opened: int | None = None
    for mark in _MARKS.finditer(text):
        place = mark.start()
        if mark[0] == "\n":
            opened = None
        elif opened is not None and place - opened <= _LONGEST_QUOTE:
            letters = letters or list(text)
            letters[opened : place + 1] = " " * (place + 1 - opened)
            opened = None
        else:
            opened = place
    return "".join(letters) if letters else text


def sentences(folded: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, without the spaces around it."""
    start = 0
    for stop in _STOPS.finditer(folded):
        if stop[0] == "." and _is_abbreviation(folded, stop.start()):
            continue
        yield from _trimmed(folded, start, stop.end())
        start = stop.end()
    yield from _trimmed(folded, start, len(folded))


def places_of(words: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where folded words stand whole: not as a part of another word, time or figure."""
    place = folded.find(words) if words else -1
    while place >= 0:
        end = place + len(words)
        if not _GOES_ON_BEFORE.match(folded[place - 1 : place]) and not _GOES_ON.match(folded, end):
            yield place, end
        place = folded.find(words, place + 1)


def _is_abbreviation(folded: str, dot: int) -> bool:
    word = folded[max(0, dot - _HOLDS_ABBREVIATION) : dot].rpartition(" ")[2]
    return word in _ABBREVIATIONS and folded[dot + 1 : dot + 2] == " " and not word.endswith(".m")


def _trimmed(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
