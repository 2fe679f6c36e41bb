"""Reading the files of a log into columns of plain values, each row with its file and line."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from makegood.queries.replay import tables
from makegood.queries.replay.columns import Columns, Part, Wanted, find_columns
from makegood.queries.replay.files import Form, LogError, Source, open_log
from makegood.queries.replay.formats import choose
from makegood.queries.replay.tables import Coded, Table, TimeColumn
from makegood.queries.replay.tidy import tidy

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A line of a log that was set aside: what is wrong, and in which words of its own."""

    file: str
    line: int
    what: str
    detail: str = ""

    @property
    def reason(self) -> str:
        """The whole reason in one sentence without its full stop."""
        return f"{self.what}: {self.detail}" if self.detail else self.what


@dataclass(frozen=True, kw_only=True, slots=True)
class FileNote:
    """One file of the log: how much of it there is, and how it was understood."""

    name: str
    rows: int
    columns: Columns
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRows:
    """The rows of one file, column by column, before any of them is judged."""

    note: FileNote
    lines: npt.NDArray[np.int64]
    times: dict[str, TimeColumn]
    texts: dict[Part, Coded]
    see: dict[int, str]
    duplicate_of: dict[int, str]
    bad: tuple[BadRow, ...]


def read_files(
    paths: Sequence[Path], *, wanted: Wanted, progress: Progress = lambda _: None
) -> tuple[FileRows, ...]:
    """Read each file of a log.

    :raises LogError: if a file cannot be read, lacks a needed column, or differs in its promises.
    """
    connection = tables.connect()
    try:
        with tempfile.TemporaryDirectory(prefix="makegood-replay-") as folder:
            read = []
            for path in paths:
                progress(f"Reading {path.name}")
                read.append(_read_file(path, Path(folder), wanted=wanted, connection=connection))
    finally:
        connection.disconnect()
    _refuse_unlike(read)
    return tuple(read)


def _read_file(
    path: Path, scratch: Path, *, wanted: Wanted, connection: tables.Connection
) -> FileRows:
    source = open_log(path, scratch=scratch)
    samples = tables.samples_of(source, connection=connection)
    columns = find_columns(tuple(samples), samples=samples, wanted=wanted, log=path.name)
    table, lines, bad = _good_rows(source, columns=columns, connection=connection)
    if not len(lines) and not bad:
        raise LogError(f"{path} has column names but no rows.")
    return _fetch(source, table, lines=lines, bad=bad, columns=columns)


def _good_rows(
    source: Source, *, columns: Columns, connection: tables.Connection
) -> tuple[Table, npt.NDArray[np.int64], tuple[BadRow, ...]]:
    needed = [choice.column for choice in columns.choices]
    needed += [choice.otherwise for choice in columns.choices if choice.otherwise]
    only = tuple(dict.fromkeys(needed))
    if source.form is Form.CSV:
        return _good_csv(source, only=only, connection=connection)
    table = tables.open_table(source, connection=connection, only=only)
    if source.form is Form.PARQUET:
        return table, np.arange(1, tables.row_count(table) + 1), ()
    lines, strange = tables.json_lines(table)
    name = source.path.name
    bad = (BadRow(file=name, line=line, what="is no JSON object") for line in strange.tolist())
    return table, lines, tuple(bad)


def _good_csv(
    source: Source, *, only: Sequence[str], connection: tables.Connection
) -> tuple[Table, npt.NDArray[np.int64], tuple[BadRow, ...]]:
    """Read it in one go if every line is a good row; else look at it line by line first."""
    try:
        table = tables.open_table(source, connection=connection, only=only)
        rows = tables.row_count(table)
        if rows + 1 == source.lines and not tables.rejected(connection):
            return table, np.arange(2, rows + 2), ()
    except LogError:
        pass  # DuckDB gives up on some files altogether
    tidied = tidy(source)
    clean = replace(source, readable=tidied.path, compressed=False, delimiter=",")
    table = tables.open_table(clean, connection=connection, only=only)
    if tables.row_count(table) != len(tidied.lines):
        raise LogError(f"{source.path} cannot be read as CSV; its quotes do not match.")
    bad = (BadRow(file=source.path.name, line=flaw.line, what=flaw.reason) for flaw in tidied.flaws)
    return table, tidied.lines, tuple(bad)


def _fetch(
    source: Source,
    table: Table,
    *,
    lines: npt.NDArray[np.int64],
    bad: tuple[BadRow, ...],
    columns: Columns,
) -> FileRows:
    times = {choice.column: choice for choice in (columns.opened, *columns.due, *columns.closed)}
    updated = next((choice for choice in columns.others if choice.part is Part.UPDATED), None)
    if updated is not None:
        times[updated.column] = updated
    formats = choose(tables.strange_times(table, columns=tuple(times)))
    note = columns.column(Part.NOTE)
    return FileRows(
        note=FileNote(
            name=source.path.name,
            rows=len(lines) + len(bad),
            columns=columns,
            notes=(*source.notes, *((formats.note,) if formats.note else ())),
        ),
        lines=lines,
        times={
            name: tables.fetch_times(table, name, formats=formats, otherwise=choice.otherwise)
            for name, choice in times.items()
        },
        texts={
            choice.part: tables.fetch_codes(table, choice.column)
            for choice in columns.others
            if choice.part not in (Part.NOTE, Part.UPDATED)
        },
        see=tables.fetch_links(table, note, pattern=tables.SEE) if note else {},
        duplicate_of=tables.fetch_links(table, note, pattern=tables.DUPLICATE) if note else {},
        bad=bad,
    )


def _refuse_unlike(read: Sequence[FileRows]) -> None:
    first = read[0].note
    for other in read[1:]:
        if len(other.note.columns.due) != len(first.columns.due):
            raise LogError(
                f"{first.name} has {len(first.columns.due)} promised dates per request and "
                f"{other.note.name} has {len(other.note.columns.due)}; replay them apart, or name "
                "the columns with --due."
            )
