"""Several sessions at the same moment: no crew is booked twice, nobody told twice or not at all."""

from itertools import pairwise

import pytest

from makegood.actions import crews, parts, visit_day, visits
from makegood.actions.choices import ChoiceGoneError
from makegood.actions.visit_day import Fault
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import EtaSource, Message, MessageKind, Slot, Visit
from makegood.rules.visits import Failing, NoSlotError, SlotGoneError, VisitEndedError
from sessions import at_once
from visit_world import (
    DAY,
    HOUR,
    a_booking,
    a_crew,
    a_sender,
    a_visit,
    a_visit_for_a_part,
    order_of,
    slot_of,
    utc,
)
from world import MONDAY, a_case, a_customer, a_person

pytestmark = pytest.mark.usefixtures("committed_db")


def refusals(found: list[object]) -> set[type]:
    return {type(one) for one in found if isinstance(one, Exception)}


def slip(visit: Visit, eta):
    pk = order_of(visit).pk
    return lambda: parts.record_eta(pk, eta, source=EtaSource.API, by=None, now=utc(2, 9))


def nobody_is_booked_twice() -> None:
    held = Slot.objects.filter(released_at=None).order_by("crew", "lane", "opens_at")
    for one, other in pairwise(held):
        same = (one.crew_id, one.lane) == (other.crew_id, other.lane)
        assert not same or one.closes_at <= other.opens_at


def test_many_who_book_the_one_free_time_get_one():
    a_crew()
    cases = [a_case(customer=a_customer(str(n))) for n in range(5)]
    laura = a_person()
    booking = a_booking(chosen=utc(2, 8))

    found = at_once(
        *[lambda c=c: visits.book_visit(c.pk, booking, by=laura, now=MONDAY) for c in cases]
    )

    assert refusals(found) == {SlotGoneError}
    assert Visit.objects.count() == Slot.objects.count() == 1
    assert verify.run() == []


def test_many_who_take_the_best_time_each_get_their_own():
    a_crew()
    a_crew("Van 2", capacity=2)
    cases = [a_case(customer=a_customer(str(n))) for n in range(6)]
    laura = a_person()

    found = at_once(
        *[lambda c=c: visits.book_visit(c.pk, a_booking(), by=laura, now=MONDAY) for c in cases]
    )

    assert refusals(found) == set()
    assert Slot.objects.filter(released_at=None).count() == 6
    nobody_is_booked_twice()
    assert verify.run() == []


@pytest.mark.parametrize("_again", range(3))
def test_two_slips_a_choice_and_a_crews_cancellation_at_once(_again):
    ann = a_visit_for_a_part(a_case(customer=a_customer("Ann")), eta=utc(2, 17))
    bea = a_visit_for_a_part(a_case(customer=a_customer("Bea")), eta=utc(2, 17))
    cem = a_visit(a_case(customer=a_customer("Cem")), chosen=utc(4, 12))
    crew = slot_of(ann).crew
    a_crew("Van 2")
    sender, laura = a_sender(cem.case), a_person()

    def cancel():
        crews.record_absence(
            crew.pk, starts_at=utc(4, 0), ends_at=utc(6, 0), by=laura, now=utc(2, 9)
        )
        return crews.move_off(crew.pk, now=utc(2, 9))

    found = at_once(
        slip(ann, utc(5, 17)),
        slip(bea, utc(5, 17)),
        slip(ann, utc(8, 17)),
        lambda: visits.choose_time(sender, cem.pk, utc(9, 8), now=utc(2, 9)),
        cancel,
        lambda: ticks.tick(now=utc(2, 9)),
    )

    assert refusals(found) <= {ChoiceGoneError}
    nobody_is_booked_twice()
    assert verify.run() == []
    for visit in (ann, bea, cem):
        slot = slot_of(visit)
        assert slot is not None
        away = slot.crew_id == crew.pk and slot.opens_at < utc(6, 0) and slot.closes_at > utc(4, 0)
        assert not away
        owed = Message.objects.filter(case=visit.case, kind=MessageKind.VISIT, said_at=None)
        visit.refresh_from_db()
        promised = visit.promise.due_at == slot.closes_at
        assert owed.count() == (0 if promised else 1)
        # The words that are owed name the time that is held.
        if not promised:
            assert str(slot.opens_at.day) in owed.get().words


