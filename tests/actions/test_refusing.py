"""A "we cannot" about money is stopped where the one who says it may give it (law 6)."""

import pytest

from makegood.actions import gate
from makegood.actions.gate import Saying, StoppedError
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import Activity
from makegood.rules.wording.levels import HAS_AUTHORITY
from money_world import limits, may_give
from world import MONDAY, a_case, a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def laura():
    return a_person("Laura Bennett")


@pytest.fixture
def case(laura):
    return a_case(owner=laura)


def said(case, text: str, by):
    saying = Saying(text=text, speaker=Speaker.PERSON, channel=Channel.PHONE, by=by)
    return gate.check(case.pk, saying, now=MONDAY)


@pytest.mark.parametrize(
    "text",
    [
        "We cannot give you a refund.",
        "Unfortunately we are unable to offer you any compensation.",
        "I am not able to credit £20.00 to your bill.",
    ],
)
def test_who_may_give_money_cannot_say_that_it_cannot_be_given(laura, case, text):
    may_give(laura)

    verdict = said(case, text, laura)

    assert not verdict.passes
    assert any(HAS_AUTHORITY in finding.reason for finding in verdict.findings)


def test_the_words_are_stopped_as_they_leave_and_say_why(laura, case):
    may_give(laura)
    saying = Saying(
        text="We cannot refund you.", speaker=Speaker.PERSON, channel=Channel.PHONE, by=laura
    )

    with pytest.raises(StoppedError, match=HAS_AUTHORITY):
        gate.pass_or_stop(case.pk, saying, now=MONDAY)


@pytest.mark.parametrize(
    "text",
    [
        "I am not able to credit £80.00 to your bill.",  # more than she may give alone
        "We cannot waive the fee.",  # another activity
        "We cannot open the panel without the key.",  # not about money
        "I cannot refund it in cash, but I can credit your bill today.",  # an alternative
    ],
)
def test_what_is_true_or_about_something_else_passes(laura, case, text):
    may_give(laura)

    assert said(case, text, laura).passes


def test_a_fee_that_may_be_waived_is_not_said_to_stand(laura, case):
    may_give(laura, activity=Activity.WAIVER, held=limits(per_case=3_000))

    assert not said(case, "We cannot waive the late fee of £25.00.", laura).passes


def test_who_holds_no_authority_is_believed(laura, case):
    may_give(role="executive")

    assert said(case, "We cannot give you a refund.", laura).passes


def test_the_rest_of_the_text_is_no_sum_of_this_sentence(laura, case):
    may_give(laura)

    assert not said(case, "Your bill was £80.00. We cannot refund you.", laura).passes
