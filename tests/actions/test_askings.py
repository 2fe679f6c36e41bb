"""Asking whether it is right: once when it was put right, again once, and then silence closes."""

from datetime import timedelta

import pytest

from asking import HOUR, a_call, a_case_put_right, a_visit, ask, keep, the_question
from clock import SimulatedClock
from makegood.actions import (
    cases,
    contacts,
    corrections,
    payments,
    promises,
    remedies,
    reopening,
    silence,
)
from makegood.actions.cases import CaseClosedError
from makegood.clockwork import ticks
from makegood.queries import verify
from makegood.records.models import (
    Asking,
    Case,
    Ladder,
    Message,
    Promise,
    PromiseKind,
)
from makegood.rules import policy
from makegood.rules.askings import AskedAlreadyError, StillToBeDoneError
from makegood.rules.promises import Channel
from makegood.rules.severity import Severity
from money_world import a_remedy, a_wish, arrive, may_give
from world import MONDAY, a_case, a_person, a_team, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DONE = MONDAY + HOUR


@pytest.fixture
def case():
    return a_case_put_right()


@pytest.fixture
def clock():
    return SimulatedClock(DONE)


def open_words(case) -> list[str]:
    return list(case.promises.still_open().order_by("pk").values_list("words", flat=True))


class TestOwing:
    """As soon as the last thing was done, the question is owed."""

    def test_a_kept_visit_owes_the_question_at_once(self, case):
        question = the_question(case)

        assert (question.kind, question.said_at) == ("question", None)
        assert case.timeline.latest("seq").kind == "question_owed"

    def test_a_kept_call_puts_nothing_right(self):
        case = a_case()
        keep(promises.make_promise(case.pk, a_word(), now=MONDAY), now=DONE)

        assert not Asking.objects.exists()

    def test_nobody_is_asked_while_something_is_left_to_do(self):
        case = a_case()
        first, second = a_visit(case), a_visit(case)
        keep(first, now=DONE)
        assert not Asking.objects.exists()

        keep(second, now=DONE + MINUTE)
        assert Asking.objects.get().opened_at == DONE + MINUTE

    def test_a_broken_visit_asks_nobody(self):
        case = a_case()
        a_visit(case, due_at=DONE)
        ticks.tick(now=DONE + HOUR)

        assert not Asking.objects.exists()

    def test_a_mark_taken_back_takes_the_question_back(self, case):
        visit = case.promises.get(kind="visit")
        corrections.take_back_kept(promise_id=visit.pk, by=a_person(), now=DONE + MINUTE)

        assert Asking.objects.get().ended_by == "not_fixed"

    def test_a_new_promise_to_do_something_takes_the_question_back(self, case):
        a_visit(case, now=DONE + MINUTE)

        assert Asking.objects.get().ended_by == "not_fixed"

    def test_so_does_one_that_they_agreed_to_in_place_of_another(self, case):
        news = case.promises.still_open().get()
        promises.replace_promise(
            promise_id=news.pk, word=a_word(kind=PromiseKind.VISIT, now=DONE),
            evidence="They agreed.", by=a_person(), now=DONE,
        )  # fmt: skip

        assert Asking.objects.get().ended_by == "not_fixed"

    def test_nobody_is_asked_when_the_last_that_was_to_be_done_has_broken(self):
        case = a_case()
        first, _second = a_visit(case), a_visit(case, due_at=DONE + HOUR)
        keep(first, now=DONE)
        ticks.tick(now=DONE + 2 * HOUR)

        a_remedy(600, case=case, now=DONE + 3 * HOUR)

        assert not Asking.objects.exists()

    def test_what_was_done_a_little_late_is_asked_about_as_well(self):
        case = a_case()
        visit = a_visit(case, due_at=DONE)
        keep(visit, now=DONE + MINUTE)

        visit.refresh_from_db()
        assert visit.outcome == "broken"
        assert the_question(case)

    def test_whoever_fixed_it_without_a_promise_can_have_it_asked(self):
        case = a_case()
        silence.ask(case.pk, now=DONE)

        assert the_question(case).kind == "question"
        with pytest.raises(AskedAlreadyError):
            silence.ask(case.pk, now=DONE)

    def test_it_is_not_asked_over_something_that_is_left_to_do(self):
        case = a_case()
        a_visit(case)
        with pytest.raises(StillToBeDoneError):
            silence.ask(case.pk, now=MONDAY)

    def test_a_closed_case_is_asked_no_more(self, case):
        yes = a_call(case, "It is right.", now=DONE, is_answer=True)
        cases.close_case(case_id=case.pk, answer=yes, now=DONE)

        with pytest.raises(CaseClosedError):
            silence.ask(case.pk, now=DONE + HOUR)
        assert verify.run() == []


