"""A text is folded with a way back, cut where it is too long, and never slow to check."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.timewords.moment import Frame
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Context
from makegood.rules.wording.prose import LONGEST, fold, sentences, without_quotes

FRAME = Frame(now=datetime(2026, 6, 3, 10, tzinfo=UTC), zone=ZoneInfo("Europe/London"))
PHRASES = st.lists(
    st.sampled_from(["you should have", "sorry if you", "soon", " ", "\n", '"', "\u2019", "ﬁ", "."])
    | st.text(max_size=8),
    max_size=25,
).map("".join)


def rules_of(text, **context):
    return {found.rule for found in check(text, context=Context(**context), frame=FRAME).findings}


@given(PHRASES)
def test_spans_lie_within_the_text_and_the_same_text_gives_the_same_findings(text):
    checked = check(text)
    assert all(0 <= found.start <= found.end <= len(text) for found in checked.findings)
    assert check(text) == checked


@given(st.text(max_size=200))
def test_folding_keeps_the_way_back(text):
    prose = fold(text)
    assert len(prose.folded) == len(prose.places)
    assert list(prose.places) == sorted(prose.places)
    assert len(without_quotes(text)) == len(text)


def test_sentences_end_at_stops_but_not_at_abbreviations():
    folded = fold("Mr. Lee calls. He rings at 5.30 pm! Is it late?").folded
    assert [folded[start:end] for start, end in sentences(folded)] == [
        "mr. lee calls.",
        "he rings at 5.30 pm!",
        "is it late?",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\U0001f600", "\x00", "...", '"', "{{legal}}"])
def test_almost_nothing_has_no_findings(text):
    assert check(text).findings == ()


def test_a_text_that_is_too_long_is_cut_and_says_so():
    text = "All is well. " * 2000
    [finding] = check(text).findings
    assert (finding.rule, finding.start, finding.end) == ("TOO_LONG", LONGEST, len(text))


@pytest.mark.parametrize(
    "piece",
    [
        "you ",
        "sorry ",
        "a ",
        "1-",
        "due to the ",
        "soon ",
        '"',
        "> ",
        "within 3 ",
        "{{legal}}",
        "once ",
    ],
)
def test_no_text_makes_it_slow(piece):
    began = time.process_time()
    check(piece * (LONGEST // len(piece)), context=Context(open_case=True), frame=FRAME)
    assert time.process_time() - began < 3


def test_an_open_case_wants_a_date_a_name_and_a_next_step():
    assert rules_of("It is being looked at.", open_case=True) == {"NO_DATE", "NO_OWNER", "NO_NEXT"}
    whole = "I will call you by 5pm on Friday. Ann"
    assert rules_of(whole, open_case=True, owner="Ann") == set()
    assert rules_of("It is being looked at.") == set()


def test_a_date_that_nobody_planned_is_an_overpromise():
    text = "We collect it tomorrow."
    assert rules_of(text, true_dates=(date(2026, 6, 4),)) == set()
    assert rules_of(text, true_dates=(date(2026, 6, 5),)) == {"OVERPROMISE"}
    assert rules_of(text) == set()
