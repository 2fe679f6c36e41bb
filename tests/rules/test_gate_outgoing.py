"""The gate on what companies of six trades write: half of it true of the case, half of it not."""

from pathlib import Path

import pytest

from gate_facts import MACHINE, verdict
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

    assert (len(judged), sum(judged)) == (168, 84)


def test_a_person_bears_witness_of_whom_they_told_and_a_machine_does_not():
    said = "We have told the network team about the fault at your address."

    assert verdict(said).passes
    assert not verdict(said, speech=MACHINE).passes