@pytest.mark.parametrize("seed", range(4))
def test_what_a_page_left_behind_is_moved_once_by_two_clocks_a_slip_and_a_choice(seed):
    ann = a_visit_for_a_part(a_case(customer=a_customer("Ann")), eta=utc(2, 17))
    cem = a_visit(a_case(customer=a_customer("Cem")), chosen=utc(4, 12))
    dan = a_visit(a_case(customer=a_customer("Dan")), chosen=utc(4, 14))
    crew = slot_of(ann).crew
    a_crew("Van 2")
    sender, later = a_sender(cem.case), utc(2, 9, 10)
    away = {"starts_at": utc(2, 9), "ends_at": utc(6, 0)}
    crews.record_absence(crew.pk, **away, by=a_person(), now=utc(2, 9))

    found = at_once(
        lambda: ticks.tick(now=later),
        slip(ann, utc(8, 17)),
        lambda: visits.choose_time(sender, cem.pk, utc(9, 8), now=later),
        lambda: crews.record_absence(crew.pk, **away, by=a_person(), now=utc(2, 9)),
        lambda: ticks.tick(now=later),
        shaken=seed,
    )
    ticks.tick(now=later + HOUR)

    assert refusals(found) <= {ChoiceGoneError}
    nobody_is_booked_twice()
    for visit in (ann, cem, dan):
        slot = slot_of(visit)
        assert slot.crew_id != crew.pk or slot.opens_at >= utc(6, 0)
        assert visit.case.messages.filter(kind=MessageKind.VISIT, said_at=None).count() <= 1
    crew.refresh_from_db()
    assert crew.look_at is None
    assert verify.run() == []


def test_a_technician_and_the_clock_end_a_visit_once():
    visit = a_visit()
    late, mike = utc(1, 14, 20), a_person("Mike Doyle")

    found = at_once(
        lambda: visit_day.fail(visit.pk, Fault(failing=Failing.MORE_WORK), by=mike, now=late),
        lambda: visit_day.finish(visit.pk, note="", by=mike, now=late),
        lambda: ticks.tick(now=late),
        lambda: ticks.tick(now=late),
    )

    assert refusals(found) <= {VisitEndedError}
    visit.refresh_from_db()
    assert visit.outcome is not None
    assert Visit.objects.filter(follows=visit).count() == (visit.outcome == "failed")
    assert verify.run() == []


def test_two_taps_of_a_customer_choose_once():
    visit = a_visit()
    sender = a_sender(visit.case)
    tap = lambda: visits.choose_time(sender, visit.pk, utc(3, 8), now=MONDAY + HOUR)  # noqa: E731 - one act, twice

    found = at_once(tap, tap)

    assert sorted(map(str, found)) == ["False", "True"]
    assert Slot.objects.filter(visit=visit, released_at=None).count() == 1
    assert verify.run() == []


def test_a_crew_that_goes_away_while_it_is_booked_is_not_booked():
    crew, case, laura = a_crew(), a_case(), a_person()

    found = at_once(
        lambda: visits.book_visit(case.pk, a_booking(), by=laura, now=MONDAY),
        lambda: crews.record_absence(
            crew.pk, starts_at=MONDAY, ends_at=MONDAY + 90 * DAY, by=laura, now=MONDAY
        ),
    )
    crews.move_off(crew.pk, now=MONDAY)

    assert refusals(found) <= {NoSlotError}
    assert not Slot.objects.filter(released_at=None).exists()
    assert verify.run() == []
