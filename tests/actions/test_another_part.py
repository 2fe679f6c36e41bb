"""Another part is needed, or the one that came is wrong: visits do not go on as if nothing were."""

from datetime import timedelta

import pytest

from clock import SimulatedClock
from given_world import SAID, close
from letter_world import a_case_by_mail
from makegood.actions import parts, visit_day
from makegood.actions.visit_day import Fault
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import Escalation, Letter, TimelineText, Visit
from makegood.rules.escalation import Reason
from makegood.rules.promises import ClosedCaseError
from makegood.rules.visits import Failing
from visit_world import (
    DAY,
    a_diagnosis,
    a_part,
    a_visit,
    a_visit_for_a_part,
    an_order,
    order_of,
    slot_of,
    utc,
)
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def a_sure_visit(case=None, *, eta=MONDAY + 2 * DAY) -> Visit:
    visit = a_visit_for_a_part(case, eta=eta)
    parts.receive_part(order_of(visit).pk, at=MONDAY, by=a_person(), now=MONDAY)
    visit.refresh_from_db()
    assert visit.confirmed_at is not None
    return visit


def diagnose(visit, number="H-200", *, now=MONDAY):
    part = a_part(number, name="other element")
    return parts.diagnose(visit.case_id, part, note="", by=a_person(), now=now)


def letters_of(visit) -> list[Letter]:
    return list(Letter.objects.filter(case=visit.case_id, duty__kind="visit"))


def test_a_visit_that_was_sure_is_not_once_another_part_is_needed():
    visit = a_sure_visit()

    found = diagnose(visit)

    visit.refresh_from_db()
    assert (visit.diagnosis, visit.confirmed_at) == (found, None)
    assert visit.look_at == MONDAY + parts.TO_ORDER
    assert slot_of(visit) is not None
    assert "visit_unsure" in visit.case.timeline.values_list("kind", flat=True)


def test_whoever_orders_it_in_time_tells_the_customer_of_one_other_time():
    visit = a_sure_visit(a_case_by_mail())
    before = slot_of(visit).opens_at

    an_order(diagnose(visit), eta=before)
    ticks.tick(now=MONDAY + parts.TO_ORDER + MINUTE)

    visit.refresh_from_db()
    assert slot_of(visit).opens_at >= before + DAY
    assert [letter.duty.about for letter in letters_of(visit)] == [f"visit:{visit.pk}:3"]
    assert visit.look_at == slot_of(visit).opens_at - DAY


def test_where_it_comes_in_time_the_visit_keeps_its_time_and_waits_for_it():
    visit = a_sure_visit(a_case_by_mail())
    slot = slot_of(visit)

    order = an_order(diagnose(visit), eta=slot.opens_at - DAY)
    ticks.tick(now=MONDAY + parts.TO_ORDER + MINUTE)

    visit.refresh_from_db()
    assert (slot_of(visit), visit.confirmed_at) == (slot, None)
    assert (visit.look_at, letters_of(visit)) == (slot.opens_at - DAY, [])
    parts.receive_part(order.pk, at=utc(2, 9), by=a_person(), now=utc(2, 9))
    visit.refresh_from_db()
    assert visit.confirmed_at == utc(2, 9)


def test_where_nobody_orders_it_the_customer_and_somebody_above_hear_it_now():
    visit = a_sure_visit(a_case_by_mail())
    diagnose(visit)

    SimulatedClock(MONDAY).wait(hours=1)

    assert slot_of(visit) is None
    assert len(letters_of(visit)) == 1
    assert Escalation.objects.filter(reason=Reason.NO_SLOT).exists()


def test_a_visit_that_is_about_to_begin_does_not_wait_for_an_order():
    visit = a_sure_visit()
    soon = slot_of(visit).opens_at - 5 * MINUTE
    ticks.tick(now=soon - MINUTE)

    diagnose(visit, now=soon)

    assert slot_of(visit) is None


def test_the_same_part_found_again_changes_nothing():
    visit = a_sure_visit()
    before = visit.diagnosis

    diagnose(visit, "H-100")

    visit.refresh_from_db()
    assert (visit.diagnosis, visit.confirmed_at) == (before, MONDAY)


def test_a_part_that_is_here_already_makes_the_visit_sure_again():
    visit = a_sure_visit()
    before = visit.diagnosis
    diagnose(visit)

    diagnose(visit, "H-100", now=MONDAY + MINUTE)

    visit.refresh_from_db()
    assert (visit.diagnosis, visit.confirmed_at) == (before, MONDAY + MINUTE)


def test_a_visit_that_needs_no_part_or_has_begun_stays_as_it_is():
    look = a_visit()
    begun = a_sure_visit(look.case)
    visit_day.arrive(begun.pk, at=slot_of(begun).opens_at, by=a_person(), now=utc(30, 12))
    needed = begun.diagnosis

    diagnose(begun, now=utc(30, 12))

    look.refresh_from_db()
    begun.refresh_from_db()
    assert (look.diagnosis, begun.diagnosis) == (None, needed)


