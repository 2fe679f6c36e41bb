"""Two promises in one sentence: each is its own, with its own time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from makegood.rules.capture.promises import capture
from makegood.rules.timewords.moment import Frame

FRAME = Frame(now=datetime(2026, 11, 23, 9, tzinfo=UTC), zone=ZoneInfo("Europe/London"))


def said(text: str) -> list[tuple[str, str, str | None]]:
    return [(one.quote, one.kind.value, one.due_words) for one in capture(text, frame=FRAME)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We will call you and send a new router.",
            [("We will call you", "callback", None), ("send a new router", "delivery", None)],
        ),
        (
            "Hello. We will call you by 5pm and send a new router on Monday. Thank you.",
            [
                ("We will call you by 5pm", "callback", "by 5pm"),
                ("send a new router on Monday", "delivery", "on Monday"),
            ],
        ),
        (
            "We\u2019ll ring you tomorrow, and a technician will visit you on Friday.",
            [
                ("We\u2019ll ring you tomorrow", "callback", "tomorrow"),
                ("a technician will visit you on Friday", "visit", "on Friday"),
            ],
        ),
        (
            "We will collect the old fridge and deliver the new one on Wednesday.",
            [
                ("We will collect the old fridge", "collection", "on Wednesday"),
                ("deliver the new one on Wednesday", "delivery", "on Wednesday"),
            ],
        ),
        (
            "I will refund the fee by Friday, call you on Monday and send a new router.",
            [
                ("I will refund the fee by Friday, call you on Monday", "refund", "by Friday"),
                ("send a new router", "delivery", None),
            ],
        ),
    ],
)
def test_what_follows_an_and_is_a_promise_of_its_own(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We will look into it and get back to you by Friday.",
        "We will come and see you on Friday.",
        "Our engineer will come out tomorrow and fix the boiler.",
        "I'll refund the fee and email you a confirmation by Friday.",
        "We will call you by 5pm and let you know what happens.",
        "We will call you by 5pm and send an email.",
        "We will call you by 5pm and tomorrow.",
        "We will call you if it fails again and send a new router by Friday.",
        "We will not call you and send a new router by Friday instead.",
    ],
)
def test_one_act_in_two_words_is_one_promise(text):
    assert len(said(text)) <= 1


def test_the_place_of_each_is_where_it_stands():
    text = "Sorry! We will call you by 5pm and send a new router on Monday."

    for one in capture(text, frame=FRAME):
        assert text[one.start : one.end] == one.quote
