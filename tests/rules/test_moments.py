"""Moments in words: near and far, in the reader's zone, through the nights when clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import moments
from makegood.rules.moments import SkippedTimeError

LONDON = ZoneInfo("Europe/London")
PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # Monday, 13:00 in London
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


def test_a_moment_is_said_in_full_in_the_zone_of_the_reader():
    assert moments.in_words(NOON, zone=LONDON) == "13:00 on Monday 1 June 2026"
    assert moments.in_words(NOON, zone=PARIS) == "14:00 on Monday 1 June 2026"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(hours=-14), "yesterday"),
        (timedelta(0), "today"),
        (timedelta(hours=10, minutes=59), "today"),  # 23:59 in London
        (timedelta(hours=11), "tomorrow"),  # midnight in London, while UTC has an hour to go
        (timedelta(days=2), "on Wednesday 3 June"),
        (timedelta(days=-2), "on Saturday 30 May"),
        (timedelta(days=300), "on Sunday 28 March 2027"),
    ],
)
def test_days_are_near_by_the_readers_calendar(after, words):
    assert moments.day_near(NOON + after, now=NOON, zone=LONDON) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(minutes=1), "in 1 min"),
        (timedelta(minutes=22, seconds=59), "in 22 min"),
        (timedelta(minutes=60), "in 1 h"),
        (timedelta(minutes=190), "in 3 h 10 min"),
        (timedelta(hours=24), "in 1 day"),
        (timedelta(hours=52, minutes=30), "in 2 days 4 h"),
        (timedelta(days=9, hours=5), "in 9 days"),
        (timedelta(minutes=-22), "22 min ago"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_how_far_off_a_moment_is(gap, words):
    assert moments.relative(NOON + gap, now=NOON) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_nobody_is_told_that_there_is_more_time_than_there_is(gap):
    units = {"min": 1, "h": 60, "day": 1440, "days": 1440}
    words = moments.length(gap).split()
    said = sum(
        int(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True)
    )

    assert timedelta(minutes=said) <= gap


@pytest.mark.parametrize(
    ("whole_day", "words"),
    [(False, "by 18:00 tomorrow"), (True, "by the end of tomorrow")],
)
def test_a_due_time_and_a_due_day(whole_day, words):
    due = NOON + timedelta(days=1, hours=5)

    assert moments.by_in_words(due, now=NOON, zone=LONDON, whole_day=whole_day) == words


@pytest.mark.parametrize(
    ("opens", "closes", "whole_day", "words"),
    [
        (1, 4, False, "between 14:00 and 17:00 today"),
        (1, 25, False, "between 14:00 today and 14:00 tomorrow"),
        (48, 96, True, "between Wednesday 3 June and Friday 5 June"),
    ],
)
def test_a_window_opens_and_closes(opens, closes, whole_day, words):
    window = (NOON + timedelta(hours=opens), NOON + timedelta(hours=closes))

    assert moments.window_in_words(*window, now=NOON, zone=LONDON, whole_day=whole_day) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_a_span_is_cut_to_its_two_largest_units_and_never_grows(span):
    said = moments.rounded_down(span)
    whole = timedelta(days=said.days, hours=said.hours, minutes=said.minutes)

    assert whole <= span < whole + timedelta(days=1)
    assert sum(part > 0 for part in (said.days, said.hours, said.minutes)) <= 2


def test_an_hour_comes_twice_when_the_clocks_go_back():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    twice = [
        moments.comes_twice(first + timedelta(hours=hours), zone=LONDON) for hours in range(-1, 3)
    ]

    assert twice == [False, True, True, False]


def test_an_hour_that_comes_twice_names_its_side_of_the_change():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert moments.clock_in_words(first, zone=LONDON) == "01:30 BST"
    assert moments.clock_in_words(second, zone=LONDON) == "01:30 GMT"
    assert moments.clock_in_words(second + timedelta(hours=1), zone=LONDON) == "02:30"


def test_a_typed_time_that_comes_twice_is_its_first():
    wall = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - a wall time has no zone yet

    assert moments.from_wall(wall, zone=LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_typed_time_that_never_comes_is_refused():
    wall = datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001 - a wall time has no zone yet

    with pytest.raises(SkippedTimeError, match="01:30 does not come"):
        moments.from_wall(wall, zone=LONDON)


@given(MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_what_is_typed_is_what_is_shown(moment):
    wall = moment.astimezone(PARIS).replace(tzinfo=None)
    found = moments.from_wall(wall, zone=PARIS)

    assert found.astimezone(PARIS).replace(tzinfo=None) == wall
    assert moment - found in {timedelta(0), timedelta(hours=1)}


@pytest.mark.parametrize(
    ("key", "words"),
    [("Europe/London", "London time"), ("America/New_York", "New York time"), ("UTC", "UTC")],
)
def test_a_zone_is_named_by_its_place(key, words):
    assert moments.zone_in_words(ZoneInfo(key)) == words
