"""What the words of a promise say of its time, and whether that is the time recorded for it."""

from datetime import timedelta

import pytest

from gate_facts import FACTS, FRAME, NEWS, NOW, at, verdict
from makegood.rules.capture.kinds import Kind
from makegood.rules.gate import own_times
from makegood.rules.gate.facts import HEARING, Facts, Window
from makegood.rules.gate.objections import Rule
from makegood.rules.timewords.moment import Precision

END_OF_TODAY = FRAME.end_of(FRAME.today)


def own(due, *, is_day: bool = False, earliest=None) -> Window:
    return Window(
        key="promise:new", kinds=frozenset({Kind.CALLBACK}), due=due, earliest=earliest,
        is_day=is_day, since=NOW, is_own=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("I will call you within half an hour.", 30),
        ("We'll ring you in a quarter of an hour.", 15),
        ("Your driver will be there in an hour and a half.", 90),
        ("You will hear from me in three quarters of an hour.", 45),
        ("I will call you back within 20 minutes.", 20),
        ("Call back in 10 mins", 10),
    ],
)
def test_a_span_of_time_is_taken_from_the_words(words, after):
    said = own_times.said_when(words, frame=FRAME)

    assert said is not None
    assert (said.due, said.precision) == (NOW + timedelta(minutes=after), Precision.INSTANT)


@pytest.mark.parametrize(
    "words",
    [
        "I will see to it.",
        "We call you at 15:00, and the engineer comes on Friday.",
        "I called you yesterday at 15:00.",
        "Wir rufen Sie morgen um 15:00 Uhr an, und dann sehen wir weiter.",
        "We will see to it as soon as possible.",
    ],
)
def test_no_time_several_or_another_language_leave_it_open(words):
    assert own_times.said_when(words, frame=FRAME) is None


def test_a_span_within_the_day_is_more_than_the_end_of_the_day():
    said = own_times.other_time(
        "I will call you within half an hour.", own(END_OF_TODAY, is_day=True), frame=FRAME
    )

    assert said is not None
    assert said.due == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ("I will call you by 16:00 today.", own(at(1, 16))),
        ("I will call you today.", own(at(1, 16))),
        ("I will call you.", own(at(1, 16))),
        ("I will call you by 16:00 to agree on a visit on Friday.", own(at(1, 16))),
        ("If you would rather have Friday, tell me. I will call you today.", own(at(1, 16))),
        ("We come on Wednesday 3 June.", own(FRAME.end_of(at(3, 12).date()), is_day=True)),
        ("We come within 3 days.", own(FRAME.end_of(at(4, 12).date()), is_day=True)),
    ],
)
def test_words_that_say_the_same_or_less_agree(words, window):
    assert own_times.other_time(words, window, frame=FRAME) is None


def test_a_true_time_of_another_promise_does_not_cover_for_ones_own():
    facts = Facts(windows=(NEWS, own(at(1, 18))), next_word=FACTS.next_word)

    found = verdict("You will hear from Laura by 16:00 today.", facts=facts)

    assert [one.rule for one in found.objections] == [Rule.OTHER_TIME]
    assert not found.passes


@pytest.mark.parametrize(
    "words",
    [
        "We will tell you more by 16:00 today.",
        "We will tell you by 16:00 today how far we are.",
        "At 16:00 today we will tell you whether it works.",
    ],
)
def test_when_they_are_told_is_when_they_hear(words):
    assert own_times.said_when(words, frame=FRAME, of=HEARING).due == at(1, 16)


@pytest.mark.parametrize(
    "words",
    [
        "We are happy to tell you that water will be back by 18:00 today.",
        "I can tell you that your engineer will come by 18:00 today.",
        "I am glad to tell you your parcel will be delivered by 18:00 today.",
    ],
)
def test_what_somebody_is_told_now_is_no_word_of_when_they_hear(words):
    assert own_times.said_when(words, frame=FRAME, of=HEARING) is None


def test_a_visit_that_is_told_now_rests_on_no_promise_of_news():
    found = verdict("I am pleased to tell you that your engineer will come by 16:00 today.")

    assert not found.passes
    assert not found.bound
