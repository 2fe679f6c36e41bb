"""A company comes in with all that it had: what `makegood export` wrote, into an empty desk.

Rows come with their numbers, so that every link between them holds. What the guards refuse of a
history that is written all at once, such as a promise whose due time has moved, is asked of the
whole afterwards: if a single law does not hold, nothing stays.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.db import DataError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from makegood.records.export_tables import Table, export_tables

_MOST_ROWS, _MOST_BYTES = 500, 8 << 20
_OFF, _ON = sql.SQL("DISABLE"), sql.SQL("ENABLE")
_KEEPS_UP = "search_follows"
"""Triggers that write what can be found go on: searches are not in the files."""


class NotEmptyError(Exception):
    """There are people or cases in this desk already: a whole company comes into an empty one."""


class BadExportError(Exception):
    """The files do not hold what an export of Makegood holds; the message says where."""


@contextmanager
def moving_in() -> Iterator[None]:
    """Everything or nothing: the desk is empty before, and every link holds at the end.

    :raises NotEmptyError: if there is anything in it.
    """
    with transaction.atomic():
        _require_empty()
        quiet = _quiet_triggers()
        _switch(quiet, _OFF)
        yield
        _continue_numbers()
        with connection.cursor() as cursor:
            _require_links(cursor)
            _switch(quiet, _ON)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def take_rows(table: Table, lines: Iterable[str]) -> int:
    """Write the rows of one table, some at once; returns how many.

    :raises BadExportError: if one is no row of it.
    """
    count = 0
    for batch in _batches(table, lines):
        try:
            _insert(table, batch)
        except (DataError, IntegrityError) as wrong:
            said = str(wrong).split("\n", 1)[0]
            raise BadExportError(f"{table.name}.jsonl, after line {count}: {said}.") from wrong
        count += len(batch)
    return count


def _batches(table: Table, lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        _require_object(table, line, number)
        batch.append(line)
        size += len(line)
        if len(batch) >= _MOST_ROWS or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _require_object(table: Table, line: str, number: int) -> None:
    try:
        row = json.loads(line)
    except ValueError as wrong:
        raise BadExportError(f"{table.name}.jsonl, line {number}: it is no JSON.") from wrong
    if not isinstance(row, Mapping) or table.key not in row:
        raise BadExportError(
            f"{table.name}.jsonl, line {number}: it is no row with its {table.key}."
        )


def _insert(table: Table, batch: list[str]) -> None:
    columns = [column.name for column in table.columns if column.name not in table.anew]
    names = sql.SQL(", ").join(map(sql.Identifier, [*columns, *table.anew]))
    parts: list[sql.Composable] = [sql.Identifier(name) for name in columns]
    parts += [sql.SQL(anew) for anew in table.anew.values()]
    values = sql.SQL(", ").join(parts)
    into = sql.Identifier(table.table)
    statement = sql.SQL(
        "INSERT INTO {into} ({names}) SELECT {values}"
        " FROM json_populate_recordset(NULL::{into}, %s::json)"
    ).format(into=into, names=names, values=values)
    with connection.cursor() as cursor:
        cursor.execute(statement, ["[" + ",".join(batch) + "]"])


def _require_links(cursor: CursorWrapper) -> None:
    try:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as wrong:
        said = " ".join(str(wrong).split())
        raise BadExportError(f"The files refer to rows that are not in them: {said}") from wrong


def _require_empty() -> None:
    asked = " UNION ALL ".join(
        f"SELECT 1 WHERE EXISTS (SELECT FROM {table.table})"  # noqa: S608 - names of our own
        for table in export_tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        if cursor.fetchone() is not None:
            raise NotEmptyError(NotEmptyError.__doc__)


def _quiet_triggers() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
            " AND starts_with(t.tgrelid::regclass::text, 'records_')"
            " AND NOT starts_with(p.proname, %s)",
            [_KEEPS_UP],
        )
        return [(table, name) for table, name in cursor.fetchall()]


def _switch(triggers: list[tuple[str, str]], to: sql.SQL) -> None:
    with connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                    sql.Identifier(table),
                    to,
                    sql.Identifier(name),
                )
            )


def _continue_numbers() -> None:
    """New rows count on from the highest number that came in."""
    with connection.cursor() as cursor:
        for table in (table for table in export_tables() if table.key == "id"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, 'id'), m) FROM"  # noqa: S608 - ours
                f" (SELECT max(id) AS m FROM {table.table}) t WHERE m IS NOT NULL",
                [table.table],
            )
