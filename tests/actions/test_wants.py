"""What a customer wants becomes a promise or an honest no; until then nothing closes."""

from dataclasses import replace

import pytest

from asking import HOUR, a_call, a_case_put_right
from makegood.actions import cases, spoken, wants
from makegood.actions.contacts import Touch
from makegood.actions.gate import StoppedError
from makegood.actions.wants import HonestNo
from makegood.queries import verify
from makegood.records.models import Asking, Case, Direction, Message, Want, Withholding
from makegood.rules.promises import Channel
from makegood.rules.remedies import BeyondAuthorityError
from makegood.rules.wants import CannotForWillNotError, NoAlternativeError, WantAnsweredError
from money_world import may_give, some_terms
from world import MONDAY, a_person, a_word

pytestmark = pytest.mark.django_db

DONE = MONDAY + HOUR
NO = HonestNo(
    words="We do not send a crew at weekends.",
    instead="You can have a larger bin instead.",
    channel=Channel.PHONE,
)


@pytest.fixture
def case():
    return a_case_put_right()


def a_want(case, words="A Sunday round.", *, now=DONE) -> Want:
    touch = Touch(
        channel=Channel.PHONE, direction=Direction.INBOUND, at=now, note=words, staff=a_person()
    )
    return wants.take(case.pk, words, touch=touch, now=now)


def close(case, *, now=DONE) -> Case:
    yes = a_call(case, "It is right.", now=now, is_answer=True)
    return cases.close_case(case_id=case.pk, answer=yes, now=now)


def test_a_want_has_an_owner_and_an_answer_is_promised(case):
    want = a_want(case)

    assert want.contact.staff == a_person(), "who heard it stands beside the customer's words"
    answer = case.promises.still_open().latest("pk")
    assert "Laura Bennett answers what you want by" in answer.words
    assert Asking.objects.get().ended_by == "heard"


def test_what_is_promised_for_a_want_passes_the_gate(case):
    want = a_want(case)
    untrue = a_word(words="We refund you £500 by 19:00 today.", now=DONE)

    with pytest.raises(StoppedError):
        spoken.promise_wanted(want.pk, untrue, by=a_person(), now=DONE)

    want.refresh_from_db()
    assert want.promise is None


def test_a_promised_want_is_a_promise_like_any_other(case):
    want = a_want(case)
    word = a_word(words="I will call you by 19:00 today.", now=DONE)
    made = spoken.promise_wanted(want.pk, word, by=a_person(), now=DONE)

    want.refresh_from_db()
    assert want.promise == made
    assert made.judge_at is not None
    with pytest.raises(WantAnsweredError):
        wants.decline(want.pk, NO, by=a_person(), now=DONE)


def test_an_honest_no_is_said_with_its_alternative(case):
    want = wants.decline(a_want(case).pk, NO, by=a_person(), now=DONE)

    said = Message.objects.get(kind="honest_no")
    assert (want.declined_by, said.said_at) == (a_person(), DONE)
    assert said.words == "We do not send a crew at weekends. You can have a larger bin instead."
    assert verify.run() == []


@pytest.mark.parametrize(
    ("no", "refusal"),
    [
        (
            HonestNo(words="We can't.", instead="A larger bin is yours.", channel=Channel.PHONE),
            CannotForWillNotError,
        ),
        (HonestNo(words="We do not.", instead=" ", channel=Channel.PHONE), NoAlternativeError),
    ],
)
def test_a_no_that_is_none_changes_nothing(case, no, refusal):
    want = a_want(case)
    with pytest.raises(refusal):
        wants.decline(want.pk, no, by=a_person(), now=DONE)

    want.refresh_from_db()
    assert want.declined_at is None
    assert not Message.objects.filter(kind="honest_no").exists()


def test_money_that_one_could_give_is_refused_only_as_that(case):
    may_give(a_person())
    no = HonestNo(
        words="We do not pay for the time.", instead="A larger bin is yours if you like it.",
        channel=Channel.PHONE, sum=some_terms(), why="Paid last week already.",
    )  # fmt: skip
    wants.decline(a_want(case).pk, no, by=a_person(), now=DONE)

    held = Withholding.objects.get()
    assert (held.asked, held.amount_minor) == (True, 2_500)


def test_money_beyond_ones_authority_is_not_ones_own_to_refuse(case):
    want = a_want(case)
    no = HonestNo(
        words="We do not pay that.", instead="A larger bin is yours.", channel=Channel.PHONE,
        sum=some_terms(900_000), why="Too much.",
    )  # fmt: skip
    with pytest.raises(BeyondAuthorityError):
        wants.decline(want.pk, no, by=a_person(), now=DONE)

    want.refresh_from_db()
    assert want.declined_at is None


def test_whoever_says_that_all_is_right_lets_go_of_what_they_wanted(case):
    want = a_want(case)
    closed = close(case, now=DONE + HOUR)

    want.refresh_from_db()
    assert want.let_go_by == closed.closed_by_contact
    assert verify.run() == []


def test_a_want_after_the_end_opens_the_case_again(case):
    close(case)
    a_want(case, now=DONE + HOUR)

    case.refresh_from_db()
    assert case.closed_at is None
    assert case.promises.still_open().exists()
    assert case.timeline.filter(kind="case_reopened").exists()


def test_what_is_offered_instead_may_cost_nothing_since_it_is_offered_by_these_words(case):
    want = a_want(case)
    offer = "We swap yours for the larger one, free of charge."

    wants.decline(want.pk, replace(NO, instead=offer), by=a_person(), now=DONE)

    want.refresh_from_db()
    assert want.instead == offer


@pytest.mark.parametrize(
    "offer",
    [
        "You get a full refund.",
        "We give you £20.",
        "It is 20% off.",
        "It is 20 percent off.",
        "You are entitled to a rebate.",
        "You get three months free of charge.",
        "We have approved your claim.",
    ],
)
def test_money_is_granted_before_it_is_offered_instead(case, offer):
    want = a_want(case)
    with pytest.raises(StoppedError):
        wants.decline(want.pk, replace(NO, instead=offer), by=a_person(), now=DONE)


def test_what_is_offered_makes_nothing_true_in_the_no(case):
    want = a_want(case)
    no = replace(NO, words="We do not swap it. You are entitled to it, and the collection is free.")
    with pytest.raises(StoppedError):
        wants.decline(want.pk, no, by=a_person(), now=DONE)


def test_an_alternative_with_a_date_that_nobody_promised_does_not_leave(case):
    want = a_want(case)
    with pytest.raises(StoppedError):
        wants.decline(
            want.pk, replace(NO, instead="I bring you one on Friday."), by=a_person(), now=DONE
        )

    want.refresh_from_db()
    assert want.declined_at is None
