"""Each trigger is needed: with it the crime is refused, without it the crime goes through.

So a law that two guards seem to keep is not kept by chance, and none of them is there for show.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError

from makegood.actions import cases, contacts, promises
from makegood.actions.contacts import Touch
from makegood.records.models import Case, Direction, Promise
from makegood.rules.promises import Channel
from raw_sql import as_if_committed, sql
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SETTLE = (
    "UPDATE records_promise SET outcome = 'kept', settled_at = said_at, evidence = 'x',"
    " settled_recorded_at = said_at, judge_at = NULL, escalate_at = NULL WHERE outcome IS NULL"
)

OWNED_BY_SOMEBODY_GONE = (
    "ALTER TABLE records_case DISABLE TRIGGER case_is_asked_before_it_closes;"
    "UPDATE records_staff SET is_active = false; INSERT INTO records_case (uuid, reference,"
    " customer_id, team_id, owner_id, title, wanted, function, harm, exposure, severity,"
    " severity_because, failed_at, known_at, recorded_at, closed_at, closed_by_contact_id,"
    " is_canary) SELECT gen_random_uuid(), 'X', customer_id, team_id, owner_id, title, wanted,"
    " function, harm, exposure, severity, severity_because, failed_at, known_at, recorded_at,"
    " closed_at, closed_by_contact_id, false FROM records_case"
)


def a_closed_case() -> Case:
    case = a_case()
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY)
    answer = contacts.record_contact(case.pk, touch, now=MONDAY)
    return cases.close_case(case_id=case.pk, answer=answer, now=MONDAY)


def copy_of_a_promise(change: str) -> str:
    """Inserts a copy of the first promise, open and with a change, as an action never would."""
    columns = [field.column for field in Promise._meta.fields if field.column != "id"]
    changed = {
        "outcome": "NULL",
        "settled_at": "NULL",
        "settled_recorded_at": "NULL",
        "judge_at": "due_at + grace",
    } | dict([change.split(" = ")])
    values = ", ".join(changed.get(column, column) for column in columns)
    return (
        f"INSERT INTO records_promise ({', '.join(columns)}) SELECT {values}"
        " FROM records_promise ORDER BY id LIMIT 1"
    )


def a_decided_revision() -> None:
    promise = promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    promises.decide_revision(
        promise_id=promise.pk, due_at=MONDAY + 9 * HOUR, cause="x", by=a_person(), now=MONDAY
    )


def an_open_and_a_declined_handover() -> None:
    case, mike = a_case(), a_person("Mike")
    offer = cases.offer_handover(case_id=case.pk, to=mike, why="x", by=case.owner, now=MONDAY)
    cases.answer_handover(handover_id=offer.pk, accepts=False, by=mike, now=MONDAY)


CRIMES: list[tuple[str, str, Callable[[], object], str]] = [
    ("records_case", "case_is_never_silent", a_closed_case,
     "UPDATE records_case SET closed_at = NULL, closed_by_contact_id = NULL"),
    ("records_case", "case_owner_changes_by_acceptance", lambda: (a_case(), a_person("Mike")),
     "UPDATE records_case SET owner_id = (SELECT id FROM records_staff WHERE name = 'Mike')"),
    ("records_case", "case_opens_with_an_owner_who_is_here", a_closed_case,
     OWNED_BY_SOMEBODY_GONE),
    ("records_case", "case_reopens_with_an_owner_who_is_here", a_closed_case,
     "SET CONSTRAINTS case_is_never_silent DEFERRED; UPDATE records_staff SET is_active = false;"
     "UPDATE records_case SET closed_at = NULL, closed_by_contact_id = NULL;"
     + copy_of_a_promise("channel = channel")),
    ("records_staff", "staff_leaves_no_case_behind", a_case,
     "UPDATE records_staff SET is_active = false"),
    ("records_promise", "promise_settled_leaves_no_silence", a_case, SETTLE),
    ("records_promise", "promise_made_on_an_open_case", a_closed_case,
     copy_of_a_promise("channel = channel")),
    ("records_promise", "promise_starts_as_it_was_given", a_case,
     copy_of_a_promise("first_due_at = first_due_at - interval '1 minute'")),
    ("records_promise", "promise_keeps_its_word", a_case,
     "UPDATE records_promise SET words = 'by six'"),
    ("records_promise", "promise_stays_watched", a_case,
     "UPDATE records_promise SET judge_at = judge_at + interval '1 year'"),
    ("records_promise", "promise_stays", a_closed_case,
     "SET CONSTRAINTS ALL DEFERRED; DELETE FROM records_promise"),
    ("records_promiserevision", "revision_is_told_once", a_decided_revision,
     "UPDATE records_promiserevision SET cause = 'other'"),
    ("records_promiserevision", "revision_stays", a_decided_revision,
     "DELETE FROM records_promiserevision"),
    ("records_handover", "handover_is_answered_once", an_open_and_a_declined_handover,
     "UPDATE records_handover SET declined_at = NULL"),
    ("records_handover", "handover_stays", an_open_and_a_declined_handover,
     "DELETE FROM records_handover"),
    ("records_timelineentry", "timeline_only_grows", a_case,
     "DELETE FROM records_timelineentry WHERE seq = 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "trigger", "prepare", "crime"), CRIMES, ids=[crime[1] for crime in CRIMES]
)
def test_a_crime_is_refused_by_its_trigger_alone(table, trigger, prepare, crime):
    prepare()
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), as_if_committed():
        sql(crime)

    sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    with as_if_committed():
        sql(crime)
