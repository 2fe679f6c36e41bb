"""Visits before their day: booked on the spot, made sure by the part, chosen by the customer."""

from datetime import timedelta

import pytest

from makegood.actions import cases, parts, promises, replies, visit_access, visits
from makegood.actions.cases import StillPromisedError
from makegood.actions.choices import ChoiceGoneError
from makegood.actions.contacts import AlreadySaidError
from makegood.actions.parts import OrderEndedError
from makegood.queries import verify
from makegood.records.models import (
    Contact,
    EtaSource,
    Message,
    MessageKind,
    PromiseKind,
    Slot,
)
from makegood.rules.promises import (
    Channel,
    ClosedCaseError,
    EvidenceMissingError,
    OfAVisitError,
    Outcome,
)
from makegood.rules.visits import (
    Access,
    NoCrewError,
    NoSlotError,
    PartUnknownError,
    SlotGoneError,
    VisitEndedError,
)
from visit_world import (
    DAY,
    HOUR,
    a_booking,
    a_crew,
    a_diagnosis,
    a_sender,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    slot_of,
    someone_else,
    utc,
)
from world import MONDAY, a_case, a_customer, a_person, a_team, a_word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def owed(visit) -> Message | None:
    return Message.objects.filter(case=visit.case, kind=MessageKind.VISIT, said_at=None).first()


def test_a_visit_is_held_and_promised_on_the_spot():
    visit = a_visit()

    slot = slot_of(visit)
    assert slot is not None
    assert (slot.opens_at, slot.closes_at) == (utc(1, 12), utc(1, 14))
    assert visit.promise is not None
    assert visit.promise.kind == PromiseKind.VISIT
    assert (visit.promise.earliest_at, visit.promise.due_at) == (slot.opens_at, slot.closes_at)
    assert visit.promise.speaker_name == "Laura Bennett"
    assert visit.confirmed_at == MONDAY  # it needs nothing else
    assert owed(visit) is None  # the customer is on the line


def test_the_hours_that_suit_the_customer_come_first():
    evenings = [[[960, 1080]]] * 7
    case = a_case(customer=a_customer(suits=evenings))
    a_crew(capacity=1, slot_minutes=60)

    visit = visits.book_visit(case.pk, a_booking(), by=a_person(), now=MONDAY)

    slot = slot_of(visit)
    assert slot is not None
    assert slot.opens_at == utc(1, 15)  # 16:00 in London
    assert slot.why == ["suits"]


def test_a_chosen_time_is_held_if_it_is_free():
    visit = a_visit(chosen=utc(2, 8))
    assert slot_of(visit).opens_at == utc(2, 8)
    with pytest.raises(SlotGoneError):
        a_visit(someone_else(), chosen=utc(2, 8))


def test_a_visit_without_a_crew_that_can_do_it_is_refused():
    a_crew(skills=["roofs"])
    for chosen in (None, utc(2, 8)):
        with pytest.raises(NoCrewError):
            visits.book_visit(a_case().pk, a_booking(chosen=chosen), by=a_person(), now=MONDAY)
    a_crew("Far away", areas=["TQ"])
    with pytest.raises(NoCrewError):
        visits.book_visit(a_case().pk, a_booking(), by=a_person(), now=MONDAY)


def test_a_visit_for_a_part_that_nobody_expects_is_refused():
    a_crew()
    found = a_diagnosis()
    booking = a_booking(diagnosis=found.pk)
    with pytest.raises(NoSlotError):
        visits.book_visit(found.case_id, booking, by=a_person(), now=MONDAY)


def test_no_time_can_be_chosen_while_nobody_knows_when_the_part_comes():
    a_crew()
    found = a_diagnosis()
    booking = a_booking(diagnosis=found.pk, chosen=utc(2, 8))
    with pytest.raises(PartUnknownError):
        visits.book_visit(found.case_id, booking, by=a_person(), now=MONDAY)


def test_nothing_is_booked_on_a_closed_case():
    case = a_case()
    replies.say_right(a_sender(case), now=MONDAY + HOUR)
    with pytest.raises(ClosedCaseError):
        a_visit(case)
    with pytest.raises(ClosedCaseError):
        a_diagnosis(case)


def test_a_visit_that_waits_for_a_part_is_tentative_until_it_is_here():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    slot = slot_of(visit)
    assert slot.opens_at == utc(5, 8)  # a day after the part should have come, when the van works
    assert visit.confirmed_at is None

    parts.receive_part(order_of(visit).pk, at=utc(3, 9), by=a_person(), now=utc(3, 9))

    visit.refresh_from_db()
    assert visit.confirmed_at == utc(3, 9)
    assert slot_of(visit) == slot
    assert owed(visit) is None


