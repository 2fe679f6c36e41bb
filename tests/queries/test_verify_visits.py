"""Whether `verify` finds what somebody has forged past the laws of visits."""

import pytest

from makegood.actions import parts
from makegood.queries import verify
from makegood.records.models import EtaSource, Message
from raw_sql import sql
from visit_world import DAY, a_visit, a_visit_for_a_part, order_of, slot_of, someone_else
from world import MONDAY

pytestmark = pytest.mark.django_db

FAILED = (
    "UPDATE records_visit"
    " SET outcome = 'failed', failing = 'missed', look_at = NULL, ended_at = booked_at"
)


def forge(statement: str, *parameters) -> None:
    """As a superuser does who looks away: no trigger is asked."""
    sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    sql("SET LOCAL session_replication_role = replica")
    sql(statement, *parameters)
    sql("SET LOCAL session_replication_role = origin")


def found() -> set[str]:
    return {fault.what for fault in verify.run()}


def test_what_was_done_by_the_actions_is_without_fault():
    visit = a_visit_for_a_part()
    parts.record_eta(
        order_of(visit).pk, MONDAY + 9 * DAY, source=EtaSource.DESK, by=None, now=MONDAY
    )
    assert verify.run() == []


def test_a_crew_that_is_booked_twice_is_found():
    one, other = slot_of(a_visit()), slot_of(a_visit(someone_else()))
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE records_slot DROP CONSTRAINT slot_is_never_double_booked")
    forge("UPDATE records_slot SET opens_at = %s WHERE id = %s", one.opens_at, other.pk)

    assert f"it overlaps slot {other.pk} of the same crew" in found()
    assert "it is missing or not validated" in found()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE records_slot SET closes_at = closes_at + interval '1 hour'",
            "nobody promised the time that is held for it",
        ),
        (
            "UPDATE records_visit SET confirmed_at = booked_at",
            "it is called sure, and something is missing",
        ),
        (
            FAILED,
            "it failed, and no visit follows it",
        ),
        (
            "UPDATE records_partorder SET eta_at = eta_at + interval '1 day'",
            "its arrival is not what was last said",
        ),
    ],
)
def test_what_is_not_as_a_visit_says_is_found(statement, what):
    a_visit_for_a_part()
    forge(statement)
    assert what in found()


def test_a_new_time_that_nobody_owes_is_found():
    visit = a_visit_for_a_part()
    parts.record_eta(
        order_of(visit).pk, MONDAY + 9 * DAY, source=EtaSource.DESK, by=None, now=MONDAY
    )
    Message.objects.filter(kind="visit").delete()
    assert "its new time was neither told nor is it owed once" in found()


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("slot_fits_its_crew", "slot"),
        ("crew_absence_waits_for_slots", "crewabsence"),
        ("visit_is_judged", "visit"),
        ("visit_is_judged_by_its_slot", "slot"),
        ("visits_of_a_promise_are_judged", "promise"),
        ("visits_of_an_order_are_judged", "partorder"),
    ],
)
def test_a_guard_that_is_switched_off_is_found(trigger, table):
    sql(f"ALTER TABLE records_{table} DISABLE TRIGGER {trigger}")
    assert {fault.where for fault in verify.run()} == {f"trigger {trigger}"}
