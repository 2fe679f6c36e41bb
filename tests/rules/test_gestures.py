"""What a gesture waits for, and what is left of a budget."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import gestures
from makegood.rules.gestures import REFUSED, Budget, Lack

SUMS = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize("lack", sorted(set(Lack) - {Lack.NOTHING}))
def test_whatever_is_lacking_refuses_in_a_sentence_of_its_own(lack):
    with pytest.raises(REFUSED[lack]) as refused:
        gestures.check(lack)

    assert str(refused.value).endswith((".", "?"))
    assert len({kind.__doc__ for kind in REFUSED.values()}) == len(REFUSED)


def test_where_nothing_is_lacking_nothing_is_refused():
    gestures.check(Lack.NOTHING)


@given(most=SUMS, spent=SUMS)
def test_what_is_left_is_never_below_nothing_nor_above_the_budget(most, spent):
    room = Budget(per_period_minor=most, period_days=30, spent_minor=spent).room_minor

    assert 0 <= room <= most
    assert room == 0 or room + spent == most
