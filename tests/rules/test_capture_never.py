"""What promises nothing, whatever words of what is to come stand in it."""

import pytest

from gate_facts import BOT, FRAME, MACHINE, at, rules, verdict
from makegood.rules.capture.promises import capture
from makegood.rules.gate.facts import Facts


@pytest.mark.parametrize(
    "words",
    [
        "You said you will send us the form by Friday.",
        "He asked whether we will pay for the taxi.",
        "The customer says you will call him at five.",
        "We cannot promise that it will be fixed this week.",
        "Sorry, I can't tell you when the engineer will come.",
        "You should have received the parcel last Thursday.",
        "You should have received your parcel by now.",
        "You should have heard from us by 09:00 today.",
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


@pytest.mark.parametrize(
    "words",
    [
        "We cannot give you an exact time, but the engineer will be with you on Friday 5 June.",
        "We cannot give you an exact time, although somebody will be with you on Friday 5 June.",
        "We can't give you a time - the engineer comes on Friday 5 June.",
        "You asked when the engineer comes: he will be with you on Friday 5 June.",
        "You asked when the engineer comes: your visit is on Friday 5 June.",
        "He said he would be late, and the visit will be on Friday 5 June.",
        "You said you would be in, so your engineer will come on Friday 5 June.",
        "Those in flat 3 have to wait, your engineer will come on Friday 5 June.",
        "You should have received your parcel by Friday 5 June.",
        "You should have received your parcel by Friday.",
    ],
)
def test_whoever_acts_and_however_a_word_given_to_a_customer_goes_on_record(words):
    found = verdict(words, facts=Facts(), speech=BOT)

    assert found.passes
    assert [one.due.date() for one in found.new] == [at(5, 17).date()]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("We cannot give you an exact time, but you will hear from us by 17:00 today.", 1),
        ("We cannot give you an exact time, but you will get a call by 16:00 today.", 1),
        ("We cannot promise a date yet, but your refund will be paid by Friday 5 June.", 5),
    ],
)
def test_so_it_does_whatever_is_to_come(words, day):
    [promise] = capture(words, frame=FRAME)

    assert promise.due.date() == at(day, 17).date()


@pytest.mark.parametrize(
    "words",
    [
        "I cannot give you a date yet, but the engineer will visit you.",
        "We cannot promise a date, but your alarm will be repaired.",
    ],
)
def test_a_machine_may_not_promise_beside_what_it_cannot_say(words):
    assert rules(verdict(words, speech=MACHINE)) == {"VAGUER"}
    assert rules(verdict(words, facts=Facts(), speech=MACHINE)) == {"NO_PROMISE"}
