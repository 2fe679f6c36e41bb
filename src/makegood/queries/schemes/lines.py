"""On which line of a TOML file a key or a value stands, found by reading its headings and keys."""

import re
from collections.abc import Sequence
from typing import Final

_HEADING: Final = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?")
_KEY: Final = re.compile(r"""\s*(?P<key>"[^"]*"|'[^']*'|[\w.-]+)\s*=""")

_OPENED: Final = re.compile(r"\s*\{\s*(?P<key>[\w-]+)\s*=\s*\[\s*(#.*)?$")

Path = Sequence[str | int]


def line_of(path: Path, text: str) -> int:
    """The line, from 1, of the nearest thing to a path that the text has."""
    places = _places(text)
    for length in range(len(path), 0, -1):
        near = tuple(path[:length])
        found = places.get(near, places.get((*near, 0)))
        if found is not None:
            return found
    return 1


def _places(text: str) -> dict[tuple[str | int, ...], int]:
    places: dict[tuple[str | int, ...], int] = {}
    counts: dict[tuple[str | int, ...], int] = {}
    here: tuple[str | int, ...] = ()
    key: tuple[str | int, ...] = ()
    elements = 0
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        if heading and not line.startswith(" "):
            names = tuple(part.strip().strip("\"'") for part in heading[2].split("."))
            here = _inside(names, counts, is_array=heading[1] == "[[")
            key = ()
            places.setdefault(here, number)
        elif (found := _KEY.match(line)) and not line.startswith(" "):
            names = tuple(part.strip("\"'") for part in found["key"].split("."))
            key, elements = (*here, *names), 0
            places.setdefault(key, number)
            if inside := _OPENED.match(line, found.end()):
                key = (*key, inside["key"])  # its elements stand on the lines below
                places.setdefault(key, number)
        elif key and line.strip()[:1] in {'"', "'", "{", "["}:
            places.setdefault((*key, elements), number)
            elements += 1
    return places


def _inside(
    names: tuple[str, ...], counts: dict[tuple[str | int, ...], int], *, is_array: bool
) -> tuple[str | int, ...]:
    """Where a heading leads: [versions.rates] belongs to the last [[versions]] above it."""
    here: tuple[str | int, ...] = ()
    for name in names[:-1]:
        here = (*here, name)
        if here in counts:
            here = (*here, counts[here])
    here = (*here, names[-1])
    if is_array:
        counts[here] = counts.get(here, -1) + 1
        here = (*here, counts[here])
    return here
