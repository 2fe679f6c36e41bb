"""Curves become ranges, and ranges hold as often as they say."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import forecasts
from makegood.rules.forecasts import Forecast, forecast, ranges_of
from makegood.rules.pace import EDGES, STEPS
from makegood.rules.weekclock import DAY, HOUR, MONDAY, WEEK, even_clock

NOW = MONDAY + 2900 * WEEK
CLOCK = even_clock()
CHANCES = st.lists(st.floats(1e-6, 0.95), min_size=STEPS, max_size=STEPS)


def told(chances: np.ndarray, *, after: int = 60_000_000) -> Forecast:
    opened = np.full(len(chances), NOW)
    return forecast(chances, opened=opened, asked=opened + after, clock=CLOCK)


def exponential(days: float, count: int = 1) -> np.ndarray:
    """The chances of what takes so many days in the mean, whatever its age."""
    chances = -np.expm1(-np.diff(EDGES) / (days * DAY))
    return np.tile(np.clip(chances, 1e-6, 0.95), (count, 1)).astype(np.float32)


@given(CHANCES, st.integers(0, 400 * DAY))
def test_ranges_are_never_empty_inverted_or_before_the_ask(chances, after):
    found = ranges_of(told(np.array([chances], dtype=np.float32), after=after), shares=(0.8, 0.9))

    for one in found:
        if one.given[0]:
            assert after <= one.earliest[0] + 1
            assert one.earliest[0] < one.latest[0] < np.inf


@given(CHANCES, st.floats(0.05, 0.9), st.floats(0.01, 0.09))
def test_a_higher_level_lies_around_the_lower(chances, share, more):
    low, high = ranges_of(told(np.array([chances], dtype=np.float32)), shares=(share, share + more))

    assert low.given[0] or not high.given[0]
    if high.given[0]:
        assert high.earliest[0] <= low.earliest[0]
        assert high.latest[0] >= low.latest[0]


@given(CHANCES, st.floats(0.05, 0.95))
def test_a_range_holds_its_share_and_no_step_begins_a_shorter_one(chances, share):
    found = told(np.array([chances], dtype=np.float32))
    (one,) = ranges_of(found, shares=(share,))
    ages, done = found.ages[0], found.done[0]

    widths = [
        np.interp(done[i] + share, done, ages) - ages[i]
        for i in range(int(found.first[0]), STEPS)
        if done[i] + share <= done[-1] and done[i] < done[i + 1]
    ]

    assert one.given[0] == bool(widths)
    if widths:
        held = np.interp(one.latest[0], ages, done) - np.interp(one.earliest[0], ages, done)
        assert held == pytest.approx(share, abs=1e-6)
        assert one.latest[0] - one.earliest[0] <= min(widths) * (1 + 1e-6)


def test_what_has_no_memory_takes_as_long_again_at_any_age():
    (young,) = ranges_of(told(exponential(10.0)), shares=(0.8,))
    (old,) = ranges_of(told(exponential(10.0), after=30 * DAY), shares=(0.8,))

    took = -np.log(0.2) * 10 * DAY
    assert young.latest[0] == pytest.approx(took, rel=0.03)
    assert old.latest[0] - 30 * DAY == pytest.approx(took, rel=0.05)


def test_what_is_seldom_ever_done_gets_no_range():
    rare = np.full((1, STEPS), 1e-4, dtype=np.float32)

    (one,) = ranges_of(told(rare), shares=(0.8,))

    assert not one.given[0]


def test_many_requests_get_the_answers_that_each_would_get():
    chance = np.random.default_rng(1)
    many = chance.uniform(0.01, 0.3, (50, STEPS)).astype(np.float32)

    together = ranges_of(told(many), shares=(0.8, 0.9))

    for i in range(50):
        alone = ranges_of(told(many[i : i + 1]), shares=(0.8, 0.9))
        for one, other in zip(together, alone, strict=True):
            assert one.latest[i] == pytest.approx(other.latest[0], rel=1e-9)
            assert one.earliest[i] == pytest.approx(other.earliest[0], rel=1e-9)


def part(whole: forecasts.Given, some: slice) -> forecasts.Given:
    return forecasts.Given(
        opened=whole.opened[some],
        closed=whole.closed[some],
        ages=whole.ages[some],
        done=whole.done[some],
        starts=tuple((begin[some], done[some]) for begin, done in whole.starts),
    )


def a_log(
    *, meant: float, truly: float, count: int = 2000, days: int = 60
) -> list[forecasts.Given]:
    """Forecasts of one mean time, for what truly takes another."""
    chance = np.random.default_rng(2)
    opened = NOW - np.sort(chance.integers(5 * DAY, days * DAY, count))[::-1]
    closed = opened + (chance.exponential(truly, count) * DAY).astype(np.int64)
    found = forecast(
        exponential(meant, count), opened=opened, asked=opened + 60_000_000, clock=CLOCK
    )
    told_ = ranges_of(found, shares=(0.8, 0.9))
    return [forecasts.keep(found, np.arange(count), closed=closed, ranges=told_)]


@pytest.mark.parametrize(
    ("meant", "truly", "least", "most"),
    [(3.0, 3.0, 0.78, 0.82), (3.0, 6.0, 0.84, 0.87), (6.0, 3.0, 0.71, 0.77)],
)
def test_levels_are_set_by_how_ranges_have_held(meant, truly, least, most):
    shares = forecasts.shares_needed((0.8, 0.9), given=a_log(meant=meant, truly=truly), now=NOW)

    assert least <= shares[0] <= most
    assert shares[0] < shares[1] < 1


def test_without_earlier_forecasts_levels_are_taken_at_their_word():
    assert forecasts.shares_needed((0.8, 0.9), given=(), now=NOW) == (0.8, 0.9)


def test_old_forecasts_no_longer_tell_how_ranges_hold_where_younger_ones_do():
    old, young = (*a_log(meant=3.0, truly=6.0), *a_log(meant=3.0, truly=6.0))

    assert forecasts.still_telling([old, young], now=NOW) == (old, young)
    assert forecasts.still_telling([old, young], now=NOW + 200 * DAY) == (young,)


def test_a_thin_history_is_remembered_until_enough_of_it_tells():
    thin = a_log(meant=3.0, truly=6.0, count=600, days=1000)

    shares = forecasts.shares_needed((0.8, 0.9), given=thin, now=NOW)

    # Those of a usual half-life, nine, would move next to nothing.
    assert shares[0] > 0.84


def test_forecasts_kept_together_tell_what_they_tell_apart():
    (whole,) = a_log(meant=3.0, truly=6.0, count=1500)
    cuts = [0, 300, 650, 655, 1400, 1500]
    apart = [part(whole, slice(begin, end)) for begin, end in pairwise(cuts)]

    together: tuple[forecasts.Given, ...] = ()
    for one in apart:
        together = forecasts.with_more(together, one)

    assert [len(one.opened) for one in together] == [650, 750, 100]
    told_apart = forecasts.shares_needed((0.8, 0.9), given=apart, now=NOW)
    assert forecasts.shares_needed((0.8, 0.9), given=together, now=NOW) == told_apart


def test_a_young_history_is_looked_at_more_often():
    young = forecasts.next_look(NOW, since=NOW - HOUR) - NOW
    old = forecasts.next_look(NOW, since=NOW - 365 * DAY) - NOW

    assert (young, old) == (6 * HOUR, 7 * DAY)
