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
        "We credit your account with the full fare.",
        "We credit your account with what you paid.",
        "We credit you with the fare.",
        "We credit the fare to your card.",
        "We fully refund your fare.",
        "We hereby refund you.",
        "We therefore refund you the fare.",
        "We happily refund the fare.",
        "I refund every penny.",
        "I refund half of it.",
        "We repay you.",
        "We give you the fare back.",
        "We give you back your fare.",
        "You paid the fare, which we refund you.",
        "You had a long wait, for which we refund you.",
        "We do refund the fare.",
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
        "You get an e-mail as soon as we refund the fee.",
        "How fast we refund you depends on your bank.",
        "The day on which we refund you is not known yet.",
        "Where we refund your fare, we say so.",
        "Whenever we refund your fare, we say so.",
        "While we refund you, the fare stays on your bill.",
        "I credit your team for it.",
        "We credit your patience.",
        "We compensate the driver.",
        "We reimburse the council.",
        "We refund all who ask.",
        "I credit it to your patience.",
        "We give you the key back.",
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
        "You may write to your local Trading Standards at no charge.",
        "Citizens Advice helps you free of charge.",
        "The Financial Ombudsman Service is a free service and independent of us.",
        "You can contact the Energy Ombudsman free of charge on 0330 440 1624.",
        "The Ombudsman can look at your complaint free of charge.",
        "If we cannot agree, you can always ask the Rail Ombudsman for free.",
        "Using the ombudsman is free of charge.",
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


@pytest.mark.parametrize(
    "text",
    [
        "Your new pressure regulator is free of charge.",
        "The gas regulator is free of charge.",
        "Your valve and regulator is free of charge.",
        "Your replacement pressure regulator is a free service.",
        "You can contact the regulator supplier free of charge.",
        "Your visit by a conciliator is free of charge.",
        "Your repair by the arbitrator is free of charge.",
        "Your repair by the ombudsman is free of charge.",
        "Your energy and ombudsman is free of charge.",
        "An engineer and a mediator helps you for free.",
        "An engineer and Citizens Advice helps you for free.",
        "An engineer, Citizens Advice helps you for free.",
        "Your new meter from the Energy Ombudsman is free of charge.",
        "We repair it and send it to the regulator free of charge.",
        "We repair it and send it to the Ombudsman free of charge.",
        "We repair it, take it to the Ombudsman free of charge.",
        "The engineer can take it to Trading Standards free of charge.",
        "Like your repair, the Ombudsman is free of charge.",
        "The Ombudsman is free of charge, as is your repair.",
        "The Ombudsman is free of charge; so is your repair.",
        "You can ask the Ombudsman for free, and your repair is too.",
        "The Ombudsman is free of charge and independent, like your repair.",
    ],
)
def test_what_only_sounds_like_somebody_outside_is_a_gift_of_ours(text):
    assert "NO_ENTITLEMENT" in rules(verdict(text, facts=NOTHING, speech=MACHINE))
