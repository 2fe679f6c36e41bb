"""A visit that fails at the door where no next time is free: one apology, and news by a date."""

import json

import pytest

from clock import SimulatedClock
from makegood.actions import visit_day
from makegood.actions.visit_day import Fault
from makegood.queries import verify
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import Crew, Letter, Message, MessageKind, PromiseKind, Visit
from makegood.rules.promises import Outcome
from makegood.rules.visits import Failing
from story_world import figures
from visit_world import SKILL, a_visit, slot_of, utc
from world import MONDAY, a_case, a_customer, a_person, a_team

pytestmark = pytest.mark.django_db

WHEN_THEY_ARE_THERE = utc(1, 13)


@pytest.fixture(autouse=True)
def _every_law_holds():
    yield
    assert verify.run() == []


def news_of_visits() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.VISIT).order_by("pk"))


class TestWhereNoCrewIsFree:
    """At the door there is no next time: then the customer hears now by when they hear one."""

    def fail(self, visit, failing=Failing.MORE_WORK, *, now=WHEN_THEY_ARE_THERE) -> Visit:
        Crew.objects.update(skills=[], retired_at=MONDAY)
        return visit_day.fail(visit.pk, Fault(failing=failing), by=a_person("Mike Doyle"), now=now)

    def test_the_old_word_is_broken_now_and_one_apology_covers_both(self):
        visit = a_visit()
        self.fail(visit)

        visit.promise.refresh_from_db()
        assert visit.promise.outcome == Outcome.BROKEN
        assert (visit.promise.settled_at, visit.promise.settled_recorded_at) == (
            utc(1, 14), utc(1, 13),
        )  # fmt: skip
        entry = visit.case.timeline.get(kind="promise_broken")
        assert json.loads(entry.body)["facts"]["visit"] == visit.pk
        SimulatedClock(utc(1, 13)).wait_until(utc(1, 16))
        sorry = Message.objects.filter(case=visit.case, kind=MessageKind.APOLOGY)
        assert {said.said_at for said in sorry} == {utc(1, 13)}
        assert {said.said_by.name for said in sorry} == {"Mike Doyle"}
        assert not visit.case.promises.exclude(pk=visit.promise_id).filter(outcome="broken")

    def test_the_wall_counts_that_apology_from_when_it_was_known(self):
        visit = a_visit()
        self.fail(visit)
        assert figures(visit.case, as_of=utc(1, 16))["M11"] == [0]

    def test_their_page_says_that_it_broke_when_that_was_known_and_before_the_apology(self):
        visit = a_visit()
        self.fail(visit)

        lines = get_customer_page(visit.case.pk, now=utc(1, 13, 5)).lines

        told = [(line.kind, line.at.words) for line in lines if line.kind in {"broken", "apology"}]
        assert told == [("broken", "14:00 today"), ("apology", "14:00 today")]

    def test_the_customer_hears_in_writing_by_when_they_hear_a_time(self):
        visit = a_visit(a_case(customer=a_customer("Ann", email="ann@example.net")))
        following = self.fail(visit)

        [news] = visit.case.promises.still_open()
        assert news.kind == PromiseKind.NEWS
        [owed] = news_of_visits()
        assert owed.about.startswith(f"visit:{following.pk}:")
        assert news.words in owed.words
        letter = Letter.objects.get(duty=owed)
        assert news.words in letter.words

    def test_who_has_no_address_is_told_by_the_owner(self):
        visit = a_visit()
        self.fail(visit)
        [owed] = news_of_visits()
        assert (owed.said_at, Letter.objects.exists()) == (None, False)

    def test_the_ladder_hears_it_now_of_a_word_that_is_open(self):
        visit = a_visit()
        self.fail(visit)
        telling = visit.case.escalations.get(reason="no_slot")
        assert telling.staff == a_team().lead
        assert telling.promise.outcome is None

    def test_who_came_in_time_to_a_closed_door_has_kept_the_word(self):
        visit = a_visit()
        self.fail(visit, Failing.NO_ACCESS)
        visit.promise.refresh_from_db()
        assert visit.promise.outcome == Outcome.KEPT
        assert "nobody could let us in" in visit.promise.evidence
        [news] = visit.case.promises.still_open()
        assert news.words in news_of_visits()[0].words
        assert visit.case.escalations.get(reason="no_slot").promise == news
        assert not Message.objects.filter(kind=MessageKind.APOLOGY).exists()

    def test_a_word_that_was_kept_by_coming_stays_kept(self):
        visit = a_visit()
        visit_day.arrive(visit.pk, at=utc(1, 12, 30), by=a_person(), now=utc(1, 12, 30))
        self.fail(visit)
        visit.promise.refresh_from_db()
        assert visit.promise.outcome == Outcome.KEPT
        assert visit.case.promises.still_open().exists()
        assert len(news_of_visits()) == 1

    def test_a_word_whose_time_is_over_is_apologised_for_once_too(self):
        visit = a_visit()
        self.fail(visit, now=utc(1, 14, 5))
        SimulatedClock(utc(1, 14, 5)).wait_until(utc(1, 16))
        sorry = Message.objects.filter(case=visit.case, kind=MessageKind.APOLOGY)
        assert {said.said_at for said in sorry} == {utc(1, 14, 5)}


def test_who_fails_late_with_a_next_time_says_sorry_once():
    visit = a_visit()

    following = visit_day.fail(
        visit.pk, Fault(failing=Failing.MORE_WORK), by=a_person(), now=utc(1, 14, 5)
    )

    SimulatedClock(utc(1, 14, 5)).wait_until(utc(1, 15))
    visit.promise.refresh_from_db()
    assert visit.promise.outcome == Outcome.BROKEN
    sorry = Message.objects.filter(case=visit.case, kind=MessageKind.APOLOGY)
    assert {said.said_at for said in sorry} == {utc(1, 14, 5)}
    assert slot_of(following) is not None


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (Failing.MISSED, "We did not come to you as we had promised."),
        (Failing.NO_ACCESS, "We were at your door as we had said"),
        (Failing.MORE_WORK, "We have a time for your visit now"),
    ],
)
def test_who_has_not_heard_yet_that_none_was_free_hears_why_with_the_first_time(failing, words):
    following = TestWhereNoCrewIsFree().fail(a_visit(), failing)
    Crew.objects.update(skills=[SKILL], retired_at=None)

    visit_day.look(following.pk, now=utc(1, 20))

    (owed,) = news_of_visits()
    assert owed.words.startswith(words)
