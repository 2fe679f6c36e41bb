"""A crew that nobody lets in: it has kept the word that we come, and who was not there is told."""

import pytest

from makegood.actions import visit_day, visits
from makegood.actions.visit_day import Fault
from makegood.queries import verify
from makegood.records.models import Contact, Crew, Message, MessageKind, Visit
from makegood.rules.promises import Channel, Outcome
from makegood.rules.visits import Access, Failing, TooEarlyError
from visit_world import a_visit, slot_of, utc
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def news_of_visits() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.VISIT).order_by("pk"))


def test_a_closed_door_is_no_fault_of_ours_and_nobody_was_spoken_to():
    visit = a_visit()
    fault = Fault(failing=Failing.NO_ACCESS, words="Nobody could let me in.", note="Rang twice.")

    visit_day.fail(visit.pk, fault, by=a_person(), now=utc(1, 13))

    visit.refresh_from_db()
    assert visit.note == "Rang twice.\nNobody could let me in."
    assert not Message.objects.filter(kind=MessageKind.APOLOGY).exists()
    assert not Contact.objects.filter(case=visit.case).exists()


def at_a_closed_door(visit, *, now=None, **more) -> Visit:
    fault = Fault(failing=Failing.NO_ACCESS, words="Nobody could let me in.", **more)
    return visit_day.fail(visit.pk, fault, by=a_person(), now=now or utc(1, 13))


def test_who_came_to_a_closed_door_has_kept_the_word_that_we_come():
    visit = a_visit()

    at_a_closed_door(visit)

    visit.promise.refresh_from_db()
    assert (visit.promise.outcome, visit.promise.settled_at) == (Outcome.KEPT, utc(1, 13))


def test_who_was_not_there_agreed_to_nothing_and_is_told_of_the_next_time():
    following = at_a_closed_door(a_visit(), chosen=utc(4, 12))

    assert following.promise.channel == Channel.WEB
    assert following.promise.speaker_name == "Makegood"
    (message,) = news_of_visits()
    assert message.words.startswith("We were at your door as we had said")
    assert "on Thursday 4 June" in message.words
    assert message.promise == following.promise
    assert following.access == Access.ASKED
    assert following.confirmed_at is None


def test_who_was_not_there_where_no_crew_is_free_hears_when_they_hear():
    visit = a_visit()
    Crew.objects.update(skills=[])

    following = at_a_closed_door(visit)

    assert slot_of(following) is None
    (message,) = news_of_visits()
    assert "nobody could let us in. You will hear from" in message.words
    assert visit.case.escalations.filter(reason="no_slot").exists()


def test_a_door_is_not_closed_before_the_time_that_was_promised():
    visit = a_visit()
    with pytest.raises(TooEarlyError):
        at_a_closed_door(visit, now=utc(1, 11, 50))
    at_a_closed_door(visit, now=utc(1, 12))


def test_a_door_is_not_closed_at_an_earlier_time_of_which_nobody_was_told():
    visit = a_visit(chosen=utc(4, 12))
    visits.move_visit(visit.pk, chosen=utc(2, 12), by=a_person(), now=MONDAY)

    with pytest.raises(TooEarlyError):
        at_a_closed_door(visit, now=utc(2, 13))

    visit.promise.refresh_from_db()
    assert visit.promise.outcome is None


def test_where_nobody_came_the_one_who_says_so_came_neither():
    visit = a_visit()

    visit_day.fail(visit.pk, Fault(failing=Failing.MISSED), by=a_person(), now=utc(1, 13))

    visit.refresh_from_db()
    assert visit.arrived_at is None
    (message,) = news_of_visits()
    assert message.words.startswith("We did not come to you as we had promised.")


def test_the_minutes_lost_at_a_closed_door_count_without_words():
    visit = a_visit()
    fault = Fault(failing=Failing.NO_ACCESS, minutes=20, words="Nobody could let me in.")

    visit_day.fail(visit.pk, fault, by=a_person(), now=utc(1, 13))

    lost = Contact.objects.get(case=visit.case)
    assert (lost.other_minutes, lost.note) == (20, "")


@pytest.mark.parametrize("crews", [1, 0])
def test_who_came_too_late_to_a_closed_door_does_not_say_that_they_came_as_promised(crews):
    visit = a_visit()
    if not crews:
        Crew.objects.update(skills=[])

    at_a_closed_door(visit, now=utc(1, 14, 5))

    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.BROKEN
    (message,) = news_of_visits()
    assert "as we had said" not in message.words
    assert message.words.startswith("We came to your door later than we had promised")
