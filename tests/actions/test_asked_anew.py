"""What a customer wants or claims keeps the question back only until it has its answer."""

from datetime import timedelta

import pytest

from asking import HOUR, a_case_put_right, a_visit, ask, keep, the_question
from honour_world import a_claim
from makegood.actions import claims, wants
from makegood.actions.claims import Told
from makegood.actions.contacts import Touch
from makegood.actions.wants import HonestNo
from makegood.records.models import Asking, Direction, PromiseKind
from makegood.rules.claims import Source
from makegood.rules.promises import Channel
from world import MONDAY, a_case, a_person, a_word

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DONE = MONDAY + HOUR


@pytest.fixture
def case():
    return a_case_put_right()


def test_an_honest_no_lets_the_question_go_on():
    case = a_case()
    wish = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=MONDAY, note="A new bin?")
    want = wants.take(case.pk, "A new bin, please.", touch=wish, now=MONDAY)
    keep(a_visit(case), now=DONE)
    assert not Asking.objects.exists()

    no = HonestNo(words="We do not swap bins.", instead="We clean it.", channel=Channel.PHONE)
    wants.decline(want.pk, no, by=a_person(), now=DONE + MINUTE)
    assert the_question(case)


def test_who_wanted_something_when_asked_is_asked_anew_after_the_honest_no(case):
    ask(case, now=DONE)
    wish = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=DONE, note="A new bin?")
    want = wants.take(case.pk, "A new bin, please.", touch=wish, now=DONE)

    no = HonestNo(words="We do not swap bins.", instead="We clean it.", channel=Channel.PHONE)
    wants.decline(want.pk, no, by=a_person(), now=DONE + MINUTE)

    assert the_question(case).said_at is None


def test_and_after_what_they_wanted_was_done_whatever_it_was(case):
    ask(case, now=DONE)
    wish = Touch(channel=Channel.PHONE, direction=Direction.INBOUND, at=DONE, note="A bill?")
    want = wants.take(case.pk, "A bill, please.", touch=wish, now=DONE)
    word = a_word(kind=PromiseKind.OTHER, words="The bill comes by noon.", now=DONE)
    made = wants.promise(want.pk, word, by=a_person(), now=DONE)
    assert not Asking.objects.filter(ended_at=None).exists()

    keep(made, now=DONE + MINUTE)

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


def test_nor_is_anybody_whose_promise_the_company_finds(case):
    told = Told(words="We lay it for nothing.", source=Source.PAPER)
    claims.hear(case.pk, told, touch=None, by=a_person(), now=DONE)

    assert Asking.objects.get().ended_by == "not_fixed"
