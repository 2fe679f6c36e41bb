"""Plain statements: rows by name, and whole models where they are wanted."""

from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.queries import one_case, plain
from makegood.records.models import Case, PolicySnapshot
from world import a_case, a_customer

pytestmark = pytest.mark.django_db


class Person(NamedTuple):
    """Somebody."""

    id: int
    name: str


def test_rows_have_the_columns_of_the_statement():
    found = plain.rows("SELECT 7 AS id, %(name)s AS name", Person, name="Ann")

    assert found == [Person(id=7, name="Ann")]


def test_no_row_is_none():
    assert plain.row("SELECT 1 AS id, '' AS name WHERE false", Person) is None


@pytest.mark.parametrize(
    "columns",
    ["'Ann' AS name, 7 AS id", "7 AS id", "7 AS id, 'Ann' AS title", "1 AS id, '' AS name, 2"],
)
def test_a_statement_with_other_columns_is_refused(columns):
    with pytest.raises(plain.MisreadRowError, match="its rows have the fields id, name"):
        plain.rows(f"SELECT {columns}", Person)


def test_models_come_as_django_would_have_read_them():
    case = a_case(customer=a_customer("Ann"))
    with CaptureQueriesContext(connection) as asked:
        found = one_case.by_reference(case.reference)
        assert found is not None
        assert found.customer.name == "Ann"

    assert len(asked) == 1
    assert found == case
    for field in Case._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(Case.objects.get(pk=case.pk), field.attname)


def test_json_in_a_model_is_read_as_django_reads_it():
    a_case()
    statement = f"SELECT {plain.columns(PolicySnapshot, 's')} FROM records_policysnapshot s"

    [(snapshot,), *_others] = plain.models(statement, PolicySnapshot)

    assert snapshot.terms == PolicySnapshot.objects.get(pk=snapshot.pk).terms


def test_a_case_that_is_not_there_is_said_so():
    assert one_case.by_reference("NO-SUCH-CASE") is None
    with pytest.raises(Case.DoesNotExist):
        one_case.by_id(0)
