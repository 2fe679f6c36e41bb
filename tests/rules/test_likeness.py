"""How alike two texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.likeness import ALIKE, likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Food bin not collected", "food bin was not collected again", True),
        ("Heizung fällt aus", "Heizung faellt aus", True),
        ("No heating", "Heating does not work", True),
        ("Food bin not collected", "Charged twice for May", False),
        ("", "anything", False),
    ],
)
def test_texts_about_the_same_thing_are_alike(one, other, alike):
    assert (likeness(one, other) >= ALIKE) is alike


@given(st.text(), st.text())
def test_likeness_lies_between_nothing_and_all_and_asks_both_alike(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


@given(st.text(alphabet="abc é", min_size=1).filter(str.strip))
def test_a_text_is_wholly_like_itself_in_any_case(text):
    assert likeness(text, text.upper()) == 1
