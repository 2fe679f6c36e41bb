"""Reading what `makegood export` wrote: a folder or a ZIP archive, bounded and a line at a time."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from makegood.queries.exporting import FORMAT, MANIFEST
from makegood.records.export_tables import export_tables

LONGEST_LINE = 256 << 20
LONGEST_MANIFEST = 8 << 20
MOST_LOOKED_AT = 1 << 30
"""What is only looked at, while somebody waits, unpacks to no more than this."""
MOST_TIMES_LARGER = 200
"""Text packs ten to twenty times; what unpacks to more than this many times is a bomb."""

Open = Callable[[str], io.BufferedIOBase]


class ExportFileError(Exception):
    """The file or folder is no whole export of Makegood; the message says what it lacks."""


class ExportFiles:
    """The files of one export."""

    def __init__(self, open_file: Open) -> None:
        self._open = open_file
        self.written_at = ""
        self.counts = self._manifest()

    def lines(self, name: str) -> Iterator[str]:
        """The rows of one table, as they stand.

        :raises ExportFileError: if it is missing, or no text.
        """
        try:
            with self._open(f"jsonl/{name}.jsonl") as file:
                while line := file.readline(LONGEST_LINE):
                    yield line.decode()
        except UnicodeDecodeError as wrong:
            raise ExportFileError(f"jsonl/{name}.jsonl is no text in UTF-8.") from wrong

    def _manifest(self) -> Mapping[str, int]:
        with self._open(MANIFEST) as file:
            text = file.read(LONGEST_MANIFEST)
        try:
            given: dict[str, Any] = json.loads(text)
            newer = given["format"] > FORMAT
            counts = {str(name): int(count) for name, count in given["counts"].items()}
            self.written_at = str(given.get("written_at", ""))[:40]
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise ExportFileError("Its manifest is no manifest of an export.") from wrong
        unknown = set(counts) - {table.name for table in export_tables()}
        if newer or unknown:
            raise ExportFileError("It was written by a newer Makegood: install that version first.")
        return counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """What an export of a whole company holds, as its manifest and its files say."""

    written_at: str
    rows: int
    customers: int
    cases: int
    staff: int


def examine(path: Path) -> Whole:
    """Look whether a file is a whole export, and what it holds; nothing of it is taken.

    :raises ExportFileError: if it is none.
    """
    with opened(path, most=MOST_LOOKED_AT) as files:
        for name, count in files.counts.items():
            lines = sum(1 for line in files.lines(name) if line.strip())
            if lines != count:
                raise ExportFileError(
                    f"{name}.jsonl has {lines} rows, the manifest says {count}: rows are missing."
                )
        return Whole(
            written_at=files.written_at,
            rows=sum(files.counts.values()),
            customers=files.counts.get("customer", 0),
            cases=files.counts.get("case", 0),
            staff=files.counts.get("staff", 0),
        )


@contextmanager
def opened(path: Path, *, most: int | None = None) -> Iterator[ExportFiles]:
    """Open an export; an archive may be asked to unpack to no more than so many bytes.

    :raises ExportFileError: if it is none, or a ZIP archive that unpacks to far more than it is.
    """
    if path.is_dir():
        yield ExportFiles(lambda name: _of_folder(path, name))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _require_no_bomb(archive, most=most)
            yield ExportFiles(lambda name: _of_archive(archive, name))
    except (zipfile.BadZipFile, zlib.error, EOFError) as wrong:
        raise ExportFileError(f"{path.name} is no ZIP archive, or only half of one.") from wrong


def _of_folder(folder: Path, name: str) -> io.BufferedIOBase:
    try:
        return (folder / name).open("rb")
    except FileNotFoundError as wrong:
        raise ExportFileError(f"It lacks the file {name}.") from wrong


def _of_archive(archive: zipfile.ZipFile, name: str) -> io.BufferedIOBase:
    try:
        return cast("io.BufferedIOBase", archive.open(name))
    except KeyError as wrong:
        raise ExportFileError(f"It lacks the file {name}.") from wrong
    except (RuntimeError, NotImplementedError) as wrong:
        raise ExportFileError(f"{name} is encrypted, or packed in a way of its own.") from wrong


def _require_no_bomb(archive: zipfile.ZipFile, *, most: int | None) -> None:
    if most is not None and sum(one.file_size for one in archive.infolist()) > most:
        raise ExportFileError(f"It unpacks to more than {most >> 30} GB: use the command line.")
    for one in archive.infolist():
        if one.file_size > MOST_TIMES_LARGER * max(one.compress_size, 1 << 20):
            raise ExportFileError(f"{one.filename} unpacks to far more than an export does.")
