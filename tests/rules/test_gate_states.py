"""What is looked for first, because it is fast, stands in whatever a pattern of states finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.rules.gate import states


@pytest.mark.parametrize("place", range(len(states._PATTERNS)))
@settings(max_examples=examples(15))
@given(data=st.data())
def test_each_state_and_gift_holds_a_word_that_it_needs(place, data):
    state, pattern = states._PATTERNS[place]
    text = data.draw(st.from_regex(pattern.pattern))
    assert any(word in text for word in states._NEEDS[state]), text
    gift = states._GIFT[place % len(states._GIFT)][1]
    given_ = data.draw(st.from_regex(gift.pattern))
    assert any(word in given_ for word in states._GIFT_NEEDS), given_
    pledge = data.draw(st.from_regex(states._PLEDGE.pattern))
    assert any(word in pledge for word in states._PLEDGE_NEEDS), pledge
