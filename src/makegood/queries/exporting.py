"""The whole company as files that anybody can read: JSON Lines and CSV, a row at a time.

All of it is of one moment. Memory does not grow with the history, and nothing that opens a door
is in it.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from django.db import connection, transaction
from psycopg import sql

from makegood.records.export_tables import LEFT_OUT, Table, export_tables

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_BY_PLACE = sql.SQL("case_id, seq")
"""A chain comes in link by link."""

Told = Callable[[str], None]


class Holder(Protocol):
    """Where files are written: a folder, or a ZIP archive."""

    def file(self, name: str) -> "Any":  # noqa: ANN401 - a context manager of a binary file
        """Open one to write to."""


class FolderHolder:
    """Writes files into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """Open one to write to."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as out:
            yield out


class ArchiveHolder:
    """Writes files into a ZIP archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """Open one to write to."""
        with self._archive.open(name, "w", force_zip64=True) as out:
            yield out


def write_all(holder: Holder, *, now: datetime, told: Told = lambda _: None) -> dict[str, int]:
    """Write every table; returns how many rows each has. The manifest comes last."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not _is_inside_another():
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        counts = {}
        for table in export_tables():
            told(f"Writing {table.name} ...")
            counts[table.name] = _write_lines(table, holder)
            _write_csv(table, holder)
    manifest = {
        "format": FORMAT,
        "written_at": now.isoformat(),
        "counts": counts,
        "tables": [asdict(table) for table in export_tables()],
        "left_out": dict(LEFT_OUT),
    }
    with holder.file(MANIFEST) as out:
        out.write(json.dumps(manifest, indent=1).encode())
    return counts


def _is_inside_another() -> bool:
    """Whether a test, say, holds a transaction already: its level cannot be changed any more."""
    return len(connection.savepoint_ids) > 0


def _write_lines(table: Table, holder: Holder) -> int:
    count = 0
    with holder.file(f"jsonl/{table.name}.jsonl") as out:
        for line in _lines(table):
            out.write(line.encode() + b"\n")
            count += 1
    return count


def _write_csv(table: Table, holder: Holder) -> None:
    names = [column.name for column in table.columns]
    with holder.file(f"csv/{table.name}.csv") as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(names)
        for line in _lines(table):
            row = json.loads(line)
            writer.writerow([_cell(row[name]) for name in names])
        text.detach()


def _cell(value: object) -> str:
    """As a spreadsheet may see it: no cell can be taken for a formula."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _lines(table: Table) -> Iterator[str]:
    """Each row as the JSON that PostgreSQL makes of it, and reads again."""
    key = _BY_PLACE if table.name == "timelineentry" else sql.Identifier(table.key)
    statement = sql.SQL(
        "SELECT row_to_json(t)::text FROM (SELECT {} FROM {} ORDER BY {}) t"
    ).format(
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
        sql.Identifier(table.table),
        key,
    )
    connection.ensure_connection()
    with connection.connection.cursor(name="makegood_export") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(statement)
        for (line,) in cursor:
            yield line
