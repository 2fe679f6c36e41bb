"""What somebody types to find something, as words and as a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import sought


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  food   bin ", "food bin"),
        ("david.taylor@example.org", "david taylor example org"),
        ("9KKG-GSDV", "9KKG GSDV"),
        ("O'Brien", "OBrien"),
        ('"food bin" -garden', '"food bin" -garden'),
        ('-"left out"', '-"left out"'),
        ("washing-machine - broken", "washing machine broken"),
        ("a\x00b\ud800c", "a b c"),
        ("Mu\u0308ller", "Müller"),
        ("--", ""),
        ("", ""),
    ],
)
def test_words_are_what_stands_between_the_marks(typed, words):
    assert sought.read(typed).words == words


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("07700 900123", "07700 900123"),
        ("+44 (0)7700-900.123", "+44 (0)7700-900.123"),
        ("0770", "0770"),
        ("077", ""),
        ("order 4711", ""),
        ("12345 Springfield", ""),
    ],
)
def test_a_number_may_be_a_phone_s(typed, phone):
    assert sought.read(typed).phone == phone


@pytest.mark.parametrize(("typed", "short"), [("a", True), ("-- a", True), ("ab", False)])
def test_one_letter_is_not_worth_a_search(typed, short):
    assert sought.read(typed).is_too_short is short


@given(st.text())
def test_reading_twice_changes_nothing(typed):
    once = sought.read(typed)

    assert sought.read(once.typed) == once
    assert len(once.words) <= sought.LONGEST
