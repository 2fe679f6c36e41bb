"""A time that is given up for another: the new one is said, and the two are no range."""

import pytest

from gate_facts import FRAME, MACHINE, at, rules, verdict
from makegood.rules.capture.promises import capture
from makegood.rules.gate import own_times
from makegood.rules.timewords import reading
from makegood.rules.timewords.changes import FORMER
from makegood.rules.wording.prose import fold

WEDNESDAY = FRAME.end_of(at(3, 12).date())


@pytest.mark.parametrize(
    ("words", "new", "old"),
    [
        ("We are moving your visit from Monday to Wednesday.", "Wednesday", "from Monday"),
        ("We have pushed it back from Monday to Wednesday.", "Wednesday", "from Monday"),
        ("We will come on Wednesday instead of Monday.", "on Wednesday", "Monday"),
        ("Instead of Monday, we will come on Wednesday.", "on Wednesday", "Monday"),
        ("We will come not on Monday but on Wednesday.", "on Wednesday", "on Monday"),
        ("We will no longer come on Monday but on Wednesday.", "on Wednesday", "on Monday"),
        ("We are not coming on Monday, but rather on Wednesday.", "on Wednesday", "on Monday"),
        ("We will not be with you on Monday but now Wednesday.", "Wednesday", "on Monday"),
        ("We will come on Wednesday, not Monday.", "on Wednesday", "Monday"),
        ("We will come on Wednesday rather than on Monday.", "on Wednesday", "on Monday"),
    ],
)
def test_the_new_day_is_promised_and_the_old_one_is_what_was(words, new, old):
    found = {one.words: one.kind for one in reading.find(fold(words), frame=FRAME)}
    [promised] = capture(words, frame=FRAME)

    assert found == {new: "moment", old: FORMER}
    assert (promised.due_words, promised.due) == (new, WEDNESDAY)
    assert own_times.said_when(words, frame=FRAME).due == WEDNESDAY


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("Your visit is brought forward from 5pm to 3pm today.", at(1, 15)),
        ("It was rescheduled from 5pm on Monday to 3pm on Wednesday.", at(3, 15)),
        ("We have changed your call from 10am to 2pm tomorrow.", at(2, 14)),
        ("We'll call you at 3pm instead of 5pm.", at(1, 15)),
    ],
)
def test_so_is_the_new_hour(words, due):
    assert [
        one.meaning.due for one in reading.find(fold(words), frame=FRAME) if one.kind != FORMER
    ] == [due]


@pytest.mark.parametrize(
    "words",
    [
        "We will work on your street from Monday to Wednesday.",
        "Your engineer will come between Monday and Wednesday.",
        "We will be with you from 3pm to 5pm.",
        "We changed the pump, and it will be tested from Monday to Wednesday.",
        "We have moved your visit to Wednesday 3 June from 8am to 12pm.",
        "We have moved your visit to tomorrow from 8am to 12pm.",
        "Your visit has been rescheduled for Wednesday 3 June from 08:00 to 12:00.",
        "Sorry for the delay: your visit is on Wednesday 3 June from 08:00 to 12:00.",
        "We changed one thing: your visit is on Wednesday 3 June from 08:00 to 12:00.",
        "Your delayed visit is on Wednesday 3 June from 8am to 12pm.",
        "We have extended our opening hours from 8am to 8pm on Saturday.",
        "The delayed works run from Monday to Wednesday.",
        "You can reach us after the change from 8am to 12pm on Saturday.",
    ],
)
def test_a_range_stays_a_range(words):
    [found] = reading.find(fold(words), frame=FRAME)

    assert found.kind == "moment"
    assert found.meaning.earliest < found.meaning.due


@pytest.mark.parametrize(
    "words",
    [
        "We have not forgotten you and we will come on Monday at 5pm but it may take a while.",
        "Don't worry your technician will be there on Monday at 5pm but please be in.",
        "It is not your fault: we will come on Monday at 5pm but it may take a while.",
        "We will come not only on Monday at 5pm but also on Wednesday.",
        "We will not only come on Monday at 5pm but also on Wednesday.",
        "We have not forgotten you and come on Monday at 5pm but on Wednesday as well.",
    ],
)
def test_a_time_that_no_other_is_said_for_stands(words):
    [first, *_] = reading.find(fold(words), frame=FRAME)
    [promised, *_] = capture(words, frame=FRAME)

    assert first.kind == "moment"
    assert promised.due == first.meaning.due == at(8, 17)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Your visit was moved from Wednesday to Monday.", {"LATER"}),
        ("We are moving your visit from Wednesday to Thursday.", {"LATER"}),
        ("We will come not on Wednesday but on Monday.", {"LATER"}),
        ("We will not come until Monday.", {"LATER"}),
        ("Our call is brought forward from 16:00 to 15:00 today.", {"EARLIER"}),
        ("Our call is brought forward from 17:00 to 16:00 today.", set()),
        ("We come between 08:00 and 12:00 on Wednesday 3 June, not on Monday.", set()),
        ("Sorry for the delay: your visit is on Wednesday 3 June from 08:00 to 12:00.", set()),
        ("Your delayed visit is on Wednesday 3 June from 8am to 12pm.", set()),
        ("Your visit is delayed to Friday.", {"LATER"}),
    ],
)
def test_the_gate_holds_the_new_time_against_what_is_promised(words, says):
    assert rules(verdict(words, speech=MACHINE)) == says


def test_a_visit_that_was_moved_is_said_with_its_hours():
    assert verdict("We have moved your visit to Wednesday 3 June from 8am to 12pm.").passes
    assert rules(verdict("We have moved your visit to Wednesday 3 June from 8am to 11am.")) == {
        "EARLIER"
    }


def test_days_after_the_week_that_something_was_moved_to_are_a_range():
    words = "We have moved the works to next week from Monday to Wednesday."

    assert FORMER not in {one.kind for one in reading.find(fold(words), frame=FRAME)}


def test_a_change_that_is_only_named_gives_no_promise_its_time():
    words = "We will come on Friday 5 June after the change from 8am to 12pm."

    assert [one.due for one in capture(words, frame=FRAME)] == [FRAME.end_of(at(5, 12).date())]
