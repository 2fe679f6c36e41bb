"""The gate on what companies of six trades write: half of it true of the case, half of it not."""

from dataclasses import replace
from pathlib import Path

import pytest

from gate_facts import FRAME, MACHINE, NOW, VISIT, at, rules, verdict
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate import theirs
from makegood.rules.gate.facts import Facts, Window
from outgoing_cases import CASES

OUTGOING = Path(__file__).with_name("outgoing.txt")
MORNING = (
    "Morning! Your engineer visit is set for Wednesday 3 June, 8am-12pm, and you can change it "
    "any time on your page."
)
UNDATED = "Gareth Hughes is in charge of this and will make sure that you're told."
KNOWN = {
    UNDATED,  # vaguer than the two times that are promised; a person would let it pass
    "Expect the lights back on any minute.",
    "You'll have it by 6pm tomorrow, between 2 and 6.",
    MORNING,
}
"""What is still judged wrongly."""


def outgoing() -> list[tuple[str, str, bool]]:
    """The trade, the text, and whether it may be said."""
    found, trade = [], ""
    for line in OUTGOING.read_text().splitlines():
        if line.startswith("["):
            trade = line.strip("[]")
        elif not line.startswith("#"):
            found.append((trade, line[2:], line[0] == "+"))
    return found


@pytest.mark.parametrize("trade", CASES)
def test_what_companies_write_is_said_or_stopped_as_it_is_true_or_not(trade):
    wrong = {
        text
        for of, text, is_true in outgoing()
        if of == trade and verdict(text, facts=CASES[trade], speech=MACHINE).passes is not is_true
    }

    assert wrong == {text for of, text, _ in outgoing() if of == trade and text in KNOWN}


def test_half_of_what_is_judged_may_be_said():
    judged = [is_true for _, _, is_true in outgoing()]

    assert (len(judged), sum(judged)) == (192, 96)


def test_a_person_is_asked_about_the_owner_only_where_a_name_is_spelled_as_one():
    assert verdict("Our engineers are working on this case.").passes
    assert verdict("A neighbour of yours has your file.").passes
    assert rules(verdict("Mike has your case.")) == {"NOT_OWNER"}
    assert rules(verdict("The person who has this case is Mike.")) == {"NOT_OWNER"}


def test_what_is_promised_beside_something_else_is_judged_by_its_own_rule():
    said = {
        "Please note that an engineer will be with you before Wednesday.": "EARLIER",
        "Other companies charge £70, but you will get £90 from us.": "NO_SUM",
        "Nothing is lost: we will call you.": "VAGUER",
    }

    assert {text: rules(verdict(text, speech=MACHINE)) for text in said} == {
        text: {rule} for text, rule in said.items()
    }


def test_a_person_bears_witness_of_whom_they_told_and_a_machine_does_not():
    said = "We have told the network team about the fault at your address."

    assert verdict(said).passes
    assert not verdict(said, speech=MACHINE).passes


def test_the_clause_of_words_is_looked_for_near_them_however_long_their_sentence_is():
    lead = "normally each £7 , and " * 800

    first, last = theirs._own_clause(lead, len(lead) // 2, len(lead) // 2 + 2)

    assert last - first <= 2 * theirs._CLAUSE_LENGTH + 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("We'll be there 8-12 on Wednesday 3 June.", set()),
        ("We'll be there 8 to 11 on Wednesday 3 June.", {"EARLIER"}),
        ("We will be with you from 8 to 12 on Wednesday 3 June.", set()),
        ("We will be with you from 8 to 11 on Wednesday 3 June.", {"EARLIER"}),
        ("Your visit is 8-12 on Wednesday 3 June.", set()),
        ("No visit is planned for Monday.", set()),
        ("No doubt the visit is planned for Monday.", {"LATER"}),
    ],
)
def test_hours_before_a_day_and_what_is_not_planned(words, says):
    assert rules(verdict(words, speech=MACHINE)) == says


@pytest.mark.parametrize(
    "words",
    [
        "No signature is needed when we deliver on Friday at 17:00.",
        "No delay is expected for your visit at 17:00 today.",
        "No changes are planned to your appointment on Friday at 17:00.",
        "No one is needed at home for your visit on Friday 5 June at 5pm.",
        "No further payment is due before your engineer comes on Friday 5 June at 5pm.",
        "No visit is planned before Friday at 17:00.",
    ],
)
def test_what_is_not_needed_or_due_denies_no_time_that_follows(words):
    assert rules(verdict(words, facts=Facts())) == {"NO_PROMISE"}


@pytest.mark.parametrize(
    "words",
    [
        "No visit is planned for Friday at 17:00.",
        "No call is scheduled on Friday 5 June.",
        "No deliveries are booked today.",
        "No engineer has been booked for tomorrow.",
    ],
)
def test_what_is_planned_for_no_time_promises_none(words):
    assert "NO_PROMISE" not in rules(verdict(words, facts=Facts()))


@pytest.mark.parametrize(
    "words",
    [
        "We cannot say more until Friday.",
        "We will not know more until Friday.",
        "I can't promise anything until Friday.",
        "We will not charge you anything until Friday.",
        "We will not start charging you until Friday.",
        "We will not close your case until Friday at 5pm.",
        "We will not disconnect you until Friday 5 June.",
        "We won't pay you anything until Friday.",
    ],
)
def test_what_will_not_be_said_or_done_until_a_day_promises_nothing(words):
    assert verdict(words, speech=MACHINE).passes


@pytest.mark.parametrize(
    "words",
    [
        "We will not come to you until Friday.",
        "The engineer won't be with you until Friday.",
        "Your parcel will not be delivered until Friday.",
        "We will not be able to start work until Friday.",
        "We can't repair your boiler until Friday.",
    ],
)
def test_who_will_not_come_until_a_day_says_when_they_come(words):
    assert not verdict(words, speech=MACHINE).passes


@pytest.mark.parametrize(
    "things", ["the bins of numbers 8 to 12", "bags 1 to 3", "bins 1 and 2", "from flats 3-5"]
)
def test_numbers_of_things_before_a_day_are_no_hours(things):
    day = Window(
        key="promise:3",
        kinds=frozenset({Kind.COLLECTION}),
        earliest=at(3, 0),
        due=FRAME.end_of(at(3, 12).date()),
        is_day=True,
        since=NOW,
    )

    words = f"We will collect {things} on Wednesday 3 June."

    assert verdict(words, facts=Facts(windows=(day,)), speech=MACHINE).passes


@pytest.mark.parametrize(
    "words",
    [
        "We will be with you 1-5 on Wednesday 3 June.",
        "We will be with you from 1 to 5 on Wednesday 3 June.",
        "We will be with you on Wednesday 3 June, 1 to 5.",
    ],
)
def test_small_hours_beside_a_day_are_in_the_afternoon(words):
    afternoon = replace(VISIT, earliest=at(3, 13), due=at(3, 17))

    assert verdict(words, facts=Facts(windows=(afternoon,)), speech=MACHINE).passes
