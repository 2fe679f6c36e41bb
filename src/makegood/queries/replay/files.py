"""Opening a log as it comes: gzip, byte order marks, old encodings, cut-off or binary files.

DuckDB reads the rows. This module looks at the bytes first, so that what DuckDB gets is clean
text with known columns, and what cannot be read is refused in one sentence.
"""

import codecs
import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20
DELIMITERS: Final = (",", ";", "\t", "|")
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TEXT_CONTROLS: Final = frozenset(b"\t\n\r\f\x0b\x1b")
_MOST_CONTROLS: Final = 0.02


class LogError(ValueError):
    """A log that cannot be replayed; the message says which, why, and what would be right."""


class Form(StrEnum):
    """How a log's rows are written down."""

    CSV = "csv"
    JSON_LINES = "json lines"
    PARQUET = "parquet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A log that can be read: `readable` is the file itself or a repaired copy of its text."""

    path: Path
    form: Form
    readable: Path
    scratch: Path
    compressed: bool = False
    delimiter: str = ","
    header: tuple[str, ...] = ()
    lines: int = 0
    notes: tuple[str, ...] = ()


@dataclass(kw_only=True, slots=True)
class _Survey:
    """What one pass over the bytes showed."""

    lines: int = 0
    is_utf8: bool = True
    cut_off: bool = False
    head: bytes = b""
    last: bytes = b""


def open_log(path: Path, *, scratch: Path) -> Source:
    """Look at a file and say how its rows can be read; repaired copies go to `scratch`.

    :raises LogError: if it is missing, empty, a folder, an archive, not text, or has no header.
    """
    start = _first_bytes(path)
    if start.startswith(b"PAR1"):
        return Source(path=path, form=Form.PARQUET, readable=path, scratch=scratch)
    if start.startswith(b"PK\x03\x04"):
        raise LogError(f"{path} is a zip archive or a spreadsheet; unpack it, or save it as CSV.")
    compressed = start.startswith(_GZIP)
    survey = _survey(path, compressed=compressed)
    _refuse_binary(path, head=survey.head)
    source = Source(
        path=path,
        form=_form(path, head=survey.head),
        readable=path,
        scratch=scratch,
        compressed=compressed,
        lines=survey.lines,
    )
    if survey.cut_off or not survey.is_utf8 or b"\0" in survey.head:
        source = _repaired(source, survey=survey)
    return _with_header(source) if source.form is Form.CSV else source


def text_lines(source: Source) -> Iterator[str]:
    """The lines of a readable text log, with their line ends."""
    with _text(source) as lines:
        yield from lines


def sample_rows(source: Source, *, most: int) -> list[list[str]]:
    """The first rows of a CSV log that have as many fields as its header."""
    reader = csv.reader(text_lines(source), delimiter=source.delimiter)
    rows: list[list[str]] = []
    try:
        for row in itertools.islice(reader, 1, most + 1):
            rows += [row] if len(row) == len(source.header) else []
    except csv.Error:
        pass  # the careful reading will name the line
    return rows


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise LogError(f"{path} is a folder; name the log files in it.")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError as missing:
        raise LogError(f"There is no file {path}.") from missing
    except OSError as refused:
        raise LogError(f"{path} cannot be read: {refused.strerror or refused}.") from refused
    if not start:
        raise LogError(f"{path} is empty; a log has a header line and one line per request.")
    return start


def _chunks(path: Path, *, compressed: bool) -> Iterator[bytes]:
    """The (unpacked) bytes; raises EOFError where compressed data ends before its end."""
    opener = gzip.open if compressed else open
    with opener(path, "rb") as file:
        assert isinstance(file, gzip.GzipFile | io.BufferedReader)  # noqa: S101 - for the type
        while chunk := _read_some(file):
            yield chunk


def _read_some(file: gzip.GzipFile | io.BufferedReader) -> bytes:
    try:
        return file.read1(CHUNK)
    except (gzip.BadGzipFile, zlib.error) as damaged:
        raise EOFError from damaged


def _survey(path: Path, *, compressed: bool) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path, compressed=compressed):
            _look_at(chunk, survey=survey, decoder=decoder)
    except EOFError:
        survey.cut_off = True
    if not survey.head:
        raise LogError(f"{path} holds no data; its compressed part is empty or damaged.")
    if survey.last != b"\n":
        survey.lines += 1
    return survey


