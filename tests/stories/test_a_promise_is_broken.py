"""Read this first: one customer, one promise, one clock, from the word to the apology owed."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from makegood.actions import promises
from makegood.records.models import Escalation, Message, Promise, TimelineEntry
from makegood.rules.promises import Outcome
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db


def test_nobody_calls_and_everybody_who_should_hear_of_it_does():
    clock = SimulatedClock(MONDAY)
    case = a_case(now=clock.now)
    call = promises.make_promise(case.pk, a_word(now=clock.now), now=clock.now)

    clock.wait(hours=4, minutes=1)
    assert [e.staff.name for e in Escalation.objects.filter(promise=call)] == ["Laura Bennett"]

    clock.wait(hours=4)
    call.refresh_from_db()
    assert call.outcome is None, "five past five is within the grace for news to arrive"

    clock.wait(minutes=20)
    call.refresh_from_db()
    assert (call.outcome, call.settled_at) == (Outcome.BROKEN, call.due_at)

    apology = Message.objects.get(promise=call)
    assert apology.about == f"promise:{call.pk}:broken"
    news = Promise.objects.get(follows=call)
    assert news.outcome is None
    assert news.words.startswith("You will hear from Laura Bennett with a new date by ")
    told = Escalation.objects.get(broken=call)
    assert (told.role, told.reason) == ("head", "break")
    kinds = list(
        TimelineEntry.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    )
    assert kinds[:3] == ["case_opened", "promise_made", "promise_made"]
    assert kinds[-3:] == ["promise_broken", "promise_made", "escalated"]


def test_a_call_in_time_keeps_the_promise_and_the_clock_stays_silent():
    clock = SimulatedClock(MONDAY)
    case = a_case(now=clock.now)
    call = promises.make_promise(case.pk, a_word(now=clock.now), now=clock.now)

    clock.wait(hours=3)
    promises.keep_promise(
        promise_id=call.pk, at=clock.now, evidence="Rang and spoke.", by=a_person(), now=clock.now
    )
    clock.wait(hours=5, minutes=30)

    call.refresh_from_db()
    assert (call.outcome, call.settled_at) == (Outcome.KEPT, MONDAY + timedelta(hours=3))
    assert not Message.objects.filter(promise=call).exists()
