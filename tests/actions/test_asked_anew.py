"""What a customer wants or claims keeps the question back only until it has its answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from asking import HOUR, a_case_put_right, a_visit, ask, keep, the_question
from honour_world import a_claim, a_decision
from makegood.actions import claim_steps, claims, promises, replies, wants
from makegood.actions.claims import Told
from makegood.actions.contacts import Touch
from makegood.actions.wants import HonestNo
from makegood.clockwork import ticks
from makegood.records.models import Asking, Direction, PromiseKind, Want
from makegood.rules.claims import Source
from makegood.rules.promises import Channel
from money_world import a_remedy, arrive
from visit_world import a_sender
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DONE = MONDAY + HOUR


@pytest.fixture
def case():
    return a_case_put_right()


def _wants(case, words: str, *, now) -> Want:
    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=now, note=words)
    return wants.take(case.pk, words, touch=touch, now=now)


def _say_no(want: Want, *, now) -> None:
    no = HonestNo(words="We do not swap bins.", instead="We clean it.", channel=Channel.PHONE)
    wants.decline(want.pk, no, by=a_person(), now=now)


def test_an_honest_no_lets_the_question_go_on():
    case = a_case()
    want = _wants(case, "A new bin, please.", now=MONDAY)
    keep(a_visit(case), now=DONE)
    assert not Asking.objects.exists()

    _say_no(want, now=DONE + MINUTE)
    assert the_question(case)


def test_who_wanted_something_when_asked_is_asked_anew_after_the_honest_no(case):
    ask(case, now=DONE)
    want = _wants(case, "A new bin, please.", now=DONE)

    _say_no(want, now=DONE + MINUTE)

    assert the_question(case).said_at is None


def test_who_said_that_it_is_right_while_money_is_on_its_way_is_not_asked_over_the_no(case):
    ask(case, now=DONE)
    want = _wants(case, "A new bin, please.", now=DONE)
    remedy = a_remedy(case=case, now=DONE)
    replies.say_right(a_sender(case), now=DONE + MINUTE)

    _say_no(want, now=DONE + 2 * MINUTE)
    assert not Asking.objects.filter(ended_at=None).exists()

    arrive(remedy, at=DONE + HOUR)
    case.refresh_from_db()
    assert case.closed_at is not None


def test_and_after_what_they_wanted_was_done_whatever_it_was(case):
    ask(case, now=DONE)
    want = _wants(case, "A bill, please.", now=DONE)
    word = a_word(kind=PromiseKind.OTHER, words="The bill comes by noon.", now=DONE)
    made = wants.promise(want.pk, word, by=a_person(), now=DONE)
    assert not Asking.objects.filter(ended_at=None).exists()

    keep(made, now=DONE + MINUTE)

    assert the_question(case).said_at is None


def test_and_where_they_want_it_no_longer(case):
    ask(case, now=DONE)
    want = _wants(case, "A bill, please.", now=DONE)
    word = a_word(kind=PromiseKind.OTHER, words="The bill comes by noon.", now=DONE)
    made = wants.promise(want.pk, word, by=a_person(), now=DONE)

    promises.release_promise(
        promise_id=made.pk, at=DONE + MINUTE, evidence="No need.", by=a_person(), now=DONE + MINUTE
    )

    assert the_question(case).said_at is None


@pytest.mark.parametrize("is_kept", [True, False])
def test_and_after_what_replaced_it_if_that_is_kept(case, is_kept):
    ask(case, now=DONE)
    want = _wants(case, "A bill, please.", now=DONE)
    word = a_word(kind=PromiseKind.OTHER, words="The bill comes by noon.", now=DONE)
    now = DONE + MINUTE
    made = wants.promise(want.pk, word, by=a_person(), now=now)
    instead = promises.replace_promise(
        promise_id=made.pk, word=replace(word, said_at=now), evidence="Agreed.", by=a_person(),
        now=now,
    )  # fmt: skip
    assert not Asking.objects.filter(ended_at=None).exists()

    if is_kept:
        keep(instead, now=now + MINUTE)
    else:
        ticks.tick(now=instead.due_at + 3 * HOUR)
        keep(case.promises.still_open().get(), now=instead.due_at + 4 * HOUR)

    assert Asking.objects.filter(ended_at=None).exists() is is_kept


def test_and_where_it_was_done_too_late(case):
    ask(case, now=DONE)
    want = _wants(case, "A bill, please.", now=DONE)
    word = a_word(kind=PromiseKind.OTHER, words="The bill comes by noon.", now=DONE)
    made = wants.promise(want.pk, word, by=a_person(), now=DONE)

    keep(made, now=made.due_at + MINUTE)

    made.refresh_from_db()
    assert made.outcome == "broken"
    assert the_question(case).said_at is None


def test_and_where_what_they_claimed_was_done_too_late(case):
    ask(case, now=DONE)
    now = DONE + MINUTE
    claim = a_claim(case, now=now)
    word = a_word(kind=PromiseKind.OTHER, words="Your bill says so.", now=now)
    decided = claim_steps.do_it(claim.pk, a_decision(), word, by=a_person(), now=now)
    made = decided.step.promise

    keep(made, now=made.due_at + MINUTE)

    made.refresh_from_db()
    assert made.outcome == "broken"
    assert the_question(case).said_at is None


def test_a_claim_that_they_let_go_lets_the_question_go_on():
    case = a_case()
    claim = a_claim(case)
    keep(a_visit(case), now=DONE)
    assert not Asking.objects.exists()

    touch = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=DONE, note="No more.")
    claims.let_go(claim.pk, touch, now=DONE)

    assert the_question(case)


def test_who_says_what_they_were_promised_is_asked_no_longer(case):
    a_claim(case, now=DONE)

    assert Asking.objects.get().ended_by == "heard"


def test_and_is_promised_an_answer_and_nothing_besides(case):
    ask(case, now=DONE)

    a_claim(case, now=DONE + MINUTE)

    [answer] = case.promises.still_open()
    assert "how we keep what you were promised" in answer.words


def test_who_says_so_on_their_page_is_not_to_hear_by_when_we_ask_once_more(case):
    asking = ask(case, now=DONE)

    replies.say_promised(a_sender(case), "They promised me a new bin.", now=DONE + MINUTE)

    asking.refresh_from_db()
    assert (asking.ended_by, asking.promise.outcome) == ("heard", "released")
    assert case.promises.still_open().count() == 1


def test_an_honest_no_asks_nobody_for_whom_the_last_visit_was_missed(case):
    ask(case, now=DONE)
    want = _wants(case, "A new bin, please.", now=DONE)
    again = a_visit(case, now=DONE)
    ticks.tick(now=again.due_at + 3 * HOUR)

    _say_no(want, now=again.due_at + 4 * HOUR)

    assert not Asking.objects.filter(ended_at=None).exists()


def test_nor_is_anybody_whose_promise_the_company_finds(case):
    told = Told(words="We lay it for nothing.", source=Source.PAPER)
    claims.hear(case.pk, told, touch=None, by=a_person(), now=DONE)

    assert Asking.objects.get().ended_by == "not_fixed"
