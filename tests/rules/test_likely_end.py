"""Where a conversation usually ends, and when nobody can say."""

from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.likely_end import FEWEST, End, likely


def ends(*amounts: int | None) -> list[End]:
    return [End(given=amount is not None, amount_minor=amount or 0) for amount in amounts]


def test_most_were_given_something_so_it_is_offered_first():
    found = likely(ends(2_000, 2_500, 9_000, None, 2_500))

    assert (found.cases, found.given, found.typical_minor) == (5, 4, 2_500)
    assert found.is_to_be_given


def test_with_too_few_cases_nothing_is_said():
    found = likely(ends(*[2_000] * (FEWEST - 1)))

    assert not found.is_known
    assert not found.is_to_be_given


def test_where_half_got_nothing_no_end_is_likely():
    assert not likely(ends(2_000, 2_000, 2_000, None, None, None)).is_to_be_given


def test_things_count_as_given_and_say_nothing_of_a_sum():
    found = likely(ends(0, 0, 0, 0, 0))

    assert (found.given, found.typical_minor, found.is_to_be_given) == (5, 0, False)


@given(st.lists(st.one_of(st.none(), st.integers(1, 10**6)), max_size=60))
def test_the_typical_sum_is_one_that_was_given_and_the_order_is_of_no_account(amounts):
    found = likely(ends(*amounts))

    sums = [amount for amount in amounts if amount]
    assert found.typical_minor in (sums or [0])
    assert likely(ends(*reversed(amounts))) == found
    assert found.given <= found.cases == len(amounts)
