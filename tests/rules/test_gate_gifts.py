"""What is given in so many words: "we refund you" is a gift, what an ombudsman costs is none."""

from dataclasses import replace

import pytest

from gate_facts import CREDIT, FACTS, MACHINE, rules, verdict

NOTHING = replace(FACTS, sums=())
GIVEN = replace(FACTS, sums=(replace(CREDIT, is_credit=True),))


@pytest.mark.parametrize(
    "text",
    [
        "We refund you.",
        "We now refund the fee.",
        "I refund you the fare.",
        "We reimburse you for it.",
        "We pay you back.",
        "We pay your fare back.",
        "I am sorry for this, and we credit you.",
        "As it was our mistake, we refund it.",
    ],
)
def test_a_refund_that_is_given_as_it_is_said_needs_a_grant(text):
    assert rules(verdict(text, facts=NOTHING)) == {"NO_ENTITLEMENT"}
    assert rules(verdict(text, facts=NOTHING, speech=MACHINE)) == {"NO_ENTITLEMENT"}
    assert verdict(text, facts=GIVEN).passes


@pytest.mark.parametrize(
    "text",
    [
        "We do not refund postage.",
        "Do we refund you, or would you rather have another one?",
        "You asked that we refund you.",
        "Here is how we refund you.",
        "You get an e-mail when we refund the fee.",
        "We credit you with more patience than we deserved.",
    ],
)
def test_where_nothing_is_given_no_grant_is_needed(text):
    assert verdict(text, facts=NOTHING).passes
