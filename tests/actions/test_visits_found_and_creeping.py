"""Visits that lost their time and get one, and small slips that add up to a long one."""

import pytest

from clock import SimulatedClock
from makegood.actions import parts, visits
from makegood.queries import verify
from makegood.records.models import EtaSource, Message, MessageKind, TimelineEntry, Visit
from makegood.rules.promises import Channel, EvidenceMissingError, NotYetHappenedError
from visit_world import DAY, a_visit_for_a_part, an_order, order_of, slot_of, utc
from world import a_person, a_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def without_a_time() -> Visit:
    """A visit whose part is not on order any more."""
    visit = a_visit_for_a_part(eta=utc(3, 17))
    parts.cancel_order(order_of(visit).pk, by=a_person(), now=utc(2, 9))
    return visit


def owed() -> Message:
    return Message.objects.get(kind=MessageKind.VISIT, said_at=None)


def slip(visit: Visit, *, to: int) -> None:
    order = order_of(visit)
    parts.record_eta(order.pk, utc(to, 17), source=EtaSource.DESK, by=None, now=utc(3, 9))


def test_who_knows_that_there_was_no_time_hears_that_there_is_one_and_no_excuse():
    visit = without_a_time()
    told = {"at": utc(2, 10), "channel": Channel.PHONE, "evidence": "Told her."}
    visits.tell(owed().pk, now=utc(2, 10), **told)

    an_order(visit.diagnosis, eta=utc(4, 17))

    assert owed().words.startswith("We have a time for your visit now: we come between")
    assert "later" not in owed().words


def test_who_never_heard_that_there_was_no_time_hears_why_it_moved():
    visit = without_a_time()

    an_order(visit.diagnosis, eta=utc(4, 17))

    assert owed().words.startswith("The part for you comes later than we were told.")


def test_a_visit_that_goes_on_waiting_says_nothing_more():
    visit = without_a_time()
    visit.refresh_from_db()
    sequence = visit.sequence

    SimulatedClock(utc(2, 9)).wait_until(utc(4, 9))

    visit.refresh_from_db()
    assert TimelineEntry.objects.filter(kind="visit_unplaced").count() == 1
    assert visit.sequence == sequence
    assert visit.look_at > utc(4, 9)


def test_small_slips_that_add_up_are_heard_above():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    first = slot_of(visit).opens_at
    for day in range(5, 14, 2):
        slip(visit, to=day)
    assert slot_of(visit).opens_at - first <= 10 * DAY
    assert not visit.case.escalations.exists()

    slip(visit, to=16)

    assert slot_of(visit).opens_at - first > 10 * DAY
    assert visit.case.escalations.get(reason="no_slot").staff == a_team().lead


def test_slips_are_counted_from_the_time_that_was_chosen():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    visits.move_visit(visit.pk, chosen=utc(12, 8), by=a_person(), now=utc(3, 9))

    slip(visit, to=16)

    assert slot_of(visit).opens_at == utc(18, 8)
    assert not visit.case.escalations.exists()


def test_nobody_was_told_in_the_future_before_it_was_owed_or_without_a_proof():
    without_a_time()
    message = owed()
    plain = {"at": utc(2, 10), "channel": Channel.PHONE, "evidence": "Told her.", "now": utc(2, 10)}

    for wrong in ({"at": utc(2, 11)}, {"at": utc(2, 8)}):
        with pytest.raises(NotYetHappenedError):
            visits.tell(message.pk, **plain | wrong)
    with pytest.raises(EvidenceMissingError):
        visits.tell(message.pk, **plain | {"evidence": " "})

    assert owed() == message
