"""Raw SQL, as from psql, and whether the database refuses it."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


def sql(statement: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@contextmanager
def as_if_committed():
    with transaction.atomic():
        yield
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def refused_by(name: str):
    """The block, and what it deferred to commit, is refused by this constraint."""
    with pytest.raises(IntegrityError) as refusal, as_if_committed():
        yield
    assert refusal.value.__cause__.diag.constraint_name == name
    sql("SET CONSTRAINTS ALL DEFERRED")


def behind_the_laws(statement: str) -> None:
    """Change something while no trigger looks, as a superuser can."""
    sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    sql("SET LOCAL session_replication_role = replica")
    sql(statement)
    sql("SET LOCAL session_replication_role = origin")


def insert(table: str, **columns) -> None:
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())