def test_a_part_that_comes_later_moves_the_visit_and_owes_one_message():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    promise, before = visit.promise, visit.sequence

    moved = parts.record_eta(
        order_of(visit).pk, utc(8, 17), source=EtaSource.DESK, by=a_person(), now=utc(3, 9)
    )

    assert moved
    visit.refresh_from_db()
    assert slot_of(visit).opens_at == utc(10, 8)
    assert visit.sequence == before + 1
    message = owed(visit)
    assert "between 09:00 and 11:00 on Wednesday 10 June 2026" in message.words
    promise.refresh_from_db()
    assert promise.due_at == utc(5, 10)  # until the customer was told, the old word stands

    visits.tell(message.pk, at=utc(3, 10), channel=Channel.SMS, evidence="Sent.", now=utc(3, 10))

    promise.refresh_from_db()
    assert (promise.earliest_at, promise.due_at) == (utc(10, 8), utc(10, 10))
    assert promise.first_due_at == utc(5, 10)
    assert owed(visit) is None
    with pytest.raises(AlreadySaidError):
        visits.tell(message.pk, at=utc(3, 11), channel=Channel.SMS, evidence="x", now=utc(3, 11))


def test_the_same_news_of_a_part_twice_changes_nothing():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    order = order_of(visit)
    news = {"source": EtaSource.FILE, "by": None, "now": utc(3, 9)}

    assert parts.record_eta(order.pk, utc(8, 17), **news)
    first = owed(visit)
    assert not parts.record_eta(order.pk, utc(8, 17), **news)

    assert owed(visit) == first
    assert order.etas.count() == 2
    assert Slot.objects.filter(visit=visit).count() == 2


def test_a_part_that_slips_twice_before_anybody_spoke_owes_one_message_with_the_last_time():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    order, news = order_of(visit), {"source": EtaSource.API, "by": None}
    parts.record_eta(order.pk, utc(8, 17), now=utc(3, 9), **news)
    stale = visits.pending_revision(visit.promise_id)

    parts.record_eta(order.pk, utc(11, 17), now=utc(3, 10), **news)

    assert Message.objects.filter(case=visit.case, kind=MessageKind.VISIT).count() == 1
    assert "Monday 15 June" in owed(visit).words
    with pytest.raises(promises.promises.OvertakenError):
        promises.record_told(
            revision_id=stale.pk, at=utc(3, 11), channel=Channel.PHONE, evidence="x", now=utc(3, 11)
        )


def test_a_part_that_comes_sooner_moves_nobody():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    slot = slot_of(visit)

    parts.record_eta(order_of(visit).pk, utc(2, 17), source=EtaSource.DESK, by=None, now=utc(1, 12))

    assert slot_of(visit) == slot
    assert owed(visit) is None


def test_a_slip_too_long_for_the_customer_is_heard_above_at_once():
    visit = a_visit_for_a_part(eta=utc(3, 17))

    parts.record_eta(order_of(visit).pk, utc(26, 17), source=EtaSource.DESK, by=None, now=utc(3, 9))

    telling = visit.case.escalations.get(reason="no_slot")
    assert telling.staff == a_team().lead
    assert telling.promise == visit.promise
    assert owed(visit) is not None


def test_a_part_that_nobody_expects_any_more_leaves_the_visit_waiting_and_is_heard_above():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    order = order_of(visit)

    parts.cancel_order(order.pk, by=a_person(), now=utc(2, 9))

    visit.refresh_from_db()
    assert slot_of(visit) is None
    assert "you will hear from" in owed(visit).words.lower()
    assert visit.case.escalations.filter(reason="no_slot").count() == 1
    with pytest.raises(OrderEndedError):
        parts.cancel_order(order.pk, by=a_person(), now=utc(2, 9))

    # Ordered anew, it gets its time by itself, and the word that was given gets its new date.
    an_order(visit.diagnosis, eta=utc(4, 17))

    assert slot_of(visit).opens_at == utc(8, 8)
    assert Message.objects.filter(case=visit.case, kind=MessageKind.VISIT).count() == 1


def test_the_customer_chooses_another_time_with_one_tap():
    visit = a_visit()
    first = visit.promise

    assert visits.choose_time(a_sender(visit.case), visit.pk, utc(3, 8), now=MONDAY + HOUR)

    visit.refresh_from_db()
    first.refresh_from_db()
    assert slot_of(visit).opens_at == utc(3, 8)
    assert first.outcome == Outcome.REPLACED
    assert visit.promise == first.replaced_by
    assert visit.promise.due_at == utc(3, 10)
    assert visit.confirmed_at == MONDAY + HOUR
    assert owed(visit) is None


def test_the_customer_chooses_only_what_is_free_and_theirs():
    visit = a_visit(chosen=utc(2, 8))
    other = a_visit(someone_else())
    sender = a_sender(visit.case)

    for wrong, opens in ((visit.pk, utc(1, 12)), (visit.pk, utc(2, 9)), (other.pk, utc(3, 8))):
        with pytest.raises(ChoiceGoneError):
            visits.choose_time(sender, wrong, opens, now=MONDAY + HOUR)

    assert slot_of(visit).opens_at == utc(2, 8)
    assert slot_of(other).opens_at == utc(1, 12)


