"""Capture, due words and the gate on sentences that were judged before they were read by either."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bench.words_data import read_written

from gate_facts import MACHINE, verdict
from makegood.rules.capture.promises import capture
from makegood.rules.timewords.moment import Frame, Precision
from makegood.rules.timewords.reading import find
from makegood.rules.wording.prose import fold

LONDON = ZoneInfo("Europe/London")
# A Wednesday.
FRAME = Frame(now=datetime(2026, 6, 3, 10, tzinfo=UTC), zone=LONDON, day_first=True)
HEARD = Path(__file__).with_name("heard.txt")


def heard() -> list[tuple[bool, str, str | None]]:
    """Whether it is a promise, its text, and the words that say when."""
    found = []
    for line in HEARD.read_text().splitlines():
        if line.startswith("#"):
            continue
        mark, text = line.split(" ", maxsplit=1)
        when = re.search(r"\[([^]]*)\]", text)
        found.append((mark == "+", re.sub(r"[\[\]]", "", text), when[1] if when else None))
    return found


def test_nothing_that_was_heard_was_learned_from():
    learned = {fold(message.text).folded for message in read_written()}

    assert not [text for _, text, _ in heard() if fold(text).folded in learned]


def test_most_promises_are_found_in_the_manner_of_many_desks():
    pairs = [(bool(capture(text, frame=FRAME)), truth) for truth, text, _ in heard()]

    hit, false, missed = (
        pairs.count(pair) for pair in ((True, True), (True, False), (False, True))
    )
    assert 2 * hit / (2 * hit + false + missed) >= 0.84, (hit, false, missed)


def test_most_words_that_say_when_are_found_with_their_promise():
    found = [
        any(when.lower() in (one.due_words or "").lower() for one in promises)
        for _, text, when in heard()
        if when and (promises := capture(text, frame=FRAME))
    ]

    assert sum(found) / len(found) >= 0.86


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by close of play Thursday", "2026-06-04 23:59"),
        ("EOD tomorrow", "2026-06-04 23:59"),
        ("before close of business on Friday", "2026-06-05 23:59"),
        ("by EOB Friday", "2026-06-05 23:59"),
        ("before the weekend", "2026-06-05 23:59"),
        ("over the weekend", "2026-06-07 23:59"),
        ("by the end of next week", "2026-06-14 23:59"),
        ("next Thursday", "2026-06-11 23:59"),
        ("Thursday next week", "2026-06-11 23:59"),
        ("on Thursday week", "2026-06-11 23:59"),
        ("a week on Wednesday", "2026-06-17 23:59"),
        ("on Weds", "2026-06-10 23:59"),
        ("on Sat 6th", "2026-06-06 23:59"),
        ("w/c 8 June", "2026-06-14 23:59"),
        ("by 12.06.2026", "2026-06-12 23:59"),
        ("within a fortnight", "2026-06-17 23:59"),
        ("in 3-5 working days", "2026-06-10 23:59"),
        ("by Easter", "2027-03-28 23:59"),
        ("before Christmas", "2026-12-24 23:59"),
        ("on Good Friday", "2027-03-26 23:59"),
        ("by new year's eve", "2026-12-31 23:59"),
        ("within half an hour", "2026-06-03 11:30"),
        ("in three quarters of an hour", "2026-06-03 11:45"),
        ("within the hour", "2026-06-03 12:00"),
        ("at half past four", "2026-06-03 16:30"),
        ("by half four tomorrow", "2026-06-04 16:30"),
        ("by quarter to five", "2026-06-03 16:45"),
        ("by five o'clock", "2026-06-03 17:00"),
        ("at 14.30", "2026-06-03 14:30"),
        ("at 14h30", "2026-06-03 14:30"),
        ("at 9 sharp", "2026-06-04 09:00"),
        ("by 4 this afternoon", "2026-06-03 16:00"),
        ("before 10 tomorrow morning", "2026-06-04 10:00"),
        ("by 6 in the morning", "2026-06-04 06:00"),
        ("first thing tomorrow", "2026-06-04 10:00"),
        ("by lunchtime tomorrow", "2026-06-04 14:00"),
        ("Tues pm", "2026-06-09 17:00"),
        ("Saturday, 10 to noon", "2026-06-06 12:00"),
    ],
)
def test_the_words_of_a_desk_say_when(words, due):
    [said] = find(fold(f"We will call you {words}."), frame=FRAME)

    assert said.words == words
    assert said.meaning.due is not None
    assert f"{said.meaning.due.astimezone(LONDON):%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize("words", ["by bank holiday Monday", "as soon as we can", "in due course"])
def test_words_that_need_a_calendar_or_name_no_day_have_no_date(words):
    [said] = find(fold(f"We will call you {words}."), frame=FRAME)

    assert (said.meaning.due, said.meaning.precision) == (None, Precision.NONE)


@pytest.mark.parametrize(
    "text",
    [
        "We will check the meters one by one.",
        "One after one, the streets get their water back.",
        "They come in two by two.",
    ],
)
def test_what_is_done_one_by_one_is_not_done_by_one_oclock(text):
    assert not [one for one in find(fold(text), frame=FRAME) if one.meaning.due is not None]


def test_a_time_in_the_night_in_which_the_clocks_change_is_on_the_wall():
    night = Frame(now=datetime(2026, 10, 24, 20, tzinfo=UTC), zone=LONDON)

    [said] = find(fold("We will call you by 9am tomorrow."), frame=night)

    assert said.meaning.due == datetime(2026, 10, 25, 9, tzinfo=UTC)


MAY_BE_SAID = [
    "Laura will ring you by four o'clock this afternoon.",
    "We'll let you know what happens next before 4 this afternoon.",
    "Your appointment is on Wednesday 3 June, 8am to 12 noon.",
    "The visit on Wednesday morning, between 08:00 and 12:00, stands.",
    "If Wednesday does not suit you, choose another time on your page.",
    "Our lines are open from 8 to 6, Monday to Friday.",
    "Thank you for your letter of 20 May.",
    "We have not booked anything for Friday.",
    "You told us that you paid £60 for a taxi.",
    "It has not been repaired yet.",
    "You took a day off for nothing, and I am sorry for that.",
    "I have gone through your file.",
    "We are nearly there with your claim.",
    "Your form is complete.",
    "Please keep two days free.",
    "The drain was cleared on Sunday.",
]
MAY_NOT = [
    ("Our office is closed, so the engineer will be there on Tuesday.", "EARLIER"),
    ("Our lines are open until 8 and we will ring you by 5pm today.", "LATER"),
    ("You will have a call from 5pm today.", "LATER"),
    ("Laura will ring you by half past four.", "LATER"),
    ("We hope to have it done by Tuesday.", "EARLIER"),
    ("The engineer will be there first thing on Wednesday.", "EARLIER"),
    ("Your driver has left the depot.", "NO_STATE"),
    ("The engineer is just round the corner.", "NO_STATE"),
    ("The repair is complete.", "NO_STATE"),
    ("It was left with your neighbour.", "NO_STATE"),
    ("The refund has gone through.", "NOT_ARRIVED"),
    ("Your £25 has arrived.", "NOT_ARRIVED"),
    ("You won't pay a penny for the repair.", "NO_ENTITLEMENT"),
    ("You get a month free.", "NO_ENTITLEMENT"),
    ("You can have a new one for nothing.", "NO_ENTITLEMENT"),
    ("We have made sure that this cannot recur.", "NEVER_AGAIN"),
    ("You will never have this trouble again.", "NEVER_AGAIN"),
]


@pytest.mark.parametrize("text", MAY_BE_SAID)
def test_what_is_true_in_other_words_may_be_said(text):
    found = verdict(text)

    assert found.passes, found.objections


@pytest.mark.parametrize(("text", "rule"), MAY_NOT)
def test_what_is_not_true_in_other_words_is_stopped(text, rule):
    found = verdict(text, speech=MACHINE)

    assert rule in {one.rule.value for one in found.objections if one.stops}
