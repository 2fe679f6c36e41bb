"""What falls due soon wakes the clock, whoever wrote it; a year ahead wakes nobody."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from makegood.actions import promises
from makegood.records.models import Promise
from raw_sql import sql
from rings import rung
from world import MONDAY, a_case, a_word

pytestmark = pytest.mark.usefixtures("committed_db")

PAST = MONDAY.replace(year=2020)
HOUR = timedelta(hours=1)


@pytest.fixture
def heard():
    """The moments, in seconds since 1970, that the clock was told of so far."""
    where = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user")}
    with psycopg.connect(
        **where,
        password=connection.settings_dict["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
        autocommit=True,
    ) as listener:
        listener.execute("LISTEN makegood_due")

        yield lambda: [int(moment) / 1e6 for moment in rung(listener, "makegood_due")]


def a_call() -> Promise:
    case = a_case(now=PAST, failed_at=PAST, known_at=PAST)
    return promises.make_promise(case.pk, a_word(now=PAST), now=PAST)


def test_a_promise_that_is_made_wakes_the_clock_at_its_first_rung(heard):
    """The trigger promise_made_tells_the_clock."""
    call = a_call()

    assert call.escalate_at.timestamp() in heard()


def test_a_promise_that_is_moved_wakes_the_clock_at_its_new_time(heard):
    """The trigger promise_moved_tells_the_clock."""
    call = a_call()
    heard()
    sql(
        "UPDATE records_promise SET escalate_at = escalate_at - interval '1 hour' WHERE id = %s",
        call.pk,
    )

    assert heard() == [(call.escalate_at - HOUR).timestamp()]


def test_what_is_far_ahead_wakes_nobody_yet(heard):
    call = a_call()
    heard()
    promises.make_promise(
        call.case_id,
        a_word(now=PAST, due_at=PAST.replace(year=9000)),
        now=PAST,
    )

    assert heard() == []
