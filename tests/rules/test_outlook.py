"""What history says about one open request."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.rules.outlook import FARTHEST, Like, NoDate, chances, outlook

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def like(*, days_ago: float, took: float | None = None, kind: str = "bin") -> Like:
    known_at = NOW - days_ago * DAY
    done_at = None if took is None else known_at + took * DAY
    return Like(known_at=known_at, done_at=done_at, kind=kind, team=1)


def steady(count: int, *, mean: float = 3.0, seed: int = 1) -> list[Like]:
    chance = np.random.default_rng(seed)
    return [
        like(days_ago=float(ago), took=float(took))
        for ago, took in zip(
            chance.uniform(1, 120, count), chance.exponential(mean, count), strict=True
        )
    ]


def test_a_new_request_will_take_as_long_as_those_before():
    found = outlook(like(days_ago=0.01), history=steady(800), now=NOW)

    eighty, ninety = found.kept_by
    assert eighty - NOW == pytest.approx(-np.log(0.2) * 3 * DAY, rel=0.25)
    assert eighty < ninety
    assert found.within[0].latest <= found.within[1].latest
    assert found.no_date is None
    assert 700 < found.rests_on <= 800


def test_with_too_little_history_no_date_is_honest():
    found = outlook(like(days_ago=1), history=steady(10), now=NOW)

    assert found.no_date is NoDate.TOO_LITTLE_KNOWN
    assert found.within == ()
    assert found.kept_by == (None, None)
    assert found.rests_on <= 10


def test_of_what_is_hardly_ever_done_no_date_is_honest():
    never = [like(days_ago=ago) for ago in np.linspace(30, 300, 400)]
    soon = [like(days_ago=ago, took=1) for ago in np.linspace(30, 300, 30)]

    found = outlook(like(days_ago=1), history=[*never, *soon], now=NOW)

    assert found.no_date is NoDate.TOO_MANY_NEVER_DONE


def test_the_next_round_bounds_every_range():
    round_at = NOW + 20 * HOUR

    found = outlook(like(days_ago=0.1), history=steady(400), now=NOW, next_round=round_at)

    assert all(one.earliest <= one.latest <= round_at for one in found.within)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 200), st.integers(0, 300), st.floats(0.05, 40))
def test_no_answer_lies_in_the_past_or_the_wrong_way_round(days_ago, count, mean):
    found = outlook(like(days_ago=days_ago), history=steady(count, mean=mean), now=NOW)

    assert (found.no_date is None) == bool(found.within)
    for one in found.within:
        assert NOW - timedelta(seconds=1) <= one.earliest <= one.latest <= NOW + FARTHEST
    for by in found.kept_by:
        assert by is None or by > NOW - timedelta(seconds=1)


def test_what_is_closed_later_than_now_changes_nothing():
    history = steady(300)
    later = [like(days_ago=2, took=5), like(days_ago=1, took=30)]
    as_open = [like(days_ago=2), like(days_ago=1)]

    one = outlook(like(days_ago=3), history=[*history, *later], now=NOW)
    other = outlook(like(days_ago=3), history=[*history, *as_open], now=NOW)

    assert one == other


def test_chances_of_many_are_learned_at_once_and_agree_with_their_dates():
    asked = [like(days_ago=0.01), like(days_ago=2.0)]
    history = steady(800)
    by = [outlook(one, history=history, now=NOW).kept_by[0] for one in asked]

    found = chances(asked, by=by, history=history, now=NOW)

    assert found == pytest.approx((0.8, 0.8), abs=0.02)
    later = chances(asked, by=[NOW + HOUR] * 2, history=history, now=NOW)
    assert all(chance < 0.1 for chance in later)


def test_chances_are_not_told_from_too_little():
    assert chances([like(days_ago=1)], by=[NOW], history=steady(5), now=NOW) == (None,)
    assert chances([], by=[], history=steady(50), now=NOW) == ()
