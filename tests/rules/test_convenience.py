"""When a visit suits a customer: what is ticked becomes hours, and back."""

from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.convenience import DAYS, DayPart, hours_of, read_tick, ticks_of

TICKS = st.frozensets(st.tuples(st.integers(0, DAYS - 1), st.sampled_from(DayPart)))


@given(TICKS)
def test_what_was_ticked_is_read_back_as_it_was_ticked(ticks):
    assert ticks_of(hours_of(ticks)) == ticks


def test_nothing_ticked_is_any_time_and_no_hours():
    assert hours_of([]) == []


def test_hours_that_are_no_whole_part_of_a_day_tick_nothing():
    week = [[[540, 600]], [], [], [], [], [], []]

    assert ticks_of(week) == frozenset()


def test_hours_that_meet_count_as_one():
    week = [[[480, 600], [600, 720]], [], [], [], [], [], []]

    assert ticks_of(week) == {(0, DayPart.MORNING)}


@given(st.text(max_size=20))
def test_whatever_a_form_sends_is_a_tick_or_nothing(given_):
    found = read_tick(given_)

    assert found is None or f"{found[0]}-{found[1]}" == given_
