"""Files of other systems, read a row at a time: CSV, JSON, JSON Lines and XML, each bounded."""

import csv
import json
import mailbox
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from makegood.rules.importing import helpdesks
from makegood.rules.importing.columns import What
from makegood.rules.importing.rows import Row
from makegood.rules.incoming.parsing import RAW_MAX

LARGEST_AT_ONCE: Final = 100 << 20
LONGEST_LINE: Final = 16 << 20
LONGEST_CELL: Final = 4 << 20
LONGEST_HEAD: Final = 1 << 20
_PIECE: Final = 1 << 16

FORMS: Final = ("csv", "zendesk", "freshdesk")
_ENDINGS: Final = frozenset({".csv", ".json", ".jsonl", ".ndjson", ".mbox", ".tsv", ".xml", ".zip"})


class ImportFileError(Exception):
    """The file cannot be read as what it is said to be; the message says why."""


def read_rows(path: Path, *, form: str) -> Iterator[Row]:
    """Every row of a file.

    :raises ImportFileError: if the file is not of this form.
    """
    try:
        if path.suffix.lower() == ".csv" or form == "csv":
            yield from _csv(path)
        elif path.suffix.lower() == ".xml":
            yield from _flat(_xml(path), form)
        else:
            yield from _flat(_json(path), form)
    except UnicodeDecodeError as wrong:
        raise ImportFileError(
            f"{path.name} is no text in UTF-8: save it so, then try again."
        ) from wrong
    except (csv.Error, ParseError) as wrong:
        raise ImportFileError(f"{path.name} cannot be read: {wrong}.") from wrong


def read_mails(path: Path) -> Iterator[bytes]:
    """Every mail of an archive, cut where one is longer than the desk keeps.

    :raises ImportFileError: if it is no archive of mails.
    """
    with path.open("rb") as file:
        if file.read(5) != b"From ":
            raise ImportFileError(f"{path.name} is no mbox: its first line begins with “From ”.")
    with closing(mailbox.mbox(path, create=False)) as box:
        for key in box.iterkeys():
            with box.get_file(key) as mail:
                yield mail.read(RAW_MAX + 1)


@contextmanager
def laid_out(content: bytes, *, name: str) -> Iterator[Path]:
    """A file that was sent, where it can be read; of its name nothing counts but its ending."""
    ending = Path(name).suffix.lower()
    with TemporaryDirectory(prefix="makegood-import-") as folder:
        path = Path(folder) / f"file{ending if ending in _ENDINGS else ''}"
        path.write_bytes(content)
        yield path


def columns_of(path: Path, *, form: str) -> list[str]:
    """The columns that the first rows have, in their order.

    :raises ImportFileError: if the file is not of this form.
    """
    return list(examples_of(path, form=form))


def examples_of(path: Path, *, form: str, rows: int = 50) -> dict[str, str]:
    """The columns that the first rows have, each with the first thing that stands in it.

    :raises ImportFileError: if the file is not of this form.
    """
    found: dict[str, str] = {}
    for row in islice(read_rows(path, form=form), rows):
        for name, value in row.cells.items():
            found[name] = found.get(name) or value
    return found


def what_is_in(path: Path, *, form: str) -> What | None:
    """What the name of its list says is in a JSON file; None if it has none."""
    if form == "csv" or path.suffix.lower() in {".csv", ".xml"}:
        return None
    with path.open("rb") as file:
        head = file.read(200).decode(errors="replace")
    named = [what for name, what in helpdesks.LISTS.items() if f'"{name}"' in head[:40]]
    return named[0] if named else None


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline(LONGEST_HEAD + 1)
        if len(head) > LONGEST_HEAD:
            raise ImportFileError(f"The first line of {path.name} is too long to hold names.")
        file.seek(0)
        delimiter = max(",;\t", key=head.count) if head else ","
        lines = (line.replace("\0", "") for line in _bounded(file, path))
        reader = csv.DictReader(lines, delimiter=delimiter, strict=True)
        for row in reader:
            cells = {str(name): (value or "").strip() for name, value in row.items() if name}
            more = row.get(None)
            wrong = "it has more cells than the first line has names." if more else ""
            yield Row(number=reader.line_num, cells=_without_marks(cells), wrong=wrong)


def _bounded(file: TextIO, path: Path) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise ImportFileError(f"{path.name} has a line of more than {LONGEST_LINE >> 20} MB.")
        yield line


def _without_marks(cells: dict[str, str]) -> dict[str, str]:
    """Without the apostrophe that keeps a cell of an export from being a formula."""
    return {
        name: value[1:] if value[:1] == "'" and value[1:2] in "=+-@" else value
        for name, value in cells.items()
    }


def _json(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        first = file.read(1 << 12).lstrip()[:1]
    if first == b"[" or (first == b"{" and not _is_json_lines(path)):
        yield from enumerate(_json_at_once(path), start=1)
        return
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            if line.strip():
                yield number, _parsed(line)


def _is_json_lines(path: Path) -> bool:
    """Whether the first line is an object of its own that holds no list of records."""
    with path.open("rb") as file:
        first = _parsed(file.readline(LONGEST_LINE))
    return isinstance(first, dict) and not any(name in first for name in helpdesks.LISTS)


def _json_at_once(path: Path) -> list[Any]:
    if path.stat().st_size > LARGEST_AT_ONCE:
        raise ImportFileError(
            f"{path.name} is larger than {LARGEST_AT_ONCE >> 20} MB: export it as JSON Lines."
        )
    whole = _parsed(path.read_bytes())
    if isinstance(whole, dict):
        whole = next((whole[name] for name in helpdesks.LISTS if name in whole), [whole])
    if not isinstance(whole, list):
        raise ImportFileError(f"{path.name} holds no list of tickets or users.")
    return whole


def _parsed(text: bytes) -> Any:  # noqa: ANN401 - whatever it is
    """JSON; None if it is none, which makes it a bad row."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _xml(path: Path) -> Iterator[tuple[int, Any]]:
    """Each child of the root as a record. Declared entities are refused before they are read."""
    parser: XMLPullParser[Any] = XMLPullParser(["start", "end"])
    depth, number, root = 0, 0, None
    for piece in _without_declarations(path):
        parser.feed(piece)
        for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
            depth += 1 if event == "start" else -1
            root = element if root is None else root
            if event == "end" and depth == 1:
                number += 1
                yield number, _of_element(element)
                root.clear()
    parser.close()


def _without_declarations(path: Path) -> Iterator[bytes]:
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            seen = tail + piece
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in seen:
                raise ImportFileError(
                    f"{path.name} declares a document type, or is not in UTF-8: no export is so."
                )
            yield piece
            tail = piece[-10:]


def _of_element(element: Element) -> dict[str, Any]:
    return {
        child.tag.replace("-", "_"): _of_element(child) if len(child) else (child.text or "")
        for child in element
    }


def _flat(records: Iterator[tuple[int, Any]], form: str) -> Iterator[Row]:
    flatten: Callable[[Mapping[str, Any]], dict[str, str]] = (
        helpdesks.flat_zendesk if form == "zendesk" else helpdesks.flat_freshdesk
    )
    for number, record in records:
        if isinstance(record, dict):
            yield Row(number=number, cells=flatten(record))
        else:
            yield Row(number=number, cells={}, wrong="it is no record.")
