"""A long story is told to the database once, and afterwards laid into it row by row.

What a story leaves in an empty database is the same each time. To tell it takes more than half a
second; to copy its rows takes a few hundredths.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.db import connection

from makegood.records.prepared import Kept, cursor_of

OF_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables with rows in them before any story."""

Told = TypeVar("Told")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Left:
    """What a story gave back, and the rows that it left, by table."""

    told: object
    rows: dict[str, bytes]


_stories: dict[Callable[[], object], _Left] = {}


def told_once(story: Callable[[], Told]) -> Told:
    """Tell the story, or lay its rows; where something was there before, it is always told.

    Keys stay apart, as the database of tests never starts its sequences again.
    """
    if not is_empty():
        return story()
    if story not in _stories:
        told = story()
        _stories[story] = _Left(told=copy.deepcopy(told), rows=_rows())
        return told
    left = _stories[story]
    _lay(left.rows)
    return copy.deepcopy(left.told)  # type: ignore[return-value] - what was kept under this story


@cache
def tables_of_tests() -> list[str]:
    """All but those in which the migrations themselves have written."""
    return [name for name in connection.introspection.table_names() if name not in OF_MIGRATIONS]


def is_empty() -> bool:
    """Tell whether nothing was written since the migrations."""
    return not filled(tables_of_tests())


def filled(tables: list[str]) -> list[str]:
    """Which of the tables have rows."""
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables
    )
    # To plan it takes longer than the rest of most tests.
    with cursor_of(Kept(asked)) as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _rows() -> dict[str, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is kept has to be lawful
        found = {}
        for name in filled(tables_of_tests()):
            with cursor.copy(f"COPY {name} TO STDOUT") as lines:
                found[name] = b"".join(bytes(line) for line in lines)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return found


def _lay(rows: dict[str, bytes]) -> None:
    """As a superuser looks away: the rows were lawful when they were written."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name, lines in rows.items():
            with cursor.copy(f"COPY {name} FROM STDIN") as table:
                table.write(lines)
        cursor.execute("SET session_replication_role = DEFAULT")