def test_a_customer_who_says_that_the_new_time_suits_was_told():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    parts.record_eta(order_of(visit).pk, utc(8, 17), source=EtaSource.DESK, by=None, now=utc(3, 9))
    sender = a_sender(visit.case)

    assert visits.agree(sender, visit.pk, utc(10, 8), now=utc(3, 12))
    assert not visits.agree(sender, visit.pk, utc(10, 8), now=utc(3, 12))

    visit.promise.refresh_from_db()
    assert visit.promise.due_at == utc(10, 10)
    assert owed(visit) is None
    with pytest.raises(ChoiceGoneError):
        visits.agree(a_sender(visit.case), visit.pk, utc(10, 8), now=utc(3, 13))


def test_nobody_agrees_to_a_time_that_they_have_not_seen():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    for day in (8, 12):
        eta = utc(day, 17)
        parts.record_eta(order_of(visit).pk, eta, source=EtaSource.API, by=None, now=utc(3, 9))

    with pytest.raises(ChoiceGoneError):
        visits.agree(a_sender(visit.case), visit.pk, utc(10, 8), now=utc(3, 12))

    assert slot_of(visit).opens_at > utc(10, 8)
    assert owed(visit) is not None


def test_a_move_by_the_desk_counts_once_the_customer_was_told():
    visit = a_visit()

    visits.move_visit(visit.pk, chosen=utc(4, 8), by=a_person(), now=MONDAY + HOUR)

    assert slot_of(visit).opens_at == utc(4, 8)
    assert owed(visit) is not None
    visit.promise.refresh_from_db()
    assert visit.promise.due_at == utc(1, 14)
    with pytest.raises(SlotGoneError):
        visits.move_visit(visit.pk, chosen=utc(4, 9), by=a_person(), now=MONDAY + HOUR)


def test_a_visit_that_moves_back_to_the_promised_time_owes_nothing():
    visit = a_visit()
    visits.move_visit(visit.pk, chosen=utc(4, 8), by=a_person(), now=MONDAY)
    assert owed(visit) is not None

    visits.move_visit(visit.pk, chosen=utc(1, 12), by=a_person(), now=MONDAY)

    assert owed(visit) is None
    assert slot_of(visit).opens_at == utc(1, 12)


def test_access_makes_a_visit_sure():
    visit = a_visit(access=Access.ASKED)
    assert visit.confirmed_at is None

    visit_access.give_access(visit.pk, by=a_person(), now=MONDAY + HOUR)

    visit.refresh_from_db()
    assert visit.confirmed_at == MONDAY + HOUR


def test_a_visit_is_called_off_only_by_the_customer():
    visit = a_visit()
    with pytest.raises(EvidenceMissingError):
        visits.cancel_visit(visit.pk, evidence=" ", by=a_person(), now=MONDAY)

    visits.cancel_visit(visit.pk, evidence="She had it mended.", by=a_person(), now=MONDAY)

    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.RELEASED
    assert slot_of(visit) is None
    with pytest.raises(VisitEndedError):
        visits.cancel_visit(visit.pk, evidence="x", by=a_person(), now=MONDAY)


def test_the_word_of_a_visit_is_not_changed_behind_its_back():
    visit = a_visit()
    later = MONDAY + DAY
    laura = a_person()
    with pytest.raises(OfAVisitError):
        promises.keep_promise(
            promise_id=visit.promise_id, at=MONDAY, evidence="x", by=laura, now=MONDAY
        )
    with pytest.raises(OfAVisitError):
        promises.release_promise(
            promise_id=visit.promise_id, at=MONDAY, evidence="x", by=laura, now=MONDAY
        )
    with pytest.raises(OfAVisitError):
        promises.decide_revision(
            promise_id=visit.promise_id, due_at=later, cause="x", by=laura, now=MONDAY
        )
    with pytest.raises(OfAVisitError):
        promises.replace_promise(
            promise_id=visit.promise_id, word=a_word(), evidence="x", by=laura, now=MONDAY
        )


def test_a_case_with_a_visit_that_has_not_ended_stays_open():
    visit = a_visit(access=Access.ASKED)
    sender = a_sender(visit.case)

    replies.say_right(sender, now=MONDAY + HOUR)

    visit.case.refresh_from_db()
    assert visit.case.closed_at is None
    with pytest.raises(StillPromisedError):
        cases.close_case(
            case_id=visit.case_id, answer=Contact.objects.latest("pk"), now=MONDAY + HOUR
        )


def test_two_visits_share_a_crew_that_can_do_two_at_once():
    a_crew(capacity=2)
    one, other = a_visit(), a_visit(someone_else())
    assert slot_of(one).opens_at == slot_of(other).opens_at
    assert {slot_of(one).lane, slot_of(other).lane} == {1, 2}
    third = a_visit(a_case(customer=a_customer("Third")))
    assert slot_of(third).opens_at == slot_of(one).opens_at + timedelta(hours=2)
