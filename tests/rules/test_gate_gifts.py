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


@pytest.mark.parametrize(
    "text",
    [
        "You can take it to the Energy Ombudsman, at no cost for you.",
        "You can go to the ombudsman, which is free for you.",
        "The Ombudsman's service is free of charge.",
        "If you do not agree, the Housing Ombudsman will look at it for free.",
        "You may write to the regulator at no charge.",
        "Citizens Advice helps you free of charge.",
        "The Financial Ombudsman Service is a free service and independent of us.",
    ],
)
def test_what_an_ombudsman_costs_is_no_gift_of_ours(text):
    assert verdict(text, facts=NOTHING).passes
    assert verdict(text, facts=NOTHING, speech=MACHINE).passes


@pytest.mark.parametrize(
    "text",
    [
        "You can take it to the ombudsman, and your repair is free of charge.",
        "We pay the ombudsman, so the repair is free of charge.",
        "Go to the ombudsman if you like, we repair it free of charge.",
        "The ombudsman said that your repair is free of charge.",
        "The ombudsman's repair is free of charge.",
        "Our ombudsman gives you a new one for free.",
        "Thanks to the ombudsman it is free of charge for you now.",
        "You get it free of charge from us and from the ombudsman.",
        "Ask the ombudsman for the new one, free of charge.",
        "The ombudsman decided on a free month for you.",
        "You can take it to the ombudsman and get a full refund.",
    ],
)
def test_an_ombudsman_beside_a_gift_makes_it_no_less_ours(text):
    assert rules(verdict(text, facts=NOTHING, speech=MACHINE)) == {"NO_ENTITLEMENT"}
