"""A second, careful look at a CSV file in which not every line is a good row.

Rows that are too short or too long, that repeat the header, or that open a quote and never close
it, are set aside with their line. A lost quote costs its own line only, not the rest of the file.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.files import Source, distinct_names, text_lines

# A note of more lines than this is taken for a quote that was never closed.
LONGEST_ROW: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """A line that could not be used, and why."""

    line: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tidied:
    """A clean copy of the good rows, the line each of them began on, and the bad ones."""

    path: Path
    lines: npt.NDArray[np.int64]
    flaws: tuple[Flaw, ...]


class _TooLongError(Exception):
    """One row goes on over too many lines."""


class _Lines:
    """Lines for the CSV reader, which can be given back when a row turns out to be none."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self._row: list[str] = []
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._row) >= LONGEST_ROW:
            raise _TooLongError
        try:
            line = self._given_back.popleft() if self._given_back else next(self._lines)
        except StopIteration:
            if self._row:  # the reader wants more: a quote is still open
                raise _TooLongError from None
            raise
        self._row.append(line)
        return line

    @property
    def spans_several(self) -> bool:
        """Whether the row read last took more than one line."""
        return len(self._row) > 1

    def finish_row(self) -> int:
        """Say that a row is whole; returns the line it began on."""
        began = self.line + 1
        self.line += len(self._row)
        self._row = []
        return began

    def give_back(self) -> int:
        """Drop the row's first line, returned by its number, and take its others anew."""
        self._given_back.extendleft(reversed(self._row[1:]))
        self._row = []
        self.line += 1
        return self.line


def tidy(source: Source) -> Tidied:
    """Write the good rows of a CSV log to a clean copy, and list the bad ones."""
    path = source.scratch / f"{len(list(source.scratch.iterdir()))}-tidy.csv"
    lines: list[int] = []
    flaws: list[Flaw] = []
    with path.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, lineterminator="\n")
        writer.writerow(source.header)
        for line, row in _rows(source):
            if isinstance(row, str):
                flaws.append(Flaw(line=line, reason=row))
            else:
                writer.writerow(row[: len(source.header)])
                lines.append(line)
    return Tidied(path=path, lines=np.array(lines, dtype=np.int64), flaws=tuple(flaws))


def _rows(source: Source) -> Iterator[tuple[int, list[str] | str]]:
    """Each row after the header with its line; a reason instead of a row that is not good."""
    lines = _Lines(text_lines(source))
    reader = csv.reader(lines, delimiter=source.delimiter)
    seen_header = False
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except _TooLongError:
            row, wrong, lost = [], "opens a quote and never closes it", True
        except csv.Error as error:
            row, wrong, lost = [], f"cannot be read: {error}", True
        else:
            wrong = _what_is_wrong(row, source=source) if seen_header else ""
            lost = bool(wrong) and lines.spans_several  # perhaps a quote swallowed good lines
        if lost:
            yield lines.give_back(), wrong
            reader = csv.reader(lines, delimiter=source.delimiter)
            continue
        line = lines.finish_row()
        if row and seen_header:
            yield line, wrong or row
        seen_header = seen_header or bool(row)


def _what_is_wrong(row: list[str], *, source: Source) -> str:
    if not row:
        return ""
    wanted = len(source.header)
    if len(row) < wanted or any(field.strip() for field in row[wanted:]):
        return f"has {len(row)} fields where the header has {wanted}"
    if row[0].strip() == source.header[0] and distinct_names(row[:wanted]) == source.header:
        return "repeats the header"
    return ""
