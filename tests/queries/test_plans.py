"""What PostgreSQL reads for lists and searches: an index, where all would be too much."""

from dataclasses import replace

import pytest
from bench import desk_filling
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.queries.case_filter import NONE, Sort, State
from makegood.queries.case_list import get_case_list
from makegood.queries.promise_board import get_board
from makegood.queries.search import find_people, search
from makegood.records import prepared
from makegood.records.models import Staff
from world import MONDAY

pytestmark = pytest.mark.django_db
CASES = 3_000


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):  # noqa: ARG001 - the database has to be there
    """A company of some size, written once for all tests here and taken back after them."""
    from django.db import transaction  # noqa: PLC0415 - as the block needs it

    with django_db_blocker.unblock(), transaction.atomic():
        filled = desk_filling.write(CASES, now=MONDAY)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE")
        yield filled
        transaction.set_rollback(True)


def plans(ask) -> str:
    """How PostgreSQL answers what `ask` asks, all statements together, each with its values."""
    with CaptureQueriesContext(connection) as captured, pytest.MonkeyPatch.context() as patched:
        patched.setattr(prepared, "_keeping", connection.cursor)
        ask()
    statements = [query["sql"] for query in captured if "SELECT" in query["sql"]]
    with connection.cursor() as cursor:
        found = []
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({}, "case_open_by_severity"),
        ({"state": State.ALL, "sort": Sort.NEWEST}, "case_by_age"),
        ({"state": State.CLOSED}, "case_by_severity"),
        ({"q": desk_filling.RARE_WORD}, "case_search_by_words"),
        ({"sort": Sort.DUE}, "promise_open_by_due_time"),
        ({"state": State.AT_RISK}, "promise_open_and_warned"),
        ({"state": State.BROKEN}, "promise_open_by_due_time"),
    ],
)
def test_a_list_begins_at_its_place_in_an_index(company, filters, index):
    reader = Staff.objects.get(pk=company["owners"][0])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # few rows are sorted all the same
        plan = plans(lambda: get_case_list(reader, asked=replace(NONE, **filters), now=MONDAY))
        cursor.execute("SET LOCAL enable_sort = on")

    assert index in plan


def test_a_search_reads_the_index_of_words(company):
    reader = Staff.objects.get(pk=company["owners"][0])

    plan = plans(lambda: search(desk_filling.RARE_WORD, reader=reader, now=MONDAY))

    for kind in ("case", "customer", "asset"):
        assert f"{kind}_search_by_words" in plan
        assert f"Seq Scan on records_{kind}search" not in plan


def test_a_caller_is_found_by_the_index_whatever_they_say(company):  # noqa: ARG001 - it is there
    for typed in ("laura taylor", "+44 7000 007919"):
        assert "customer_search_by_words" in plans(lambda typed=typed: find_people(typed, shown=8))


def test_what_falls_due_next_can_be_walked_in_order(company):
    reader = Staff.objects.get(pk=company["owners"][0])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # few rows are sorted all the same
        plan = plans(lambda: get_case_list(reader, asked=replace(NONE, sort=Sort.DUE), now=MONDAY))
        cursor.execute("SET LOCAL enable_sort = on")

    assert "Sort Key: records_promise.due_at, records_promise.id" not in plan


def test_my_word_reads_an_index_of_what_customers_wrote(company):
    reader = Staff.objects.get(pk=company["owners"][0])

    assert "contact_written_by_customers" in plans(lambda: get_board(reader, now=MONDAY))