class TestAsking:
    """Once it was said, the customer knows what follows, and the company's time runs."""

    def test_the_first_question_promises_the_second(self, case):
        asking = ask(case, now=DONE)

        # Asked on Monday at 11:00 in London: three working days are Thursday at 11:00.
        assert asking.act_at == DONE + timedelta(days=3)
        [words] = open_words(case)
        assert words.startswith("If we hear nothing from you, Laura Bennett asks once more by")
        assert words.endswith(" 11:00 on Friday 5 June 2026.")

    def test_nobody_loses_time_to_answer_when_it_is_written_down_late(self, case):
        contacts.record_said(
            message_id=the_question(case).pk, words="Right?", channel=Channel.PHONE,
            at=DONE, by=a_person(), now=DONE + 30 * HOUR,
        )  # fmt: skip

        asking = Asking.objects.get()
        assert asking.asked_at == DONE
        assert asking.act_at > DONE + 30 * HOUR + timedelta(days=2)

    def test_the_policy_says_how_long(self, case):
        terms = policy.to_snapshot(policy.DEFAULT[Severity.P3]) | {"ask_again_after": "1 day"}
        Ladder.objects.create(team=a_team(), severity=3, terms=terms)

        assert ask(case, now=DONE).act_at == DONE + timedelta(days=1)

    def test_a_question_that_nobody_says_breaks_the_promise_of_news(self, case, clock):
        clock.wait(days=3)

        assert case.promises.filter(outcome="broken", kind="news").exists()
        assert Asking.objects.get().asked_at is None
        assert not Case.objects.get(pk=case.pk).closed_at


class TestSilence:
    """Two questions, each with its time; then, and only then, the case closes by itself."""

    def test_silence_is_asked_once_more_and_then_closes(self, case, clock):
        ask(case, now=clock.now)
        clock.wait(days=3, minutes=1)
        second = Asking.objects.get(number=2)
        assert second.message.said_at is None
        assert Case.objects.get(pk=case.pk).closed_at is None

        ask(case, now=clock.now)
        assert (
            "keeps this open for you until 11:01 on Thursday 11 June 2026." in open_words(case)[0]
        )
        clock.wait(days=8)

        case.refresh_from_db()
        assert case.closed_by_asking == second
        assert case.closed_at >= Asking.objects.get(pk=second.pk).act_at
        assert not case.promises.filter(outcome="broken").exists()
        assert verify.run() == []

    def test_without_the_second_question_nothing_closes(self, case, clock):
        ask(case, now=clock.now)
        clock.lapse(days=12)

        case.refresh_from_db()
        assert case.closed_at is None
        assert Asking.objects.filter(case=case).count() == 2

    def test_nobody_is_asked_a_third_time(self, case, clock):
        ask(case, now=clock.now)
        clock.wait(days=4)
        ask(case, now=clock.now)
        clock.lapse(days=14)

        assert Message.objects.filter(case=case, kind="question").count() == 2

    @pytest.mark.parametrize("questions", [1, 2])
    def test_whoever_says_anything_is_not_silent(self, case, clock, questions):
        for _each in range(questions):
            ask(case, now=clock.now)
            clock.wait(days=3, hours=1)
        a_call(case, "Hold on, I have not looked yet.", now=clock.now)
        clock.lapse(days=12)

        case.refresh_from_db()
        assert case.closed_at is None
        assert Asking.objects.filter(case=case).latest("pk").ended_by == "heard"
        assert case.promises.still_open().exists()

    def test_a_clock_that_stood_still_closes_without_breaking_its_word(self, case):
        ask(case, now=DONE)
        ticks.tick(now=DONE + timedelta(days=3, minutes=1))
        second = ask(case, now=DONE + timedelta(days=3, minutes=2))
        ticks.tick(now=second.act_at + timedelta(days=2))

        case.refresh_from_db()
        assert case.closed_by_asking_id == second.pk
        assert not case.promises.filter(outcome="broken").exists()

    def test_what_was_granted_arrives_before_silence_closes(self, case, clock):
        may_give(a_person())
        remedies.grant(case.pk, a_wish(), by=a_person(), now=clock.now)
        ask(case, now=clock.now)
        clock.wait(days=3, hours=1)
        ask(case, now=clock.now)
        clock.lapse(days=12)

        case.refresh_from_db()
        assert case.closed_at is None
        assert case.promises.still_open().filter(kind="redress").exists()
        assert verify.run() == []

    def test_a_canary_is_asked_nothing(self):
        case = a_case()
        Case.objects.filter(pk=case.pk).update(is_canary=True)
        keep(a_visit(case), now=DONE)

        assert not Asking.objects.exists()


