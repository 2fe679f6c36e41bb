"""The day of a visit: sure or moved on the day before, done, failed with the next one, missed."""

import pytest

from clock import SimulatedClock
from makegood.actions import askings, crews, parts, visit_day, visits
from makegood.actions.crews import Off
from makegood.actions.visit_day import Fault
from makegood.queries import verify
from makegood.records.models import (
    Asking,
    Case,
    Contact,
    Crew,
    EtaSource,
    Message,
    MessageKind,
    PartOrder,
    Promise,
    PromiseKind,
    Visit,
)
from makegood.rules.promises import Channel, NotYetHappenedError, Outcome, WindowError
from makegood.rules.visits import (
    Access,
    Failing,
    SlotGoneError,
    VisitEndedError,
    VisitOutcome,
)
from visit_world import (
    DAY,
    HOUR,
    a_crew,
    a_part,
    a_sender,
    a_visit,
    a_visit_for_a_part,
    order_of,
    slot_of,
    someone_else,
    utc,
)
from world import MONDAY, a_person, a_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def news_of_visits() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.VISIT).order_by("pk"))


def test_who_comes_in_time_keeps_the_word():
    visit = a_visit()

    visit_day.arrive(visit.pk, at=utc(1, 12, 10), by=a_person(), now=utc(1, 12, 12))

    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.KEPT
    assert visit.promise.settled_at == utc(1, 12, 10)
    again = visit_day.arrive(visit.pk, at=utc(1, 13), by=a_person(), now=utc(1, 13))
    assert again.arrived_at == utc(1, 12, 10)


def test_who_comes_too_late_has_broken_it_all_the_same():
    visit = a_visit()

    visit_day.arrive(visit.pk, at=utc(1, 14, 5), by=a_person(), now=utc(1, 14, 5))

    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.BROKEN
    assert visit.promise.settled_at == utc(1, 14)


def test_nobody_is_told_of_another_time_while_somebody_is_there():
    visit = a_visit()
    visits.move_visit(visit.pk, chosen=utc(4, 8), by=a_person(), now=MONDAY + HOUR)
    assert len(news_of_visits()) == 1

    visit_day.arrive(visit.pk, at=utc(1, 12, 10), by=a_person(), now=utc(1, 12, 10))

    assert news_of_visits() == []
    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.KEPT


def test_nobody_arrives_in_the_future_or_before_it_was_booked():
    visit = a_visit()
    for at in (MONDAY + HOUR, MONDAY - HOUR):
        with pytest.raises(NotYetHappenedError):
            visit_day.arrive(visit.pk, at=at, by=a_person(), now=MONDAY)


def test_what_is_done_has_ended():
    visit = a_visit()

    visit_day.finish(visit.pk, note="Heats again.", by=a_person(), now=utc(1, 13))

    visit.refresh_from_db()
    assert visit.outcome == VisitOutcome.DONE
    assert visit.arrived_at == utc(1, 13)
    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.KEPT
    with pytest.raises(VisitEndedError):
        visit_day.finish(visit.pk, note="", by=a_person(), now=utc(1, 13))


def test_the_wrong_part_opens_the_recovery_before_anybody_leaves():
    visit = a_visit_for_a_part(eta=utc(1, 12))
    first = visit.promise
    parts.receive_part(order_of(visit).pk, at=utc(1, 12), by=None, now=utc(1, 12))
    mike = a_person("Mike Doyle")
    fault = Fault(
        failing=Failing.WRONG_PART, minutes=40, part=a_part("H-300", name="upper element").pk
    )

    following = visit_day.fail(visit.pk, fault, by=mike, now=utc(2, 12, 10))

    visit.refresh_from_db()
    first.refresh_from_db()
    assert (visit.outcome, visit.failing) == (VisitOutcome.FAILED, Failing.WRONG_PART)
    assert Contact.objects.get(case=visit.case).other_minutes == 40
    apology = Message.objects.get(about=f"visit:{visit.pk}:failed")
    assert (apology.said_at, apology.channel, apology.said_by) == (
        utc(2, 12, 10), Channel.IN_PERSON, mike,
    )  # fmt: skip
    assert "our mistake" in apology.words
    assert following.follows == visit
    assert following.diagnosis.part.name == "upper element"
    assert order_of(following).eta_at == utc(7, 12, 10)  # five days, as such parts usually take
    assert slot_of(following).opens_at == utc(8, 14)
    assert following.promise.due_at == utc(8, 16)
    assert (first.outcome, first.replaced_by) == (Outcome.REPLACED, following.promise)
    assert news_of_visits() == []  # it was said to the customer's face


def test_the_customer_chooses_the_next_time_at_the_door():
    visit = a_visit()
    fault = Fault(failing=Failing.MORE_WORK, chosen=utc(4, 12))

    following = visit_day.fail(visit.pk, fault, by=a_person(), now=utc(1, 13))

    assert slot_of(following).opens_at == utc(4, 12)
    gone = Fault(failing=Failing.MORE_WORK, chosen=utc(4, 13))
    with pytest.raises(SlotGoneError):
        visit_day.fail(following.pk, gone, by=a_person(), now=utc(2, 9))
    following.refresh_from_db()
    assert following.outcome is None


