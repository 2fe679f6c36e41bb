"""`verify` finds what somebody did past the laws, as a superuser with the triggers switched off."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from typer import Typer
from typer.testing import CliRunner

from makegood.actions import promises
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import Promise
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@contextmanager
def past_the_laws():
    """As a superuser in a restored copy could: no trigger and no foreign key looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield cursor
        cursor.execute("SET session_replication_role = origin")


def a_broken_promise() -> Promise:
    promise = promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    ticks.tick(now=MONDAY + 9 * HOUR)
    promise.refresh_from_db()
    assert promise.outcome == "broken"
    return promise


def test_a_desk_that_lived_by_the_rules_has_no_fault():
    a_broken_promise()
    kept = promises.make_promise(a_case().pk, a_word(), now=MONDAY)
    promises.keep_promise(
        promise_id=kept.pk, at=MONDAY + HOUR, evidence="Rang.", by=a_person(), now=MONDAY + HOUR
    )

    assert verify.run() == []


@pytest.mark.parametrize(
    ("crime", "law"),
    [
        (
            (
                "ALTER TABLE records_timelineentry DROP CONSTRAINT timeline_hash_is_of_its_body;"
                "UPDATE records_timelineentry SET body = replace(body, ':null', ':0')"
            ),
            "5",
        ),
        ("DELETE FROM records_timelineentry WHERE seq = 2", "5"),
        ("DELETE FROM records_timelineentry WHERE kind = 'promise_broken'", "3"),
        ("UPDATE records_timelinetext SET words = 'never said'", "5"),
        (
            "UPDATE records_promise SET due_at = due_at + interval '1 day' WHERE outcome IS NULL",
            "3",
        ),
        ("DELETE FROM records_message", "3"),
        ("DELETE FROM records_promise WHERE outcome IS NULL", "2"),
        (
            "UPDATE records_promise SET judge_at = '2099-12-31' WHERE outcome IS NULL",
            "2",
        ),
        ("UPDATE records_staff SET is_active = false", "1"),
        (
            (
                "ALTER TABLE records_case"
                " DROP CONSTRAINT case_closed_by_an_answer_a_silence_or_a_parting;"
                "UPDATE records_case SET closed_at = now()"
            ),
            "8",
        ),
        ("ALTER TABLE records_timelineentry DISABLE TRIGGER timeline_only_grows", "all"),
        ("DROP TRIGGER case_is_never_silent ON records_case", "all"),
        (
            "ALTER TABLE records_promise DROP CONSTRAINT promise_kept_in_time_and_by_evidence",
            "all",
        ),
    ],
)
def test_each_crime_is_found(crime, law):
    a_broken_promise()
    with past_the_laws() as cursor:
        cursor.execute(crime)

    faults = verify.run()

    assert law in {fault.law.split()[0] for fault in faults}, [str(fault) for fault in faults]


def test_the_command_says_what_it_found_and_fails():
    from makegood.doors.cli.verify import verify as command  # noqa: PLC0415 - as the root does

    app = Typer()
    app.command()(command)
    a_broken_promise()
    assert CliRunner().invoke(app).exit_code == 0
    with past_the_laws() as cursor:
        cursor.execute("DELETE FROM records_message")

    said = CliRunner().invoke(app)

    assert said.exit_code == 1
    assert "broke without an apology owed" in said.output