class TestAnswers:
    """A no is never switched off, and opens what was closed; the customer's word stands."""

    def test_after_silence_a_not_right_opens_it_with_the_same_owner(self, case, clock):
        ask(case, now=clock.now)
        clock.wait(days=3, hours=1)
        ask(case, now=clock.now)
        clock.wait(days=9)
        case.refresh_from_db()
        owner = case.owner_id

        no = a_call(case, "It is not right at all.", now=clock.now, is_answer=True)
        opened = reopening.reopen_case(case_id=case.pk, answer=no, now=clock.now)

        assert (opened.closed_at, opened.closed_by_asking, opened.owner_id) == (None, None, owner)
        assert opened.promises.still_open().count() == 1
        keep(a_visit(opened, now=clock.now), now=clock.now)
        assert the_question(opened).said_at is None, "the new deed is asked about anew"
        assert verify.run() == []

    def test_the_word_that_depended_on_silence_is_no_debt_once_they_spoke(self, case):
        ask(case, now=DONE)
        conditional = Promise.objects.latest("pk")
        a_call(case, "I am away, I look on Friday.", now=DONE + HOUR)

        conditional.refresh_from_db()
        assert conditional.outcome == "released"
        assert "You will hear from Laura Bennett" in open_words(case)[0]


class TestWhatMends:
    """The right thing at last, or a service done again, mends as a deed does; gifts do not."""

    @pytest.mark.parametrize("kind", ["replacement", "in_kind"])
    def test_its_arrival_owes_the_question(self, kind):
        lid = a_remedy(600, kind=kind, thing="A new lid")
        arrive(lid, at=DONE)

        assert the_question(lid.case).kind == "question"
        assert lid.case.timeline.latest("seq").kind == "question_owed"

    @pytest.mark.parametrize(("kind", "thing"), [("gift", "Flowers"), ("credit", "")])
    def test_what_only_makes_up_for_it_asks_nobody(self, kind, thing):
        arrive(a_remedy(600, kind=kind, thing=thing), at=DONE)

        assert not Asking.objects.exists()

    def test_nobody_is_asked_while_it_is_on_its_way(self):
        case = a_case()
        visit = a_visit(case)
        lid = a_remedy(600, case=case, kind="replacement", thing="A new lid")
        keep(visit, now=DONE)
        assert not Asking.objects.exists()
        with pytest.raises(StillToBeDoneError):
            silence.ask(case.pk, now=DONE)

        arrive(lid, at=DONE + MINUTE)
        assert Asking.objects.get().opened_at == DONE + MINUTE

    def test_granting_it_takes_the_question_back(self, case):
        a_remedy(600, case=case, now=DONE + MINUTE, kind="replacement", thing="A new lid")

        assert Asking.objects.get().ended_by == "not_fixed"

    def test_it_asks_also_when_it_came_late(self):
        lid = a_remedy(600, kind="replacement", thing="A new lid")
        late = lid.promise.due_at + HOUR
        ticks.tick(now=late)
        lid.refresh_from_db()
        arrive(lid, at=late + HOUR)

        assert the_question(lid.case)

    def test_who_does_not_wish_it_is_asked_of_what_was_done(self):
        case = a_case()
        lid = a_remedy(600, case=case, kind="replacement", thing="A new lid")
        keep(a_visit(case), now=DONE)
        payments.release(lid.pk, evidence="They have one.", by=a_person(), now=DONE + MINUTE)

        assert the_question(case)


class TestASlip:
    """Who did not speak after all is asked as if nothing had been recorded."""

    @pytest.mark.parametrize("was_asked", [False, True])
    def test_taking_a_contact_back_owes_the_question_anew_that_it_had_ended(self, was_asked):
        case = a_case_put_right()
        done = MONDAY + HOUR
        if was_asked:
            ask(case, now=done)
        slip = a_call(case, "Somebody else rang.", now=done + MINUTE)
        assert Asking.objects.get().ended_by == "heard"

        contacts.withdraw_contact(contact_id=slip.pk, by=a_person(), now=done + 2 * MINUTE)
        assert the_question(case).said_at is None

    def test_who_spoke_all_the_same_is_not_asked_over_it(self):
        case = a_case_put_right()
        done = MONDAY + HOUR
        slip = a_call(case, "Somebody else rang.", now=done)
        a_call(case, "It drips again.", now=done + MINUTE)

        contacts.withdraw_contact(contact_id=slip.pk, by=a_person(), now=done + 2 * MINUTE)
        assert not Asking.objects.filter(ended_at=None).exists()
