"""The auditor: it sees what the sweeps left, and its silence is the alarm."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from structlog.testing import capture_logs

from clocks import wait_until
from mail_world import a_mail, came
from makegood.actions import canary, escalation, promises, pulse, set_aside
from makegood.clockwork import auditor, ticks
from makegood.clockwork.auditor import Auditor, auditing, judge
from makegood.gateways.heartbeat import HeartbeatError
from makegood.queries.clock_health import read_clock_health
from makegood.records.models import Case, ClockPulse, Staff, WorkingCalendar
from world import MONDAY, a_calendar, a_case, a_team, a_word

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Listener:
    """A heartbeat that counts; told to, it fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.beats, self.fails = 0, fails

    def beat(self) -> None:
        self.beats += 1
        if self.fails:
            raise HeartbeatError("The monitor was not told: it is away.")


def complaints(now) -> str:
    return " ".join(judge(read_clock_health(now=now)).complaints)


@pytest.fixture
def well(db):  # noqa: ARG001 - the database
    """A desk with a customer, whose clock is well, at the moment that is returned."""
    case = a_case()
    promises.make_promise(case.pk, a_word(), now=MONDAY)
    canary.ensure(now=MONDAY)
    pulse.beat("clock", now=MONDAY)
    return MONDAY + timedelta(seconds=5)


def test_when_all_is_well_the_heartbeat_leaves(well):
    listener = Listener()
    audit = Auditor(listener).audit(now=well)
    assert (audit.complaints, audit.warnings) == ((), ())
    assert listener.beats == 1


def test_a_customers_mail_that_nobody_reads_is_warned_of_and_a_machines_is_not(well):
    came(a_mail(sender="stranger@example.net", proven=None), now=well)
    came(a_mail(sender="mailer-daemon@example.net", Auto_Submitted="auto-replied"), now=well)

    soon = judge(read_clock_health(now=well + 3 * HOUR)).warnings
    late = judge(read_clock_health(now=well + 5 * HOUR)).warnings

    assert soon == ()
    assert late == ("Mails that nobody has read for more than 4 hours: 1.",)


def test_a_monitor_that_is_away_is_no_trouble_of_the_clock(well):
    with capture_logs() as logs:
        assert Auditor(Listener(fails=True)).audit(now=well).is_well
    assert [line["event"] for line in logs] == ["heartbeat_lost"]


def test_a_promise_that_was_left_is_seen_and_the_heartbeat_stays_away(well):
    late = well + 9 * HOUR
    listener = Listener()
    with capture_logs() as logs:
        audit = Auditor(listener).audit(now=late)
    assert "1 promises of P3 should have been judged by now." in audit.complaints
    assert "Something has been due for" in " ".join(audit.complaints)
    assert listener.beats == 0
    assert [line["event"] for line in logs] == ["clock_unwell"]


def test_nothing_is_said_within_a_minute(well):
    promise = promises.make_promise(Case.objects.first().pk, a_word(), now=MONDAY)
    ticks.tick(now=promise.judge_at - MINUTE)
    pulse.beat("clock", now=promise.judge_at)
    assert "P3" not in complaints(promise.judge_at + timedelta(seconds=50))
    assert "P3" in complaints(promise.judge_at + timedelta(seconds=70))
    assert well < promise.judge_at


def test_what_is_set_aside_is_overdue_until_it_is_through(well):
    promise = promises.make_promise(Case.objects.first().pk, a_word(), now=MONDAY)
    late = promise.judge_at + 2 * MINUTE
    set_aside.set_aside(promise.pk, sweep="judge", error="no such zone", now=late)
    said = complaints(late)
    assert "1 promises are set aside" in said
    assert "2 promises of P3" in said, "the one set aside, and the one of the same hour"
    assert well < late


def test_a_rung_that_nobody_climbed_is_seen(well):
    now = MONDAY + 5 * HOUR
    assert "1 rungs should have spoken by now." in complaints(now)
    ticks.tick(now=now)
    told = read_clock_health(now=now)
    assert (told.untold, told.unacknowledged) == (0, 1)
    later = now + 3 * HOUR
    assert read_clock_health(now=later).untold == 1
    ticks.tick(now=later)
    assert read_clock_health(now=later).untold == 0
    assert well < now


def test_an_answered_rung_is_no_longer_unacknowledged(well):
    now = MONDAY + 5 * HOUR
    ticks.tick(now=now)
    told = Case.objects.get(is_canary=False).escalations.get()
    escalation.acknowledge(escalation_id=told.pk, by=told.staff, now=now)
    assert read_clock_health(now=now).unacknowledged == 0
    assert well < now


def test_a_late_canary_and_an_old_pulse_are_seen(well):
    late = well + 12 * MINUTE
    assert "The canary is late by 125 s." in complaints(late)
    assert "The clock last finished a round 725 s ago." in complaints(late)


@pytest.mark.django_db
def test_a_desk_whose_clock_never_ran_is_not_well():
    assert complaints(MONDAY) == "There is no canary. The clock has never finished a round."


@pytest.mark.parametrize(
    ("days", "complaint", "warning"),
    [(31, 0, 0), (30, 0, 0), (29, 0, 1), (0, 0, 1), (-1, 1, 0)],
)
def test_a_calendar_is_warned_of_for_a_month_and_then_complained_of(well, days, complaint, warning):
    WorkingCalendar.objects.filter(pk=a_calendar().pk).update(
        known_until=well.date() + timedelta(days=days)
    )
    audit = judge(read_clock_health(now=well))
    assert (len(audit.complaints), len(audit.warnings)) == (complaint, warning)


def test_a_calendar_that_no_team_works_by_is_nobodys_trouble(well):
    old = a_calendar("old office")
    WorkingCalendar.objects.filter(pk=old.pk).update(known_until=MONDAY.date() - 99 * DAY)
    assert judge(read_clock_health(now=well)).is_well


def test_an_owner_who_left_although_the_law_forbids_it_is_seen(well):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Staff.objects.filter(name="Laura Bennett").update(is_active=False)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "1 open cases belong to somebody who has left." in complaints(well)


@pytest.mark.usefixtures("committed_db")
def test_it_audits_over_and_over_and_ends_with_its_block(monkeypatch):
    a_team()
    listener = Listener()
    monkeypatch.setattr(auditor, "judge", lambda health: auditor.Audit(at=health.at))
    with auditing(listener, every_seconds=0.02):
        wait_until(lambda: listener.beats >= 3)
    beats = listener.beats
    time.sleep(0.1)
    assert listener.beats == beats


@pytest.mark.usefixtures("committed_db")
def test_it_outlives_whatever_it_meets(monkeypatch):
    listener, failures = Listener(), iter(range(3))

    def judge_after_failing(health):
        if next(failures, None) is not None:
            raise ZeroDivisionError("no such thing")
        return auditor.Audit(at=health.at)

    monkeypatch.setattr(auditor, "judge", judge_after_failing)
    with capture_logs() as logs, auditing(listener, every_seconds=0.02):
        wait_until(lambda: listener.beats >= 1)
    assert [(line["event"], line["work"]) for line in logs] == [("beside_failed", "auditor")] * 3
    assert not ClockPulse.objects.exists()
