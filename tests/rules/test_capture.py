"""The company's word is found in free text, with its quote, its kind and its time."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.capture.kinds import Kind
from makegood.rules.capture.model import shipped_weights
from makegood.rules.capture.promises import capture
from makegood.rules.timewords.moment import Frame, Precision

LONDON = ZoneInfo("Europe/London")
FRAME = Frame(now=datetime(2026, 6, 3, 9, tzinfo=UTC), zone=LONDON)
PIECES = [
    *("We will call you", "by 5pm", "tomorrow.", "A crew will return", "within 2 days.", "\n"),
    *("Would you like that?", "soon", '"', "\U0001f600", "refund", "If you confirm,"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("text", "kind", "due_words"),
    [
        ("We will call you back by 5pm.", Kind.CALLBACK, "by 5pm"),
        ("You will receive an update within 2 hours.", Kind.UPDATE, "within 2 hours"),
        ("The crew will return on Thursday to inspect it.", Kind.VISIT, "on Thursday"),
        ("We will come on Thursday.", Kind.VISIT, "on Thursday"),
        ("We will come to a decision by Thursday.", Kind.ANSWER, "by Thursday"),
        ("It will come on Thursday.", Kind.OTHER, "on Thursday"),
        ("We will collect it on the next scheduled trash day.", Kind.COLLECTION,
         "on the next scheduled trash day"),
        ("Your refund will be processed within 3-5 business days.", Kind.REFUND,
         "within 3-5 business days"),
        ("Will repair the lamp as soon as possible", Kind.REPAIR, "as soon as possible"),
        ("I will personally monitor the case and keep you informed.", Kind.UPDATE, None),
        ("Your visit has been scheduled for 3 July at 9:30.", Kind.VISIT, "for 3 July at 9:30"),
        ("The expected delivery date is 12 June.", Kind.DELIVERY, "12 June"),
        ("Once the part arrives we will call you.", Kind.CALLBACK, "Once the part arrives"),
        ("Mr Jones is going to bring the spare key on Sunday.", Kind.OTHER, "on Sunday"),
    ],
)  # fmt: skip
def test_a_promise_is_found_with_its_kind_and_its_words(text, kind, due_words):
    [found] = capture(text, frame=FRAME)
    assert (found.kind, found.due_words) == (kind, due_words)
    assert text[found.start : found.end] == found.quote


@pytest.mark.parametrize(
    "text",
    [
        "Would you like me to refund it?",
        "Could you tell me your order number?",
        "Let me check that for you now.",
        "One moment, please.",
        "We repaired the lamp yesterday.",
        "Thank you for telling us.",
        "Please send me your address.",
        "Once you confirm, I will book it.",
        "The technician visit can be scheduled for tomorrow. Which time suits you?",
        "If it happens again, please contact us, and we will look into it.",
        "I understand your delivery was scheduled for yesterday.",
        "I will investigate this matter for you.",
        "No more appointments will be made.",
        "The owner of the house will have to cut the hedge.",
        "I can start a search. This usually takes 2 days. Would you like me to go ahead?",
        "",
        "\U0001f600",
        "\x00\x00",
        "..." * 50,
    ],
)
def test_what_is_no_promise_is_not_taken_for_one(text):
    assert capture(text, frame=FRAME) == ()


def test_a_quoted_promise_is_not_ours():
    assert capture('You wrote: "I will call you tomorrow at five".', frame=FRAME) == ()


def test_the_due_time_is_resolved_where_the_customer_is():
    [found] = capture("We will call you by 5pm tomorrow.", frame=FRAME)
    assert found.due == datetime(2026, 6, 4, 17, tzinfo=LONDON)
    assert (found.earliest, found.precision) == (None, Precision.INSTANT)


def test_a_round_and_a_vague_word_have_no_date():
    [round_] = capture("We will collect it on your next collection day.", frame=FRAME)
    [vague] = capture("We will send you an update as soon as possible.", frame=FRAME)
    assert (round_.due, round_.precision) == (None, Precision.ROUND)
    assert (vague.due, vague.precision) == (None, Precision.NONE)


def test_how_long_it_takes_may_stand_in_the_next_sentence():
    text = "We will process your refund. It takes 3-5 business days."
    assert capture(text, frame=FRAME)[0].due_words == "3-5 business days"


@given(TEXTS)
def test_quotes_lie_in_the_text_and_dates_have_words(text):
    found = capture(text, frame=FRAME)
    assert found == capture(text, frame=FRAME)
    for one in found:
        assert text[one.start : one.end] == one.quote
        assert one.due is None or (one.due_words and one.due_words in text)
        assert one.due is None or one.earliest is None or one.earliest <= one.due


def test_each_shipped_weight_has_a_name_that_explains_it():
    weights = shipped_weights()
    assert all(re.fullmatch(r"[a-z_]+(?:-[a-z]+)?", name) for name in weights.signals)
    assert all(isinstance(value, float | int) for value in weights.signals.values())
    assert 0 < weights.threshold < 1
