"""What promises nothing, whatever words of what is to come stand in it."""

import pytest

from gate_facts import FRAME
from makegood.rules.capture.promises import capture


@pytest.mark.parametrize(
    "words",
    [
        "You said you will send us the form by Friday.",
        "He asked whether we will pay for the taxi.",
        "The customer says you will call him at five.",
        "We cannot promise that it will be fixed this week.",
        "Sorry, I can't tell you when the engineer will come.",
        "You should have received the parcel last Thursday.",
        "The crew would have come on Friday, had the part arrived.",
        "Customers who cancel within 14 days are entitled to a refund.",
    ],
)
def test_what_others_said_what_ought_to_have_been_and_what_all_get_is_no_promise(words):
    assert capture(words, frame=FRAME) == ()


@pytest.mark.parametrize(
    "words",
    [
        "You asked when we will come, and we will be with you by 5pm.",
        "I can't promise today, but I will call you by noon tomorrow.",
        "It should have come on Monday; we will deliver it by Friday.",
        "Customers who were cut off will receive a credit of £10 by Friday.",
        "You should have it by Friday.",
    ],
)
def test_what_is_promised_beside_it_is_a_promise(words):
    assert len(capture(words, frame=FRAME)) == 1
