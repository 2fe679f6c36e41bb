"""`verify` looks at remedies and money: what was changed behind the database's back is found."""

import pytest

from makegood.queries import verify
from money_world import a_remedy, a_request, arrive
from raw_sql import behind_the_laws, sql

pytestmark = pytest.mark.django_db

APPROVED_ALONE = (
    "UPDATE records_approvalrequest"
    " SET approved = true, decided_at = due_at, decided_by_id = approver_id"
)


def faults() -> list[str]:
    return [str(fault) for fault in verify.run()]


def test_a_day_of_giving_asking_and_arriving_has_no_faults():
    arrive(a_remedy())
    a_remedy()
    a_request()
    assert faults() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE records_remedy SET amount_minor = amount_minor + 1", "the ledger owes 2500"),
        ("UPDATE records_ledgerentry SET amount_minor = 1 WHERE account = 'owed'", "sum to 2501"),
        ("DELETE FROM records_ledgerentry", "the ledger owes 0"),
        ("UPDATE records_remedy SET outcome = 'arrived', settled_at = granted_at", "0 payments"),
        ("DELETE FROM records_message", "nothing was queued"),
        (
            APPROVED_ALONE,
            "what it asked for was not granted",
        ),
    ],
)
def test_what_was_changed_behind_the_laws_is_found(statement, found):
    a_remedy()
    a_request()
    behind_the_laws(statement)
    assert any(found in fault for fault in faults())


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("ledger_booking_has_entries", "records_ledgertransaction"),
        ("ledger_books_what_happened", "records_ledgertransaction"),
        ("promise_of_a_remedy_ends_with_it", "records_promise"),
        ("remedy_is_authorised", "records_remedy"),
    ],
)
def test_a_law_of_money_that_is_switched_off_is_found(trigger, table):
    sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    assert any(f"trigger {trigger}" in fault for fault in faults())
