"""`verify` looks at gestures and found things: what was changed behind the database's back."""

import pytest

from gesture_world import a_budget, gesture, put_right
from letter_world import ADDRESS
from makegood.actions import found_things
from makegood.actions.found_things import Where
from makegood.queries import verify
from makegood.rules.found_things import Found, FoundKind
from raw_sql import behind_the_laws
from world import MONDAY, a_customer, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _given_and_found():
    case = put_right()
    a_budget(case)
    gesture(case)
    for number, found in enumerate(
        (
            Found(kind=FoundKind.PROPERTY, what="A shirt"),
            Found(kind=FoundKind.REFUND, what="A fare", amount_minor=500, currency="GBP"),
        )
    ):
        where = Where(source="till", external_id=str(number), found_at=MONDAY)
        customer = a_customer(email=ADDRESS)
        found_things.push(customer, found, where, now=MONDAY, owner=a_person())


def faults() -> list[str]:
    return [str(fault) for fault in verify.run()]


def test_what_was_given_and_found_rightly_has_no_faults():
    assert faults() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE records_promise SET kind = 'other' WHERE kind = 'delivery'", "nobody promised"),
        (
            "UPDATE records_foundthing SET amount_minor = 600 WHERE kind = 'refund'",
            "what was found and what is paid are not the same",
        ),
        ("DELETE FROM records_foundthing", "what was found and what is paid are not the same"),
        (
            (
                "UPDATE records_message SET said_at = said_at + interval '1 year'"
                " WHERE kind = 'apology'"
            ),
            "it came before an apology",
        ),
        ("UPDATE records_gesture SET cost_minor = 1", "it is not what the catalogue has"),
        ("UPDATE records_gesturebudget SET per_period_minor = 499", "spent more than it may"),
        (
            (
                "UPDATE records_customer c SET email = s.email FROM records_staff s,"
                " records_gesture g, records_case k WHERE s.id = g.given_by_id AND k.id = g.case_id"
                " AND c.id = k.customer_id"
            ),
            "it was given to whoever gave it",
        ),
    ],
)
def test_what_was_changed_behind_the_laws_is_found(statement, found):
    behind_the_laws(statement)
    assert any(found in fault for fault in faults())


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("found_money_is_paid", "records_foundthing"),
        ("remedy_of_found_money_is_what_was_found", "records_remedy"),
        ("gesture_after_correction_apology_and_date", "records_gesture"),
    ],
)
def test_a_law_that_was_switched_off_is_found(trigger, table):
    behind_the_laws(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    assert any(f"trigger {trigger}: it is missing" in fault for fault in faults())
