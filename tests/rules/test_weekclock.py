"""A clock that runs with the closings of a week."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import weekclock
from makegood.rules.weekclock import DAY, HOUR, MONDAY, WEEK

NOW = MONDAY + 2900 * WEEK


def closings(*hours: int, weeks: int = 20) -> np.ndarray:
    """Ten closings in each of some hours of the week, in the last weeks."""
    starts = NOW - np.arange(1, weeks + 1) * WEEK
    every = starts[:, None, None] + np.array(hours)[None, :, None] * HOUR
    return np.sort((every + np.arange(10)[None, None, :] * HOUR // 10).ravel())


OFFICE = closings(*(day * 24 + hour for day in range(5) for hour in range(8, 17)))


def test_weeks_are_counted_from_a_monday():
    assert datetime.fromtimestamp(MONDAY / 1e6, UTC).strftime("%A") == "Monday"


def test_without_a_history_the_clock_runs_evenly():
    clock = weekclock.learn_clock(np.zeros(0, dtype=np.int64), since=NOW, now=NOW)
    at = NOW + np.arange(0, 2 * WEEK, HOUR)

    assert np.diff(clock.shown(at)) == pytest.approx(HOUR)


def test_office_hours_pass_slowly_and_nights_and_weekends_quickly():
    clock = weekclock.learn_clock(OFFICE, since=NOW - 20 * WEEK, now=NOW)

    tuesday = NOW + DAY
    office = clock.shown(np.array([tuesday + 9 * HOUR, tuesday + 16 * HOUR]))
    night = clock.shown(np.array([tuesday + 20 * HOUR, tuesday + 27 * HOUR]))
    weekend = clock.shown(np.array([NOW + 5 * DAY, NOW + 7 * DAY]))
    assert np.diff(office)[0] > 20 * HOUR
    assert np.diff(night)[0] < 2 * HOUR
    assert np.diff(weekend)[0] < 8 * HOUR


@given(st.lists(st.integers(0, 4 * 7 * 86_400), min_size=1, max_size=50))
def test_a_week_is_a_week_and_the_clock_never_stands_still(offsets):
    clock = weekclock.learn_clock(OFFICE, since=NOW - 20 * WEEK, now=NOW)
    at = NOW + np.unique(np.array(offsets)) * (HOUR // 3600)

    shown = clock.shown(at)

    assert clock.shown(at + WEEK) - shown == pytest.approx(WEEK)
    assert (np.diff(shown) > 0).all()


@given(st.integers(0, 4 * WEEK))
def test_the_way_back_leads_to_the_same_moment(offset):
    clock = weekclock.learn_clock(OFFICE, since=NOW - 20 * WEEK, now=NOW)
    at = np.array([NOW + offset])

    assert clock.moments(clock.shown(at)) == pytest.approx(at, abs=2 * HOUR)


def test_what_was_closed_later_changes_nothing():
    later = np.concatenate([OFFICE, NOW + np.arange(100) * HOUR])

    one = weekclock.learn_clock(OFFICE, since=NOW - 20 * WEEK, now=NOW)
    other = weekclock.learn_clock(later, since=NOW - 20 * WEEK, now=NOW)

    assert (one.run == other.run).all()


def test_a_day_of_the_week_that_was_never_watched_runs_like_the_others():
    since = NOW - 3 * DAY  # Friday to Sunday
    closed = since + np.arange(0, 3 * DAY, HOUR // 4)

    clock = weekclock.learn_clock(closed, since=since, now=NOW)

    days = np.diff(clock.shown(NOW + np.arange(8) * DAY))
    assert days == pytest.approx(DAY, rel=0.25)