@pytest.mark.parametrize("part", ["H-100", "H-200"], ids=["the same again", "another one"])
def test_the_wrong_part_at_one_visit_unsettles_the_others_that_were_to_fit_it(part):
    first = a_sure_visit(a_case_by_mail())
    other = a_visit(first.case, diagnosis=first.diagnosis_id, now=MONDAY)
    other.refresh_from_db()
    assert other.confirmed_at is not None
    now = slot_of(first).opens_at
    fault = Fault(failing=Failing.WRONG_PART, part=a_part(part).pk)

    visit_day.fail(first.pk, fault, by=a_person(), now=now)

    other.refresh_from_db()
    assert (other.confirmed_at, other.diagnosis.part.number) == (None, part)
    assert order_of(other).received_at is None
    assert other.look_at < slot_of(other).opens_at


def test_a_part_that_came_wrong_is_ordered_again_before_anybody_leaves():
    visit = a_sure_visit(a_case_by_mail())
    wrong = order_of(visit)

    placed = parts.refuse_part(wrong.pk, because="Its thread is torn.", by=a_person(), now=MONDAY)

    visit.refresh_from_db()
    wrong.refresh_from_db()
    assert (wrong.wrong_at, placed.part) == (MONDAY, wrong.part)
    assert (visit.confirmed_at, order_of(visit)) == (None, placed)
    assert slot_of(visit).opens_at >= placed.eta_at + DAY
    assert len(letters_of(visit)) == 1
    entry = visit.case.timeline.get(kind="part_wrong")
    words = TimelineText.objects.get(case=visit.case, seq=entry.seq)
    assert words.words == "Its thread is torn."


def test_only_a_part_that_is_here_can_be_wrong_and_once():
    visit = a_visit_for_a_part()
    order = order_of(visit)
    with pytest.raises(parts.PartNotHereError):
        parts.refuse_part(order.pk, because="Torn.", by=a_person(), now=MONDAY)
    parts.receive_part(order.pk, at=MONDAY, by=a_person(), now=MONDAY)
    with pytest.raises(parts.ReasonMissingError):
        parts.refuse_part(order.pk, because=" ", by=a_person(), now=MONDAY)
    parts.refuse_part(order.pk, because="Torn.", by=a_person(), now=MONDAY)
    with pytest.raises(parts.OrderEndedError):
        parts.refuse_part(order.pk, because="Torn.", by=a_person(), now=MONDAY)


def test_a_part_of_a_closed_case_is_not_ordered_again():
    order = an_order(a_diagnosis())
    parts.receive_part(order.pk, at=MONDAY, by=a_person(), now=MONDAY)
    close(order.diagnosis.case)

    with pytest.raises(ClosedCaseError):
        parts.refuse_part(order.pk, because="Torn.", by=a_person(), now=SAID)


def test_one_that_fits_although_it_was_not_named_is_ordered_again_and_fits():
    diagnosis = a_diagnosis()
    order = an_order(diagnosis, part=a_part("H-200").pk)
    parts.answer_doubt(order.pk, because="It replaces H-100.", by=a_person(), now=MONDAY)
    parts.receive_part(order.pk, at=MONDAY, by=a_person(), now=MONDAY)

    other = parts.refuse_part(order.pk, because="Torn.", by=a_person(), now=MONDAY)

    assert (other.part, other.fits_because) == (order.part, "It replaces H-100.")


@pytest.mark.parametrize("has_part", [True, False], ids=["for a part", "to look"])
def test_the_visit_after_one_that_needs_more_brings_what_was_found_there(has_part):
    visit = a_sure_visit() if has_part else a_visit()
    there = slot_of(visit).opens_at
    visit_day.arrive(visit.pk, at=there, by=a_person(), now=there)
    found = diagnose(visit, now=there + MINUTE)
    an_order(found, eta=there + DAY)

    fault = Fault(failing=Failing.MORE_WORK)
    following = visit_day.fail(visit.pk, fault, by=a_person(), now=there + 2 * MINUTE)

    assert following.diagnosis == found
    assert slot_of(following).opens_at >= there + 2 * DAY


def test_a_part_that_was_fitted_serves_no_other_visit():
    first = a_sure_visit()
    there = slot_of(first).opens_at
    visit_day.finish(first.pk, note="", by=a_person(), now=there)
    other = diagnose(first, now=there + MINUTE)
    an_order(other, eta=there + DAY)
    visit = a_visit(first.case, diagnosis=other.pk, now=there + 2 * MINUTE)

    again = diagnose(first, "H-100", now=there + 3 * MINUTE)

    visit.refresh_from_db()
    assert (visit.diagnosis, visit.confirmed_at) == (again, None)


def test_an_order_under_the_same_part_found_once_more_serves_the_visit():
    visit = a_sure_visit()
    diagnose(visit)
    again = diagnose(visit, now=MONDAY + MINUTE)

    an_order(again, eta=slot_of(visit).opens_at - DAY)

    visit.refresh_from_db()
    assert (visit.diagnosis, visit.confirmed_at) == (again, None)
    assert visit.look_at == slot_of(visit).opens_at - DAY