def test_where_no_crew_is_free_somebody_above_hears_it_before_anybody_leaves():
    visit = a_visit()
    Crew.objects.update(skills=[])

    following = visit_day.fail(
        visit.pk, Fault(failing=Failing.MORE_WORK), by=a_person(), now=utc(1, 13)
    )

    assert slot_of(following) is None
    assert visit.case.escalations.filter(reason="no_slot").get().staff == a_team().lead
    assert visit.case.promises.still_open().exists()


@pytest.mark.parametrize("is_known", [True, False])
def test_our_words_speak_of_an_ordered_part_only_where_one_was_ordered(is_known):
    visit = a_visit()
    part = a_part().pk if is_known else None

    visit_day.fail(
        visit.pk, Fault(failing=Failing.WRONG_PART, part=part), by=a_person(), now=utc(1, 13)
    )

    apology = Message.objects.get(about=f"visit:{visit.pk}:failed")
    assert apology.words.endswith("I have ordered the right part." if is_known else "I am sorry.")
    assert PartOrder.objects.exists() == is_known


@pytest.mark.parametrize("failing", [Failing.MORE_WORK, Failing.WRONG_PART])
@pytest.mark.parametrize("chosen", [None, utc(8, 14)])
def test_our_words_speak_of_a_chosen_time_only_where_one_was_chosen(failing, chosen):
    visit = a_visit_for_a_part(eta=utc(1, 12))
    parts.receive_part(order_of(visit).pk, at=utc(1, 12), by=None, now=utc(1, 12))

    visit_day.fail(
        visit.pk, Fault(failing=failing, chosen=chosen), by=a_person(), now=utc(2, 12, 10)
    )

    apology = Message.objects.get(about=f"visit:{visit.pk}:failed")
    assert ("just chosen" in apology.words) is (chosen is not None)


def test_the_day_before_finds_what_is_missing_and_moves_instead_of_a_wasted_trip():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    clock = SimulatedClock(MONDAY)

    clock.wait_until(utc(4, 7, 59))  # the part should have come yesterday, and nobody said a word
    assert news_of_visits() == []
    clock.wait_until(utc(4, 8, 1))

    assert slot_of(visit).opens_at >= utc(6, 8)
    (message,) = news_of_visits()
    visits.tell(message.pk, at=clock.now, channel=Channel.SMS, evidence="Sent.", now=clock.now)
    clock.wait_until(utc(5, 12))
    visit.promise.refresh_from_db()
    assert visit.promise.outcome is None  # told in time: nothing broke


def test_the_day_before_makes_sure_what_is_ready_once():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    parts.receive_part(order_of(visit).pk, at=utc(3, 12), by=None, now=utc(3, 12))
    visit.refresh_from_db()
    sequence = visit.sequence

    SimulatedClock(utc(3, 13)).wait_until(utc(5, 8))

    visit.refresh_from_db()
    assert visit.sequence == sequence
    assert slot_of(visit).opens_at == utc(5, 8)


def test_nobody_was_let_in_so_the_visit_moves_by_a_day_at_least():
    visit = a_visit(access=Access.ASKED, chosen=utc(4, 8))
    SimulatedClock(MONDAY).wait_until(utc(3, 8, 1))
    assert slot_of(visit).opens_at >= utc(5, 8)
    (message,) = news_of_visits()
    assert message.words.startswith("Nobody has told us yet that somebody will let us in")


def test_a_visit_at_which_nobody_came_is_found_by_us():
    visit = a_visit()

    SimulatedClock(MONDAY).wait_until(utc(1, 14, 40))

    visit.refresh_from_db()
    visit.promise.refresh_from_db()
    following = Visit.objects.get(follows=visit)
    assert (visit.outcome, visit.failing) == (VisitOutcome.FAILED, Failing.MISSED)
    assert visit.promise.outcome == Outcome.BROKEN
    assert slot_of(following) is not None
    (message,) = news_of_visits()
    assert "We did not come" in message.words
    assert following.promise.outcome is None


def test_a_word_that_nobody_told_in_time_breaks_aloud_and_the_visit_stands():
    visit = a_visit_for_a_part(eta=utc(3, 17))
    parts.record_eta(order_of(visit).pk, utc(8, 17), source=EtaSource.DESK, by=None, now=utc(3, 9))

    SimulatedClock(utc(3, 9)).wait_until(utc(5, 12))

    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.BROKEN
    assert slot_of(visit).opens_at == utc(10, 8)
    assert Message.objects.filter(about=f"promise:{visit.promise_id}:broken").exists()


