"""Plain statements for what pages read most: a small value for each row, and no models.

Django puts a query with joins together in milliseconds, and then makes a model of every table in
every row; PostgreSQL answers the same in a fraction of that. Where neither is asked often, or a
filter is put together from parts, querysets are easier to read and stay.
"""

from typing import Any, NamedTuple, TypeVar

from django.db import connection

Row = TypeVar("Row", bound=NamedTuple)


class MisreadRowError(TypeError):
    """A statement gives other columns than its rows have; name and order have to agree."""


def rows(statement: str, into: type[Row], **given: Any) -> list[Row]:  # noqa: ANN401 - whatever psycopg takes
    """Ask once; each row as an `into`, whose fields are the statement's columns in their order.

    :raises MisreadRowError: if they are not.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        columns = tuple(column.name for column in cursor.description or ())
        if columns != into._fields:
            raise MisreadRowError(
                f"The statement gives the columns {', '.join(columns)}; its rows have the fields"
                f" {', '.join(into._fields)}."
            )
        return [into._make(row) for row in cursor.fetchall()]


def row(statement: str, into: type[Row], **given: Any) -> Row | None:  # noqa: ANN401 - as above
    """The first row that `rows` gives, if there is one."""
    return next(iter(rows(statement, into, **given)), None)
