"""The sweeps: in order, nothing twice, and one bad row holds nobody up."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

import psycopg
import pytest
from django.db import OperationalError

from makegood.actions import breaking, day_end, escalation, promises
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Case,
    Escalation,
    Message,
    Promise,
    SetAside,
    Team,
    TimelineEntry,
)
from makegood.rules.severity import Function, Severity
from sessions import at_once
from world import MONDAY, a_case, a_customer, a_team, a_word

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LATE = MONDAY + 9 * HOUR
SEVERE_FIRST = {
    Severity.P1: Function.SAFETY,
    Severity.P2: Function.CONNECTION,
    Severity.P3: Function.HYGIENE,
    Severity.P4: Function.COMFORT,
}


def a_promise(**more) -> Promise:
    return promises.make_promise(a_case().pk, a_word(**more), now=MONDAY)


def a_promise_in_an_unknown_zone() -> Promise:
    """One that cannot break: the words of what follows need its zone."""
    case = a_case()
    type(case.customer).objects.filter(pk=case.customer_id).update(zone="Mars/Olympus")
    return promises.make_promise(case.pk, a_word(), now=MONDAY)


def outcome_of(promise: Promise) -> str | None:
    return Promise.objects.get(pk=promise.pk).outcome


@pytest.mark.django_db
class TestOneBadRow:
    def test_is_set_aside_with_its_error_and_the_others_go_through(self):
        before, bad, after = a_promise(), a_promise_in_an_unknown_zone(), a_promise()

        ticks.tick(now=LATE)

        assert [outcome_of(each) for each in (before, bad, after)] == ["broken", None, "broken"]
        aside = SetAside.objects.get()
        assert (aside.promise, aside.sweep, aside.tries) == (bad, "judge", 1)
        assert "Mars/Olympus" in aside.error

    def test_waits_longer_each_time_and_never_for_ever(self):
        bad = a_promise_in_an_unknown_zone()
        now, waits = LATE, []
        for _ in range(60):
            ticks.sweep_promises(now=now)
            aside = SetAside.objects.get()
            waits.append(aside.retry_at - now)
            now = aside.retry_at + MINUTE
        assert waits[:4] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
        assert waits[-1] == HOUR
        assert (aside.promise, aside.tries) == (bad, 60)

    def test_is_forgotten_once_it_went_through(self, monkeypatch):
        promise = a_promise()
        with monkeypatch.context() as patch:
            patch.setattr(breaking, "_judge", fail)
            ticks.tick(now=LATE)
        assert SetAside.objects.get().promise == promise

        ticks.tick(now=LATE + timedelta(seconds=30))
        assert outcome_of(promise) is None, "it rests"
        ticks.tick(now=LATE + 2 * MINUTE)

        assert outcome_of(promise) == "broken"
        assert not SetAside.objects.exists()

    def test_that_was_revised_meanwhile_is_not_blamed(self, monkeypatch):
        promise = a_promise()
        stale = replace(ticks._JUDGE, many=fail, due=lambda *_: [promise.pk])
        monkeypatch.setattr(ticks, "_JUDGE", stale)

        ticks.sweep_promises(now=MONDAY + HOUR)

        assert outcome_of(promise) is None
        assert not SetAside.objects.exists()

    def test_of_the_ladder_holds_nobody_up(self, monkeypatch):
        bad, good = a_promise(), a_promise()
        monkeypatch.setattr(escalation, "_row", failing_for(bad, escalation._row))

        ticks.tick(now=MONDAY + 5 * HOUR)

        assert Escalation.objects.filter(promise=good).exists()
        assert not Escalation.objects.filter(promise=bad).exists()
        assert SetAside.objects.get().sweep == "escalate"

    def test_that_should_speak_again_holds_nobody_up(self, monkeypatch):
        bad, good = a_promise(), a_promise()
        ticks.tick(now=MONDAY + 5 * HOUR)
        monkeypatch.setattr(escalation, "_row", failing_for(bad, escalation._row))

        ticks.sweep_spoken(now=MONDAY + 7 * HOUR)

        assert Escalation.objects.filter(promise=good).count() == 2
        assert Escalation.objects.filter(promise=bad).count() == 1
        aside = SetAside.objects.get()
        assert (aside.promise, aside.sweep) == (bad, "speak_again")
        monkeypatch.undo()
        ticks.tick(now=MONDAY + 7 * HOUR + 2 * MINUTE)
        assert Escalation.objects.filter(promise=bad).count() == 2
        assert not SetAside.objects.exists()

    def test_of_a_teams_evening_is_tried_again_in_minutes(self, monkeypatch):
        team = a_team()
        day_end.schedule(team, now=MONDAY)
        evening = Team.objects.get(pk=team.pk).day_end_at
        monkeypatch.setattr(day_end, "_due_tonight", fail)

        ticks.tick(now=evening)

        assert Team.objects.get(pk=team.pk).day_end_at == evening + 5 * MINUTE


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["57P01", "08006", "40P01", "53300", None])
def test_no_row_is_blamed_for_the_trouble_of_the_database(state, monkeypatch):
    a_promise()
    cause = psycopg.OperationalError("the connection is lost")
    cause.sqlstate = state
    trouble = OperationalError("the connection is lost")
    trouble.__cause__ = cause
    monkeypatch.setattr(breaking, "break_locked", failing_with(trouble))

    with pytest.raises(OperationalError):
        ticks.tick(now=LATE)

    assert not SetAside.objects.exists()


@pytest.mark.django_db
def test_the_severest_go_first_and_then_the_oldest():
    made = []
    for severity in (Severity.P3, Severity.P1, Severity.P4, Severity.P2):
        for hours in (8, 7, 6):
            case = a_case(customer=a_customer(), function=SEVERE_FIRST[severity])
            assert case.severity == severity
            word = a_word(due_at=MONDAY + hours * HOUR)
            made.append((severity, hours, promises.make_promise(case.pk, word, now=MONDAY).pk))

    ticks.sweep_promises(now=LATE, batch=5)

    bodies = TimelineEntry.objects.filter(kind="promise_broken").order_by("pk")
    order = [place for body in bodies for place in made if f'"promise":{place[2]},' in body.body]
    assert [place[:2] for place in order] == sorted(place[:2] for place in made)


@pytest.mark.django_db
def test_a_week_without_a_clock_heals():
    call = a_promise()
    back = MONDAY + timedelta(days=7, hours=3)

    ticks.tick(now=back)

    call.refresh_from_db()
    assert (call.outcome, call.settled_at) == ("broken", call.due_at)
    assert call.settled_recorded_at == back
    assert Message.objects.filter(promise=call).count() == 1
    assert Promise.objects.get(follows=call).due_at > back
    told = Escalation.objects.filter(case=call.case)
    assert {each.reason for each in told} == {"break"}, "no warning of what is past"
    assert verify.run() == []


@pytest.mark.django_db
def test_a_bounded_tick_starves_no_sweep():
    broken = [a_promise(due_at=MONDAY + HOUR) for _ in range(3)]
    warned = [a_promise(due_at=MONDAY + 3 * HOUR) for _ in range(3)]
    now = MONDAY + 2 * HOUR

    done = ticks.tick(now=now, batch=2, rounds=1)

    assert (done.broken, done.spoken) == (2, 2)
    while done.anything:
        done = ticks.tick(now=now, batch=2, rounds=1)
    assert all(outcome_of(promise) == "broken" for promise in broken)
    assert all(outcome_of(promise) is None for promise in warned)
    assert Escalation.objects.filter(promise__in=warned).count() == 3


@pytest.mark.django_db
def test_a_tick_that_is_to_stop_leaves_the_rest_for_later():
    promises_due = [a_promise() for _ in range(5)]
    asked = chain([False, False], repeat(True))

    done = ticks.tick(now=LATE, batch=2, stop=lambda: next(asked))

    assert done.broken == 4
    assert sum(outcome_of(promise) is None for promise in promises_due) == 1
    assert ticks.tick(now=LATE).broken == 1


@pytest.mark.usefixtures("committed_db")
def test_two_workers_that_race_break_each_promise_once():
    for _ in range(40):
        case = a_case()
        for _ in range(2):
            promises.make_promise(case.pk, a_word(), now=MONDAY)

    found = at_once(*[lambda: ticks.sweep_promises(now=LATE, batch=7)] * 3)
    left = ticks.sweep_promises(now=LATE)

    assert sum(found) + left == 80
    assert Promise.objects.filter(outcome="broken").count() == 80
    assert Message.objects.count() == 80
    assert Escalation.objects.filter(reason="break").count() == 80
    assert TimelineEntry.objects.filter(kind="promise_broken").count() == 80
    assert Case.objects.count() == 40
    assert verify.run() == []


def fail(*_, **__) -> None:
    raise ZeroDivisionError("no such thing")


def failing_with(error: Exception):
    def raise_it(*_, **__):
        raise error

    return raise_it


def failing_for(bad: Promise, real):
    def make(row, *arguments, **more):
        if row.id == bad.pk:
            raise ZeroDivisionError("no such thing")
        return real(row, *arguments, **more)

    return make