@pytest.mark.parametrize("on_their_page", [False, True])
def test_who_hears_of_the_new_time_only_after_that_is_promised_it(on_their_page):
    visit = a_visit_for_a_part(eta=utc(3, 17))
    parts.record_eta(order_of(visit).pk, utc(8, 17), source=EtaSource.DESK, by=None, now=utc(3, 9))
    SimulatedClock(utc(3, 9)).wait_until(utc(5, 12))
    (owed,) = news_of_visits()

    if on_their_page:
        sender = a_sender(visit.case, now=utc(5, 12))
        visits.agree(sender, visit.pk, utc(10, 8), now=utc(5, 13))
    else:
        visits.tell(
            owed.pk, at=utc(5, 13), channel=Channel.PHONE, evidence="Told her.", now=utc(5, 13)
        )

    owed.refresh_from_db()
    [word] = visit.case.promises.still_open()  # what was to be heard was heard
    assert (word.earliest_at, word.due_at) == (utc(10, 8), utc(10, 10))
    assert word.words.startswith("We come to you")
    assert (owed.said_at, owed.promise) == (utc(5, 13), word)
    visit.refresh_from_db()
    assert visit.promise == word


def test_a_visit_that_waits_for_a_time_gets_one_when_a_crew_is_free():
    visit = a_visit()
    crew = slot_of(visit).crew
    crews.record_absence(
        crew.pk, starts_at=MONDAY, ends_at=MONDAY + 60 * DAY, by=a_person(), now=MONDAY
    )
    crews.move_off(crew.pk, now=MONDAY)
    assert slot_of(visit) is None
    a_crew("Van 2")

    SimulatedClock(MONDAY).wait_until(MONDAY + 7 * HOUR)

    assert slot_of(visit).crew.name == "Van 2"


def test_a_crew_that_cannot_come_gives_its_visits_to_others_the_severest_first():
    slow, urgent = a_visit(chosen=utc(2, 8)), a_visit(someone_else(), chosen=utc(2, 10))
    Case.objects.filter(pk=urgent.case_id).update(severity=1)
    crew = slot_of(slow).crew
    other = a_crew("Van 2")
    for one, ends in ((crew, utc(3, 0)), (other, utc(2, 12))):  # nobody can keep their time
        crews.record_absence(one.pk, starts_at=MONDAY, ends_at=ends, by=a_person(), now=MONDAY)

    assert crews.move_off(crew.pk, now=MONDAY) == Off(moved=2, failed=0)

    assert slot_of(urgent).opens_at < slot_of(slow).opens_at
    assert slot_of(urgent).crew == slot_of(slow).crew == other
    assert crews.move_off(crew.pk, now=MONDAY) == Off(moved=0, failed=0)


def test_another_crew_at_the_very_time_is_no_news_for_the_customer():
    visit = a_visit(chosen=utc(2, 8))
    crew = slot_of(visit).crew
    a_crew("Van 2", calendar=crew.calendar)
    crews.record_absence(crew.pk, starts_at=MONDAY, ends_at=utc(2, 10), by=a_person(), now=MONDAY)
    other = a_visit(someone_else(), chosen=utc(1, 12))  # Van 2 is taken today until then
    busy = a_visit(someone_else(), chosen=utc(1, 14))
    assert {slot_of(other).crew.name, slot_of(busy).crew.name} == {"Van 2"}

    crews.move_off(crew.pk, now=utc(1, 15))

    assert slot_of(visit).opens_at == utc(2, 8)
    assert slot_of(visit).crew.name == "Van 2"
    assert news_of_visits() == []


def test_an_absence_that_is_over_or_empty_is_refused():
    crew = a_crew()
    for starts, ends in ((MONDAY, MONDAY), (MONDAY - DAY, MONDAY - HOUR)):
        with pytest.raises(WindowError):
            crews.record_absence(crew.pk, starts_at=starts, ends_at=ends, by=a_person(), now=MONDAY)


def test_a_visit_promise_is_of_its_kind():
    assert Promise.objects.filter(visits=a_visit()).get().kind == PromiseKind.VISIT


class TestTheQuestion:
    """Coming mends nothing: whether it is right is asked when what the visit was for is done."""

    def test_it_is_owed_when_the_visit_is_done_and_not_when_somebody_comes(self):
        visit = a_visit()
        visit_day.arrive(visit.pk, at=utc(1, 12), by=a_person(), now=utc(1, 12))
        askings.look(visit.case, now=utc(1, 12, 30))
        assert not Asking.objects.exists()

        visit_day.finish(visit.pk, note="", by=a_person(), now=utc(1, 13))
        assert Asking.objects.get().opened_at == utc(1, 13)

    def test_it_is_owed_as_well_where_somebody_came_too_late(self):
        visit = a_visit()
        visit_day.finish(visit.pk, note="", by=a_person(), now=utc(1, 14, 5))

        assert Asking.objects.get().opened_at == utc(1, 14, 5)

    def test_it_is_not_asked_of_a_visit_that_failed(self):
        visit = a_visit()
        fault = Fault(failing=Failing.WRONG_PART, part=a_part().pk)
        following = visit_day.fail(visit.pk, fault, by=a_person(), now=utc(1, 13))
        assert not Asking.objects.exists()

        visits.cancel_visit(following.pk, evidence="She bought one.", by=a_person(), now=utc(1, 14))
        assert not Asking.objects.exists()
