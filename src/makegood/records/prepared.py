"""Statements that PostgreSQL parses and plans once for each connection, because they come often.

Django sends each statement with its values written into it, so that each is planned anew, which
takes longer than most answers. What is sent here goes with its values apart.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast
from weakref import WeakSet

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREPARE_AFTER: Final = 1
"""How often a connection runs a statement before it keeps its plan."""

_NEVER_AGAIN: Final = "SET plan_cache_mode = force_generic_plan"
_told: WeakSet["psycopg.Connection[Any]"] = WeakSet()
"""The connections on which PostgreSQL knows that it need not plan for each value."""


class Kept(str):
    """A statement that asks for one thing by its number: no value makes another plan better."""

    __slots__ = ()


def fetch_one(statement: str, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row of a statement, in whichever transaction is open."""
    with cursor_of(Kept(statement)) as cursor:
        cursor.execute(statement, given)
        return cast("tuple[Any, ...] | None", cursor.fetchone())


@contextmanager
def cursor_of(statement: str) -> Iterator[CursorWrapper]:
    """The cursor for a statement: one that keeps its plan, or Django's own."""
    with _keeping() if isinstance(statement, Kept) else connection.cursor() as cursor:
        yield cursor


@contextmanager
def _keeping() -> Iterator[CursorWrapper]:
    """It counts among the queries of tests like any other."""
    connection.ensure_connection()
    driver = cast("psycopg.Connection[Any]", connection.connection)
    driver.prepare_threshold = PREPARE_AFTER
    if driver.autocommit and driver not in _told:
        _tell(driver)
    with psycopg.Cursor(driver) as plain:
        wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        yield wrap(cast("Any", plain))


def _tell(driver: "psycopg.Connection[Any]") -> None:
    """Have plans kept from the first; of itself PostgreSQL plans five times, and some for ever.

    It asks whether the values at hand would have made a cheaper plan. For a list of people it
    takes ten to be in it where it does not know them, so that one alone always looks cheaper.
    Not inside a transaction, which could take the word back.
    """
    with connection.wrap_database_errors, psycopg.Cursor(driver) as plain:
        plain.execute(_NEVER_AGAIN)
    _told.add(driver)
