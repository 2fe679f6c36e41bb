"""A row that could not be handled rests, longer each time, with its reason; it is never lost."""

from datetime import timedelta

import pytest

from makegood.actions import promises, set_aside
from makegood.clockwork import ticks
from makegood.records.models import Escalation, Promise, SetAside
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LATE = MONDAY + 9 * HOUR


@pytest.fixture
def call() -> Promise:
    return promises.make_promise(a_case().pk, a_word(), now=MONDAY)


def rest(promise, *, sweep="judge", error="ValueError('x')", now=LATE) -> SetAside:
    return set_aside.set_aside(promise.pk, sweep=sweep, error=error, now=now)


def test_a_row_rests_for_a_minute_and_its_due_time_stays(call):
    row = rest(call)

    call.refresh_from_db()
    assert (row.tries, row.first_at, row.retry_at) == (1, LATE, LATE + MINUTE)
    assert (call.judge_at, call.due_at) == (LATE + MINUTE, MONDAY + 8 * HOUR)
    assert ticks.sweep_promises(now=LATE) == 0
    ticks.sweep_promises(now=LATE + 2 * MINUTE)
    call.refresh_from_db()
    assert (call.outcome, call.settled_at) == ("broken", call.due_at)


def test_it_rests_twice_as_long_each_time_up_to_an_hour(call):
    waits = [rest(call, now=LATE + n * HOUR).retry_at - LATE - n * HOUR for n in range(60)]

    assert [wait // MINUTE for wait in waits[:8]] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[-1] == HOUR, "however often it failed"
    row = SetAside.objects.get()
    assert (row.tries, row.first_at) == (60, LATE)


def test_the_latest_error_is_kept(call):
    rest(call)
    rest(call, sweep="escalate", error="KeyError('y')")

    row = SetAside.objects.get()
    assert (row.sweep, row.error) == ("escalate", "KeyError('y')")


@pytest.mark.parametrize(
    ("sweep", "rests", "goes_on"),
    [("judge", "judge_at", "escalate_at"), ("escalate", "escalate_at", "judge_at")],
)
def test_only_the_clock_that_failed_rests(call, sweep, rests, goes_on):
    before = getattr(call, goes_on)
    rest(call, sweep=sweep, now=MONDAY)

    call.refresh_from_db()
    assert getattr(call, rests) == MONDAY + MINUTE
    assert getattr(call, goes_on) == before


def test_speaking_again_rests_where_it_waits(call):
    ticks.tick(now=MONDAY + 4 * HOUR)
    rest(call, sweep="speak_again", now=LATE)

    assert Escalation.objects.get(promise=call).speak_again_at == LATE + MINUTE


def test_a_promise_that_was_settled_meanwhile_is_not_watched_again(call):
    promises.keep_promise(
        promise_id=call.pk, at=MONDAY, evidence="Rang.", by=a_person(), now=MONDAY
    )
    rest(call)

    call.refresh_from_db()
    assert (call.judge_at, call.escalate_at) == (None, None)
    assert set_aside.forget_what_is_through() == 1
    assert not SetAside.objects.exists()


def test_what_still_waits_is_not_forgotten(call):
    rest(call)

    assert set_aside.forget_what_is_through() == 0
