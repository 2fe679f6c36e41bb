"""The clock's canary: it sings every ten minutes through the same sweep, and bothers nobody."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import canary, intake, promises
from makegood.actions.intake import News, NoOwnerError
from makegood.queries import people, verify
from makegood.queries.search import find_people
from makegood.records.models import Case, Escalation, Message, Promise, Staff
from makegood.rules.promises import Channel
from makegood.rules.severity import Severity
from world import MONDAY, a_case, a_failure, a_person

pytestmark = pytest.mark.django_db

TEN_MINUTES = timedelta(minutes=10)


def test_it_breaks_every_ten_minutes_and_bothers_nobody():
    case = canary.ensure(now=MONDAY)
    SimulatedClock(MONDAY).wait(hours=1)

    broken = Promise.objects.filter(case=case, outcome="broken").order_by("due_at")
    assert broken.count() == 5, "each falls due ten minutes after the last one was judged"
    assert all(
        each.settled_recorded_at - each.due_at <= timedelta(milliseconds=1) for each in broken
    )
    assert broken[0].due_at == MONDAY + TEN_MINUTES
    assert not Message.objects.exists()
    assert not Escalation.objects.exists()
    assert verify.run() == []


def test_it_is_the_last_in_line():
    assert canary.ensure(now=MONDAY).severity == Severity.P4


def test_there_is_one_however_often_it_is_asked_for():
    assert canary.ensure(now=MONDAY) == canary.ensure(now=MONDAY + TEN_MINUTES)
    assert Promise.objects.count() == 1


def test_a_long_case_is_exchanged_for_a_fresh_one(monkeypatch):
    monkeypatch.setattr(canary, "LONGEST_CASE", 3)
    old = canary.ensure(now=MONDAY)
    now = SimulatedClock(MONDAY).wait(minutes=45)

    fresh = canary.ensure(now=now)

    assert fresh != old
    assert list(Case.objects.filter(closed_at=None)) == [fresh]
    assert fresh.promises.get().due_at == now + TEN_MINUTES
    assert verify.run() == []


def test_a_long_case_stays_while_its_promise_is_overdue(monkeypatch):
    monkeypatch.setattr(canary, "LONGEST_CASE", 0)
    case = canary.ensure(now=MONDAY)
    assert canary.ensure(now=MONDAY + TEN_MINUTES) == case


def test_its_owner_is_no_person():
    canary.ensure(now=MONDAY)
    keeper = Staff.objects.get()
    assert not keeper.has_usable_password()
    assert not Staff.objects.people().exists()
    news = News(source="form", external_id="1", channel=Channel.WEB, raw={}, failure=a_failure())
    with pytest.raises(NoOwnerError):
        intake.receive_report(news, now=MONDAY)
    laura = a_person()
    assert intake.receive_report(news, now=MONDAY).case.owner.team == laura.team
    assert all(each.id != keeper.pk for each in people.colleagues(besides=laura.pk))
    assert not find_people("canary", shown=8)


def test_it_breaks_in_time_beside_the_promises_of_customers():
    case = a_case()
    canary.ensure(now=MONDAY)
    SimulatedClock(MONDAY).wait(hours=26)
    assert case.promises.filter(outcome="broken").exists()
    assert promises.Promise.objects.filter(case__is_canary=True, outcome="broken").count() > 100
    assert verify.run() == []
