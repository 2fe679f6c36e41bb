"""How long it takes: the Kaplan-Meier curve and the shortest range that holds a level."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import ranges

AGES = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


def curve(*ages: int, still_open: tuple[int, ...] = ()) -> ranges.Curve:
    left = np.array([*ages, *still_open], dtype=np.int64)
    closed = np.arange(len(left)) < len(ages)
    return ranges.curve_of(entered=np.full(len(left), -1), left=left, closed=closed)


@given(AGES)
def test_without_open_requests_the_curve_is_the_share_of_those_done(ages):
    found = curve(*ages)

    for age, done in zip(found.ages, found.done, strict=True):
        assert done == pytest.approx(sum(1 for a in ages if a <= age) / len(ages))


def test_an_open_request_counts_for_as_long_as_it_was_seen():
    # Freireich's leukaemia remissions, the textbook example: weeks, + marks those still well.
    found = curve(
        6, 6, 6, 7, 10, 13, 16, 22, 23,
        still_open=(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
    )  # fmt: skip

    assert found.ages.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert (1 - found.done).round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]


def test_a_request_watched_from_later_counts_only_from_then():
    # Two are watched from their opening, one from age 10: at 5 there are two, at 20 three less one.
    found = ranges.curve_of(
        entered=np.array([-1, -1, 10]),
        left=np.array([5, 20, 20]),
        closed=np.array([True, True, False]),
    )

    assert found.done.tolist() == [0.5, 0.75]


@given(AGES, AGES, st.randoms())
def test_the_order_of_requests_never_matters(ages, still_open, chance):
    mixed = [*ages]
    chance.shuffle(mixed)

    one, other = (
        curve(*ages, still_open=tuple(still_open)),
        curve(*mixed, still_open=tuple(still_open)),
    )

    assert one.ages.tolist() == other.ages.tolist()
    assert one.done.tolist() == pytest.approx(other.done.tolist())


@pytest.mark.parametrize(
    ("share", "age"), [(0.0, 1), (0.25, 1), (0.26, 2), (0.5, 2), (0.75, 3), (0.76, None)]
)
def test_the_age_by_which_a_share_is_done_is_unknown_beyond_the_history(share, age):
    assert curve(1, 2, 3, still_open=(9,)).age_by_which(share) == age


@pytest.mark.parametrize(
    ("level", "closings", "possible"),
    [(0.8, 8, False), (0.8, 9, True), (0.9, 18, False), (0.9, 19, True)],
)
def test_a_short_history_cannot_promise_a_high_level(level, closings, possible):
    found = ranges.shortest_range(curve(*range(closings)), level=level)

    assert (found is not None) == possible


def test_too_many_open_requests_leave_no_range():
    found = curve(*range(30), still_open=(100,) * 10)

    assert ranges.shortest_range(found, level=0.8) is None


def test_the_shortest_range_leaves_out_the_longer_tail():
    found = ranges.shortest_range(curve(*range(100, 200), *range(1000, 11000, 1000)), level=0.8)

    assert found is not None
    assert (found.earliest, found.latest) == (100, 189)


@given(st.lists(st.integers(0, 300), min_size=9, max_size=40), AGES)
def test_no_shorter_range_holds_as_much(ages, still_open):
    found = curve(*ages, still_open=tuple(still_open))
    needed = ranges.share_needed(0.8, closings=found.closings)
    before = dict(zip(found.ages.tolist(), [0.0, *found.done[:-1].tolist()], strict=True))
    upto = dict(zip(found.ages.tolist(), found.done.tolist(), strict=True))
    widths = [
        last - first
        for first in before
        for last in upto
        if upto[last] - before[first] >= needed - 1e-9
    ]

    here = ranges.shortest_range(found, level=0.8)

    assert (None if here is None else here.latest - here.earliest) == min(widths, default=None)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=60))
def test_a_higher_level_lies_around_the_lower(ages):
    found = ranges.nested_ranges(curve(*ages))

    assert [span.level for span in found] == list(ranges.LEVELS)[: len(found)]
    for inner, outer in itertools.pairwise(found):
        assert outer.earliest <= inner.earliest
        assert outer.latest >= inner.latest


@pytest.mark.parametrize("level", ranges.LEVELS)
@pytest.mark.parametrize("size", [30, 200])
@pytest.mark.parametrize("shape", ["steady", "waiting", "two ways"])
def test_ranges_hold_their_level_on_new_requests(level, size, shape):
    chance = np.random.default_rng(2026)
    draw = {
        "steady": lambda n: chance.exponential(1e6, n),
        "waiting": lambda n: chance.lognormal(14, 1.0, n),
        "two ways": lambda n: np.where(
            chance.random(n) < 0.5, chance.normal(1e6, 1e5, n), chance.normal(5e6, 1e6, n)
        ),
    }[shape]
    held = []
    for _ in range(200):
        past, coming = draw(size).astype(np.int64), draw(200)
        span = ranges.shortest_range(curve(*past.tolist()), level=level)
        assert span is not None
        held.append(np.mean((coming >= span.earliest) & (coming <= span.latest)))

    assert level - 0.035 <= np.mean(held) <= level + 0.03


def test_ranges_hold_although_the_slow_half_is_still_open():
    # Watching stops after a day: the naive shares of what was closed would be far too early.
    chance = np.random.default_rng(7)
    held, naive = [], []
    for _ in range(100):
        took = chance.exponential(1e6, 400)
        seen_for = chance.uniform(0, 4e6, 400)
        closed = took <= seen_for
        found = ranges.curve_of(
            entered=np.full(400, -1),
            left=np.minimum(took, seen_for).astype(np.int64),
            closed=closed,
        )
        span = ranges.shortest_range(found, level=0.8)
        assert span is not None
        coming = chance.exponential(1e6, 400)
        held.append(np.mean((coming >= span.earliest) & (coming <= span.latest)))
        naive.append(np.mean(coming <= np.quantile(took[closed], 0.8)))

    assert np.mean(held) == pytest.approx(0.8, abs=0.02)
    assert np.mean(naive) < 0.74


@given(AGES, st.integers(0, 1200), st.integers(0, 1200))
def test_of_those_that_reached_an_age_the_curve_tells_what_came_after(ages, age, later):
    found = curve(*ages).from_age(age)

    reached = [a for a in ages if a > age]
    if reached and later >= min(reached):
        by_then = found.done[np.searchsorted(found.ages, later, side="right") - 1]
        assert by_then == pytest.approx(sum(1 for a in reached if a <= later) / len(reached))
    assert found.closings == 0 or reached


@given(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(sorted),
    st.none() | st.integers(0, 1500),
    st.integers(0, 500),
)
def test_the_next_round_bounds_a_range_without_turning_it_round(ages, next_round, asked):
    earliest, latest = (asked + age for age in ages)
    span = ranges.AgeRange(level=0.8, earliest=earliest, latest=latest)

    found = ranges.bounded(span, next_round=next_round, asked=asked)

    assert asked <= found.earliest <= found.latest <= latest
    if next_round is not None and next_round >= asked:
        assert found.latest <= next_round
    else:
        assert found == span
