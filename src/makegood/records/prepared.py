"""Statements that PostgreSQL parses and plans once for each connection, because they come often."""

from collections.abc import Mapping
from typing import Any, Final, cast

import psycopg
from django.db import connection

PREPARE_AFTER: Final = 3
"""How often a connection runs a statement before it keeps its plan."""


def fetch_one(statement: str, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row of a statement, in whichever transaction is open.

    Django sends each statement with its values written into it, so that each is planned anew; this
    sends them apart. It counts among the queries of tests like any other.
    """
    connection.ensure_connection()
    driver = cast("psycopg.Connection[Any]", connection.connection)
    driver.prepare_threshold = PREPARE_AFTER
    with psycopg.Cursor(driver) as plain:
        wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
        cursor = wrap(cast("Any", plain))
        cursor.execute(statement, given)
        return cast("tuple[Any, ...] | None", cursor.fetchone())
