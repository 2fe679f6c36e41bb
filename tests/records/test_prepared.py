"""Plans that are kept: planned once for a connection, whatever the values are."""

import pytest
from django.db import connection, transaction

from makegood.records import prepared
from makegood.records.prepared import Kept

pytestmark = pytest.mark.usefixtures("committed_db")
HOW_OFTEN = 12
ONE_OF_MANY = Kept("SELECT count(*) FROM records_staff WHERE id = ANY(%(ids)s)")
"""PostgreSQL takes ten for a list that it does not know; one alone always looks cheaper to it."""


def ask() -> tuple[int, int]:
    """Ask often; returns how many plans were made for any value, and how many for that alone."""
    for number in range(HOW_OFTEN):
        prepared.fetch_one(ONE_OF_MANY, {"ids": [number]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")
        made: tuple[int, int] = cursor.fetchone()
    return made


def test_no_value_is_planned_for():
    connection.close()  # a connection that nobody has asked anything on

    assert ask() == (HOW_OFTEN - prepared.PREPARE_AFTER, 0)


def test_a_transaction_that_is_taken_back_takes_no_plans_with_it():
    connection.close()
    with transaction.atomic():
        ask()
        transaction.set_rollback(True)

    assert ask() == (HOW_OFTEN - prepared.PREPARE_AFTER, 0)
