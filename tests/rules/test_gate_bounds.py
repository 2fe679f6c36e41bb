"""However a text is made, the gate answers soon, and what it did not read does not leave."""

from time import process_time

import pytest

from gate_facts import BOT, FRAME, MACHINE, rules, verdict
from makegood.rules.gate.slots import speaks_ahead
from makegood.rules.gate.things import MOST_IN_A_SENTENCE, MOST_IN_A_TEXT
from makegood.rules.wording.prose import LONGEST

# Seconds of work; the slowest took minutes once, and half a second now.
LONG = 4
REPEATED = (
    "£7 , ",
    "£7 ",
    "£7. ",
    "by 5pm, ",
    "By 5pm. ",
    "we will call you by 5pm and ",
    "it is fixed, ",
    "you are entitled to a refund, ",
    "if we come at 5pm ",
    'you said "we come at 5pm" ',
    "> a\n",
    "({[",
    "monday to ",
    "hundred and ",
    "wir kommen morgen um 17 uhr, ",
    "7 € und ",
    "\u200d",
    ";",
)


@pytest.mark.parametrize("unit", REPEATED)
def test_no_text_keeps_the_gate_for_long(unit):
    text = (unit * LONGEST)[:LONGEST]

    begun = process_time()
    verdict(text, speech=BOT)

    assert process_time() - begun < LONG


def test_a_sentence_of_more_than_can_be_looked_at_is_stopped_with_what_may_be_said():
    true = "£25, " * MOST_IN_A_SENTENCE

    assert verdict(f"On your account will be {true}and that is it.").passes
    found = verdict(f"On your account will be {true}£25 and that is it.", speech=MACHINE)

    assert rules(found) == {"TOO_MANY"}
    assert found.instead == "You will hear from Laura Bennett by 16:00 today."


def test_a_sentence_that_was_not_read_takes_nothing_from_its_neighbours():
    crowd = "by 4pm, " * (MOST_IN_A_SENTENCE + 1)

    assert rules(verdict(f"We will call you {crowd}. We credited £99.")) >= {"TOO_MANY", "NO_SUM"}


@pytest.mark.parametrize("true", ["£25 will be on your account.", "25 € kommen auf Ihr Konto."])
def test_what_follows_the_most_that_a_text_may_state_is_stopped_unread(true):
    assert rules(verdict(f"{true} " * (MOST_IN_A_TEXT + 1))) >= {"TOO_MANY"}


def test_a_template_of_more_than_can_be_read_needs_a_truth():
    assert speaks_ahead("£7, " * (MOST_IN_A_SENTENCE + 1), frame=FRAME)
