"""The clock as a process: it wakes in time, survives its database, and ends when it is told to."""

import signal
from datetime import timedelta

import pytest
from django.db import connection

from clocks import (
    PATIENCE,
    a_quick_case,
    clock_thread,
    database_url,
    is_broken,
    listeners,
    promise_due_in,
    real_now,
    start_clock,
    wait_until,
)
from makegood.actions import set_aside
from makegood.clockwork import ticks, worker
from makegood.clockwork.bell import CHANNEL, EPOCH, _named, listening
from makegood.records.models import Case, ClockPulse, Message, Promise
from makegood.records.next_due import next_due
from rings import rung
from world import MONDAY, a_case, a_team

pytestmark = pytest.mark.usefixtures("committed_db")

MINUTE = timedelta(minutes=1)
SOON = MINUTE
"""Long before a clock in deep sleep would look by itself; no machine stands still as long."""


@pytest.fixture
def deep_sleep(monkeypatch):
    """A clock that only a ring or a due moment wakes."""
    monkeypatch.setattr(worker, "LONGEST_SLEEP", timedelta(hours=1))


@pytest.fixture
def case():
    return a_quick_case()


def asleep() -> bool:
    return bool(listeners()) and ClockPulse.objects.exists()


@pytest.mark.usefixtures("deep_sleep")
def test_a_ring_wakes_it_for_what_falls_due_before_anything_it_knew(case):
    with clock_thread():
        wait_until(asleep)
        promise = promise_due_in(case, 0.5)
        wait_until(lambda: is_broken(promise))

    promise.refresh_from_db()
    assert promise.settled_at == promise.due_at
    assert promise.settled_recorded_at - promise.due_at < SOON
    assert Message.objects.filter(promise=promise).count() == 1


@pytest.mark.usefixtures("deep_sleep")
def test_it_sleeps_until_the_moment_that_it_knew(case):
    promise = promise_due_in(case, 1)
    with clock_thread():
        wait_until(lambda: is_broken(promise))
    promise.refresh_from_db()
    assert timedelta(0) < promise.settled_recorded_at - promise.due_at < SOON


def test_a_ring_that_is_lost_is_made_good_within_the_longest_sleep(case, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", timedelta(seconds=1))
    with clock_thread():
        wait_until(asleep)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE records_promise DISABLE TRIGGER promise_made_tells_the_clock"
            )
        try:
            promise = promise_due_in(case, 0.1)
            wait_until(lambda: is_broken(promise))
        finally:
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE records_promise ENABLE TRIGGER promise_made_tells_the_clock"
                )


def test_it_survives_the_loss_of_its_connections(case, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_SLEEP", timedelta(seconds=1))
    with clock_thread() as clock:
        wait_until(asleep)
        for _ in range(3):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            promise = promise_due_in(case, 0.2)
            wait_until(lambda promise=promise: is_broken(promise))
        assert clock.is_alive()


def test_it_survives_whatever_a_tick_raises(case, monkeypatch):
    real, failures = ticks.tick, iter(range(3))

    def tick(**arguments):
        if next(failures, None) is not None:
            raise ZeroDivisionError("no such thing")
        return real(**arguments)

    monkeypatch.setattr(ticks, "tick", tick)
    with clock_thread():
        promise = promise_due_in(case, 0.1)
        wait_until(lambda: is_broken(promise))


@pytest.mark.usefixtures("deep_sleep")
def test_what_somebody_has_locked_is_done_as_soon_as_they_let_go(case):
    promise = promise_due_in(case, 0.5)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM records_case WHERE id = %s FOR UPDATE", [case.pk])
        with clock_thread():
            cursor.execute("SELECT pg_sleep(1.5)")
            assert not is_broken(promise)
            cursor.execute("COMMIT")
            wait_until(lambda: is_broken(promise))


@pytest.mark.processes
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(how, case):
    clock = start_clock(database_url())
    try:
        wait_until(asleep)
        promise = promise_due_in(case, 0.2)
        wait_until(lambda: is_broken(promise))
        clock.send_signal(how)
        _, log = clock.communicate(timeout=PATIENCE)
    finally:
        clock.kill()
        clock.wait()
    assert clock.returncode == 0
    assert "clock_stopped" in log
    assert "Traceback" not in log


def test_two_clocks_keep_one_canary():
    with clock_thread(), clock_thread():
        wait_until(lambda: len(listeners()) == 2)
        wait_until(lambda: Case.objects.filter(is_canary=True).exists())
    assert Case.objects.filter(is_canary=True).count() == 1
    assert Promise.objects.count() == 1


class TestNextDue:
    def test_there_is_none_on_an_empty_desk(self):
        assert next_due(now=MONDAY) is None

    def test_it_is_the_earliest_of_all_clocks(self):
        promise = a_case().promises.get()
        assert next_due(now=MONDAY) == promise.escalate_at
        type(a_team()).objects.update(day_end_at=promise.escalate_at - MINUTE)
        assert next_due(now=MONDAY) == promise.escalate_at - MINUTE

    def test_a_rung_that_missed_its_time_does_not_keep_it_awake(self):
        promise = a_case().promises.get()
        past_due = promise.due_at + timedelta(seconds=1)
        assert next_due(now=past_due) == promise.judge_at

    def test_what_is_set_aside_is_next_due_when_it_is_tried_again(self):
        promise = a_case().promises.get()
        now = promise.judge_at + MINUTE
        row = set_aside.set_aside(promise.pk, sweep="judge", error="", now=now)
        assert next_due(now=now) == row.retry_at


@pytest.mark.parametrize("nonsense", ["", "soon", "1e5", "9" * 30, "-" + "9" * 30, "9" * 5000])
def test_a_ring_that_makes_no_sense_means_now(nonsense):
    assert _named(nonsense) == EPOCH


def test_the_bell_names_the_moment_only_of_what_falls_due_within_a_minute(case):
    with listening(database_url()) as bell:
        promise_due_in(case, 3600)
        soon = promise_due_in(case, 30)
        rings = rung(bell._connection, CHANNEL)
    assert [_named(ring) for ring in rings] == [min(soon.escalate_at, soon.judge_at)]
    assert real_now() < soon.due_at
