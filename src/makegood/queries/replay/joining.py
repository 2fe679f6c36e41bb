"""The rows of a log's files put together, and the good ones told from the bad."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from makegood.queries.replay.columns import Part
from makegood.queries.replay.reading import BadRow, FileRows
from makegood.queries.replay.stamps import Stamps, stamp
from makegood.queries.replay.tables import Coded
from makegood.queries.replay.times import Marks, Places, micros, second_coming

_SHORT: Final = 40


class Joined:
    """The rows of all files, one after the other, with their times placed in UTC."""

    def __init__(self, files: Sequence[FileRows], *, zone: ZoneInfo) -> None:
        self.files = files
        self.zone = zone
        self.lines = np.concatenate([file.lines for file in files])
        self.file = np.repeat(np.arange(len(files)), [len(file.lines) for file in files])
        self.opened = self._stamps([f.note.columns.opened.column for f in files], ends_day=False)
        columns = [file.note.columns for file in files]
        self.due = tuple(
            self._stamps([c.due[i].column for c in columns], ends_day=True, may_be_days=True)
            for i in range(len(columns[0].due))
        )
        self.deeds = tuple(
            self._stamps([c.closed[i].column for c in columns], ends_day=True, may_be_days=True)
            for i in range(min(len(c.closed) for c in columns))
        )
        for deed in self.deeds:
            _take_second_coming(deed, opened=self.opened, zone=zone)
        self.updated = self._updated()
        self.see = self._links([file.see for file in files])
        self.duplicate_of = self._links([file.duplicate_of for file in files])

    def changed_by(self, end: datetime) -> Marks:
        """Rows whose state was reached by a moment; all, where the log does not say."""
        if self.updated is None:
            return np.ones(len(self.lines), dtype=np.bool_)
        return np.asarray(self.updated.moments <= micros(end), dtype=np.bool_)

    def text(self, part: Part) -> Coded | None:
        """One text column with its values in order, so that codes do not depend on the rows'."""
        coded = [file.texts.get(part) for file in self.files]
        if not any(coded):
            return None
        values = sorted({value for some in coded if some for value in some.values})
        place = {value: code for code, value in enumerate(values)}
        codes = []
        for some, file in zip(coded, self.files, strict=True):
            if some is None or not some.values:
                codes.append(np.full(len(file.lines), -1, dtype=np.int64))
                continue
            known = np.array([place[value] for value in some.values], dtype=np.int64)
            codes.append(np.where(some.codes < 0, -1, known[some.codes]))
        return Coded(codes=np.concatenate(codes), values=tuple(values))

    def _stamps(self, names: Sequence[str], *, ends_day: bool, may_be_days: bool = False) -> Stamps:
        columns = [file.times[name] for file, name in zip(self.files, names, strict=True)]
        return stamp(columns, zone=self.zone, ends_day=ends_day, may_be_days=may_be_days)

    def _updated(self) -> Stamps | None:
        names = [file.note.columns.column(Part.UPDATED) for file in self.files]
        if not all(names):
            return None
        return self._stamps([name for name in names if name], ends_day=False)

    def _links(self, links: Sequence[Mapping[int, str]]) -> dict[int, str]:
        starts = np.cumsum([0, *(len(file.lines) for file in self.files)])
        return {
            int(start) + place: named
            for start, some in zip(starts, links, strict=False)
            for place, named in some.items()
        }


def good_rows(joined: Joined, *, now: datetime) -> tuple[Marks, tuple[BadRow, ...]]:
    """Which rows can be used, and every one that cannot with the first reason why."""
    good = np.ones(len(joined.lines), dtype=np.bool_)
    bad = [row for file in joined.files for row in file.bad]
    for what, places, texts in _faults(joined, now=now):
        fresh = places[good[places]]
        good[fresh] = False
        bad += [_bad_row(joined, place, what, texts.get(place, "")) for place in fresh.tolist()]
    return good, tuple(sorted(bad, key=lambda row: (row.file, row.line)))


def _faults(joined: Joined, *, now: datetime) -> Iterator[tuple[str, Places, Mapping[int, str]]]:
    """What can be wrong with a row, the places where it is, and the words that stand there."""
    first = joined.files[0].note.columns
    opened, since = first.opened.column, joined.opened
    dues = [(choice.column, s) for choice, s in zip(first.due, joined.due, strict=True)]
    deeds = [(choice.column, s) for choice, s in zip(first.closed, joined.deeds, strict=False)]
    again = [place for place, text in since.unreadable.items() if text == opened]
    yield "repeats the header", np.array(sorted(again), dtype=np.int64), {}
    for column, stamps in ((opened, since), *dues, *deeds):
        unreadable = np.array(sorted(stamps.unreadable), dtype=np.int64)
        yield f"{column} is no time", unreadable, stamps.unreadable
        yield f"{column} lies outside the years 1970 to 2200", np.flatnonzero(stamps.odd), {}
    yield f"{opened} is empty", np.flatnonzero(~since.known), {}
    for column, stamps in ((opened, since), *deeds):
        later = np.flatnonzero(stamps.begins > micros(now))
        yield f"{column} lies in the future", later, {}
    for column, stamps in deeds:
        early = np.flatnonzero(stamps.known & (stamps.moments < since.moments))
        yield f"{column} lies before {opened}", early, {}


def _take_second_coming(deed: Stamps, *, opened: Stamps, zone: ZoneInfo) -> None:
    """A wall time that comes twice, and would lie before the opening, is the later of the two."""
    early = np.flatnonzero(deed.twice & (deed.moments < opened.moments))
    if len(early):
        deed.moments[early] = deed.begins[early] = second_coming(deed.moments[early], zone=zone)


def _bad_row(joined: Joined, place: int, what: str, text: str) -> BadRow:
    file = joined.files[int(joined.file[place])].note.name
    shown = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    return BadRow(
        file=file, line=int(joined.lines[place]), what=what, detail=f'"{shown}"' if shown else ""
    )