def _look_at(chunk: bytes, *, survey: _Survey, decoder: codecs.IncrementalDecoder) -> None:
    survey.lines += chunk.count(b"\n")
    survey.last = chunk[-1:]
    if len(survey.head) < CHUNK:
        survey.head += chunk[: CHUNK - len(survey.head)]
    if survey.is_utf8:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            survey.is_utf8 = False


def _refuse_binary(path: Path, *, head: bytes) -> None:
    if head.startswith(_UTF16):
        return
    sample = head[:65536]
    strange = sum(1 for byte in sample if byte < 32 and byte not in _TEXT_CONTROLS)  # noqa: PLR2004
    if strange > _MOST_CONTROLS * len(sample) or not sample.strip():
        raise LogError(
            f"{path} is not a text table; Makegood reads CSV, JSON lines and Parquet, also gzipped."
        )


def _form(path: Path, *, head: bytes) -> Form:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"[":
        raise LogError(
            f"{path} is one JSON array; write one object per line, for instance with jq -c '.[]'."
        )
    return Form.JSON_LINES if start == b"{" else Form.CSV


def _repaired(source: Source, *, survey: _Survey) -> Source:
    """A copy in UTF-8: lines in another encoding are read as UTF-16 or Windows-1252."""
    target = source.scratch / f"{len(list(source.scratch.iterdir()))}-repaired.txt"
    notes = []
    if survey.cut_off:
        notes.append("its compressed data is cut off or damaged; what came before is used")
    with target.open("w", encoding="utf-8", newline="") as copy:
        if survey.head.startswith(_UTF16):
            notes.append("read as UTF-16")
            copy.writelines(_utf16_chunks(source))
        else:
            strange = 0
            for line in _byte_lines(source):
                text, is_strange = _decoded(line)
                strange += is_strange
                copy.write(text)
            if strange:
                notes.append(f"{strange:,} lines are not UTF-8 and were read as Windows-1252")
    return replace(source, readable=target, compressed=False, notes=tuple(notes))


def _utf16_chunks(source: Source) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    try:
        for chunk in _chunks(source.path, compressed=source.compressed):
            yield decoder.decode(chunk)
    except EOFError:
        return


def _byte_lines(source: Source) -> Iterator[bytes]:
    rest = b""
    try:
        for chunk in _chunks(source.path, compressed=source.compressed):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from (line + b"\n" for line in whole)
    except EOFError:
        pass
    if rest:
        yield rest


def _decoded(line: bytes) -> tuple[str, bool]:
    line = line.replace(b"\0", b"")
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), True


def _with_header(source: Source) -> Source:
    with _text(source) as lines:
        sample = lines.read(CHUNK)
    first = next(iter(sample.lstrip("\r\n").splitlines()), "")
    delimiter = max(DELIMITERS, key=first.count)  # the first of equals is the comma
    try:
        header = next(
            row for row in csv.reader(io.StringIO(sample, newline=None), delimiter=delimiter) if row
        )
    except (csv.Error, StopIteration) as wrong:
        raise LogError(f"{source.path} has no readable header line.") from wrong
    names = distinct_names(header)
    renamed = (
        f"the header names {given.strip()} more than once; a later one is called {name}"
        for given, name in zip(header, names, strict=True)
        if given.strip() and " ".join(given.split()) != name
    )
    return replace(source, delimiter=delimiter, header=names, notes=(*source.notes, *renamed))


def distinct_names(header: Sequence[str]) -> tuple[str, ...]:
    """Column names that are not empty and differ in more than case, as DuckDB needs them."""
    seen: set[str] = set()
    names = []
    for place, given in enumerate(header, start=1):
        name = " ".join(given.split()) or f"column_{place}"
        while name.lower() in seen:
            name = f"{name}_{place}"
        seen.add(name.lower())
        names.append(name)
    return tuple(names)


def _text(source: Source) -> io.TextIOWrapper:
    opener = gzip.open if source.compressed else open
    file = opener(source.readable, "rt", encoding="utf-8-sig", newline="")
    assert isinstance(file, io.TextIOWrapper)  # noqa: S101 - both open in text mode
    return file
