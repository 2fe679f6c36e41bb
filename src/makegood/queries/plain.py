"""Plain statements for what pages read most: a small value for each row, and no models.

Django puts a query with joins together in milliseconds, and then makes a model of every table in
every row; PostgreSQL answers the same in a fraction of that. Where neither is asked often, or a
filter is put together from parts, querysets are easier to read and stay. A statement that is `Kept`
is planned once for each connection.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

from makegood.records import prepared
from makegood.records.prepared import Kept

__all__ = ["Kept", "MisreadRowError", "columns", "models", "row", "rows"]

Row = TypeVar("Row", bound=NamedTuple)


class MisreadRowError(TypeError):
    """A statement gives other columns than its rows have; name and order have to agree."""


def rows(statement: str, into: type[Row], **given: Any) -> list[Row]:  # noqa: ANN401 - whatever psycopg takes
    """Ask once; each row as an `into`, whose fields are the statement's columns in their order.

    :raises MisreadRowError: if they are not.
    """
    with prepared.cursor_of(statement) as cursor:
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


def columns(kind: type[Model], alias: str) -> str:
    """All columns of a model in their order, for a statement that `models` reads."""
    return ", ".join(f"{alias}.{field.column}" for field in _fields(kind))


def models(statement: str, *kinds: type[Model], **given: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - whatever psycopg takes
    """Ask once; each row as one model of every kind, where whole models are wanted all the same.

    The statement gives the `columns` of the kinds, one after the other; what follows them comes as
    it is.
    """
    with prepared.cursor_of(statement) as cursor:
        cursor.execute(statement, given)
        found = cursor.fetchall()
    width = sum(len(_fields(kind)) for kind in kinds)
    return [(*_models(row, kinds), *row[width:]) for row in found]


def _models(row: tuple[Any, ...], kinds: tuple[type[Model], ...]) -> Iterator[Model]:
    start = 0
    for kind in kinds:
        fields = _fields(kind)
        values = [
            # As Django's own compiler does it; JSON, for one, comes as text.
            field.from_db_value(value, None, connection)
            if hasattr(field, "from_db_value")
            else value
            for field, value in zip(fields, row[start:], strict=False)
        ]
        start += len(fields)
        yield kind.from_db(connection.alias, [field.attname for field in fields], values)


def _fields(kind: type[Model]) -> Sequence[Any]:
    return kind._meta.concrete_fields  # noqa: SLF001 - Django documents it for such use
