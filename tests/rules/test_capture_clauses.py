"""Who acts, how surely and what, as capture reads a clause."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.capture import lexicon
from makegood.rules.capture.clauses import clause_signals, words_of
from makegood.rules.capture.needs import NEEDS, grouped, matching
from makegood.rules.capture.signals import PATTERNS

WORDS = [
    *sorted(lexicon.BETWEEN | lexicon.TRYING | lexicon.BE | set(lexicon.MODALS)),
    *("we", "you", "the", "crew", "call", "back", ",", "if", "not", "to", "?", "going", "no"),
]


@pytest.mark.parametrize(
    ("folded", "signal"),
    [
        ("we'll call you", "cm_will_we_later"),
        ("i will look into it", "cm_will_i_looked_into"),
        ("i'm going to check that", "cm_will_i_at_once"),
        ("the crew will come back", "cm_will_ours_later"),
        ("your bank will pay it", "cm_will_other_later"),
        ("the caller will ring again", "cm_will_customer_later"),
        ("your parcel should arrive", "cm_should_thing_later"),
        ("it will be repaired", "cm_will_later_passive"),
        ("we will be replacing it", "cm_will_later_progressive"),
        ("it will cost nothing", "cm_will_it_state"),
        ("we will not visit", "cm_not_will_we_later"),
        ("no appointments will be made", "cm_not_will_noun_later"),
        ("if we will visit", "cs_will_we_later"),
        ("bags that will be sent", "cr_will_relative_later"),
        ("will you visit?", "cm_will_q_bare"),
        ("we are sending a van", "cm_now_we_later"),
        ("it is to be collected", "cm_is_to_it_later"),
        ("the visit has been scheduled", "c_is_settled_thing"),
        ("we have booked a plumber", "c_have_settled_we"),
        ("we will do our best", "cm_will_we_best"),
        ("we will make sure of it", "cm_will_we_later"),
        ("we will try to call", "cm_will_we_later"),
        ("we can send it", "cm_can_we_later"),
    ],
)
def test_a_clause_is_read_by_who_acts_how_surely_and_what(folded, signal):
    assert signal in clause_signals(folded, is_dated=False)


@pytest.mark.parametrize("folded", ["it was scheduled", "it can be scheduled", "we called you", ""])
def test_what_is_not_settled_for_later_gives_no_such_signal(folded):
    found = clause_signals(folded, is_dated=False)

    assert not any("settled" in name for name in found)


def test_two_acts_of_one_subject_are_both_read():
    found = clause_signals("we will find the cause and will write to you", is_dated=False)

    assert {"verb_will_find", "verb_will_write", "cm_will_we_later"} <= found.keys()


def test_only_acts_of_this_minute_are_known_as_such():
    assert "c_only_at_once" in clause_signals("i will check that", is_dated=False)
    assert "c_only_at_once" not in clause_signals(
        "i will check that and will call you", is_dated=False
    )


def test_contractions_are_written_out():
    assert words_of("we'll see, it won't") == ["we", "will", "see", ",", "it", "will", "not"]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), st.booleans())
def test_any_words_in_any_order_can_be_read(folded, is_dated):
    found = clause_signals(folded, is_dated=is_dated)

    assert all(value == 1.0 for value in found.values())


SENTENCES = [
    *(
        "we will call you on friday",
        "your visit can be scheduled for tomorrow",
        "it is on our list",
    ),
    *("please allow three days", "he must pay", "the bank shall pay it", "it's due to arrive"),
    *("once you send it, i'll book it", "should you need help, call us", "no more of this"),
    *("this will help us", "they said that it may take a week", "we are sending it", "be there"),
]


@given(st.lists(st.sampled_from([*WORDS, *SENTENCES]), max_size=8).map(" ".join))
def test_what_a_pattern_needs_hides_nothing_that_it_would_find(folded):
    found = {name for name, pattern in PATTERNS.items() if re.search(pattern, folded)}

    assert set(matching(folded, grouped(PATTERNS))) == found


def test_what_is_needed_is_named_only_for_patterns_that_there_are():
    assert NEEDS.keys() <= PATTERNS.keys()
