"""Reading what `makegood export` wrote: a folder or a ZIP archive, bounded and a line at a time."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from makegood.queries.exporting import FORMAT, MANIFEST
from makegood.records.export_tables import export_tables

LONGEST_LINE = 256 << 20
LONGEST_MANIFEST = 8 << 20
MOST_TIMES_LARGER = 200
"""Text packs ten to twenty times; what unpacks to more than this many times is a bomb."""

Open = Callable[[str], io.BufferedIOBase]


class ExportFileError(Exception):
    """The file or folder is no whole export of Makegood; the message says what it lacks."""


class ExportFiles:
    """The files of one export."""

    def __init__(self, open_file: Open) -> None:
        self._open = open_file
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
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise ExportFileError("Its manifest is no manifest of an export.") from wrong
        unknown = set(counts) - {table.name for table in export_tables()}
        if newer or unknown:
            raise ExportFileError("It was written by a newer Makegood: install that version first.")
        return counts


@contextmanager
def opened(path: Path) -> Iterator[ExportFiles]:
    """Open an export.

    :raises ExportFileError: if it is none, or a ZIP archive that unpacks to far more than it is.
    """
    if path.is_dir():
        yield ExportFiles(lambda name: _of_folder(path, name))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            _require_no_bomb(archive)
            yield ExportFiles(lambda name: _of_archive(archive, name))
    except zipfile.BadZipFile as wrong:
        raise ExportFileError(f"{path} is no ZIP archive, or only half of one.") from wrong


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


def _require_no_bomb(archive: zipfile.ZipFile) -> None:
    for one in archive.infolist():
        if one.file_size > MOST_TIMES_LARGER * max(one.compress_size, 1 << 20):
            raise ExportFileError(f"{one.filename} unpacks to far more than an export does.")
