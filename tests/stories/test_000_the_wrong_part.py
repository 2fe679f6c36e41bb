"""Story 000, told by the real actions: the wrong part, and nobody makes the customer do the work.

In the published story the repair person came without the right part, ordered it for "a week or
so", and left the customer to guess, call and book again. Here is the same repair with Makegood
(acceptance test A000).
"""

import pytest

from clock import SimulatedClock
from letter_world import a_case_by_mail
from makegood.actions import letter_news, letters, parts, visit_day
from makegood.actions.visit_day import Fault
from makegood.queries import verify
from makegood.records.models import (
    Contact,
    Direction,
    EtaSource,
    Letter,
    Message,
    PromiseKind,
)
from makegood.rules.promises import Outcome
from makegood.rules.visits import Failing
from makegood.rules.wording.check import check
from visit_world import a_crew, a_part, a_visit_for_a_part, order_of, slot_of, utc
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


def deliver(clock) -> list[Letter]:
    """The clock's process sends what waits, and the post brings it."""
    sent = []
    while letter := letters.take(now=clock.now):
        letters.leaving(letter.pk, now=clock.now)
        letter_news.delivered(letter.pk, at=clock.now, now=clock.now)
        sent.append(letter)
    return sent


def test_the_wrong_part_is_put_right_without_a_call_of_the_customer():
    carl, mike = a_case_by_mail(), a_person("Mike Doyle")
    a_crew(members=(mike,))
    first = a_visit_for_a_part(carl, eta=utc(1, 12))
    parts.receive_part(order_of(first).pk, at=utc(1, 12), by=None, now=utc(1, 12))
    clock = SimulatedClock(MONDAY)

    # At the door: it is the wrong one. One button, before he leaves.
    clock.wait_until(utc(2, 12, 10))
    fault = Fault(failing=Failing.WRONG_PART, minutes=40, part=a_part("H-300").pk)
    second = visit_day.fail(first.pk, fault, by=mike, now=clock.now)
    first.refresh_from_db()
    assert second.promise.kind == PromiseKind.VISIT
    assert second.promise.speaker_name == mike.name
    assert second.promise.said_at == first.ended_at == clock.now
    assert second.confirmed_at is None
    apology = Message.objects.get(about=f"visit:{first.pk}:failed")
    assert apology.said_at == clock.now

    clock.wait_until(utc(3, 9))

    # The part slips by some days: one letter, before the old time, and a new one is held.
    old = slot_of(second)
    parts.record_eta(order_of(second).pk, utc(12, 17), source=EtaSource.API, by=None, now=clock.now)
    (letter,) = deliver(clock)
    assert letter.delivered_at is None or letter.delivered_at < old.opens_at
    second.promise.refresh_from_db()
    assert second.promise.due_at == slot_of(second).closes_at > old.closes_at

    # It arrives; the visit is sure, happens, and the word is kept. Nobody had to call.
    clock.wait_until(utc(12, 9))
    parts.receive_part(order_of(second).pk, at=clock.now, by=None, now=clock.now)
    second.refresh_from_db()
    assert second.confirmed_at == clock.now
    clock.wait_until(slot_of(second).opens_at)
    visit_day.finish(second.pk, note="Heats again.", by=mike, now=clock.now)

    second.promise.refresh_from_db()
    assert second.promise.outcome == Outcome.KEPT
    assert deliver(clock) == []
    assert Letter.objects.filter(case=carl).count() == 1
    assert not Contact.objects.filter(case=carl, direction=Direction.INBOUND).exists()
    assert verify.run() == []
    work = {"customer_work", "busy_excuse", "vague_time"}
    for words in (letter.words, apology.words, second.promise.words):
        assert not work & {str(finding.rule).lower() for finding in check(words).findings}
