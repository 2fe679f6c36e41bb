"""Calendars: what is refused when one is made, and how wall times become instants."""

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.calendars import (
    Calendar,
    CalendarError,
    CalendarRunsOutError,
    Interval,
    always_open,
    at_wall_time,
    from_plain,
    instant,
    local,
    open_windows,
    runs_out_within,
    windows_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = (Interval(opens=540, closes=1020),)
ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/Havana",  # changes at midnight
        "America/St_Johns",  # went back at one minute past midnight until 2011
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "UTC",
    ]
).map(ZoneInfo)


def wall_time(text):
    return datetime.fromisoformat(text)


WALL_TIMES = st.datetimes(wall_time("2000-01-01"), wall_time("2030-01-01"))


def calendar_of(*week, **changes):
    days = week or ((NINE_TO_FIVE,) * 5 + ((), ()))
    values = {"name": "office", "zone": BERLIN, "week": days, "known_until": date(2026, 12, 31)}
    return Calendar(**values | changes)


@pytest.mark.parametrize(
    ("opens", "closes"), [(540, 540), (600, 540), (-1, 60), (0, 1441), (1440, 1440)]
)
def test_an_empty_or_backward_or_impossible_interval_is_refused(opens, closes):
    with pytest.raises(CalendarError, match="must open before it closes"):
        Interval(opens=opens, closes=closes)


def test_an_interval_may_end_at_twenty_four_hundred():
    assert str(Interval(opens=0, closes=1440)) == "00:00-24:00"


def test_overlapping_intervals_are_refused_naming_the_day():
    overlapping = (Interval(opens=540, closes=720), Interval(opens=719, closes=1020))
    with pytest.raises(CalendarError, match="office, Tuesday: 11:59-17:00 must not begin before"):
        calendar_of((), overlapping, (), (), (), (), ())


def test_unsorted_intervals_are_refused():
    unsorted = (Interval(opens=780, closes=1020), Interval(opens=540, closes=720))
    with pytest.raises(CalendarError, match="in order"):
        calendar_of(unsorted, (), (), (), (), (), ())


def test_intervals_may_touch():
    touching = (Interval(opens=540, closes=720), Interval(opens=720, closes=1020))
    assert calendar_of(touching, (), (), (), (), (), ()).week[0] == touching


def test_a_week_of_six_days_is_refused():
    with pytest.raises(CalendarError, match="lists 6 days"):
        calendar_of(*(NINE_TO_FIVE,) * 6)


def test_a_calendar_that_never_opens_is_refused():
    with pytest.raises(CalendarError, match="never opens"):
        calendar_of(*((),) * 7)


def test_holidays_cannot_be_changed_behind_a_calendars_back():
    holidays = {date(2026, 5, 1): "Labour Day"}
    calendar = calendar_of(holidays=holidays)
    holidays.clear()
    assert windows_of(date(2026, 5, 1), calendar=calendar) == ()


def test_a_day_beyond_the_known_holidays_is_never_guessed():
    with pytest.raises(CalendarRunsOutError, match="only until 2026-12-31; 2027-01-01 cannot"):
        windows_of(date(2027, 1, 1), calendar=calendar_of())


def test_a_day_before_the_known_holidays_is_never_guessed_either():
    calendar = calendar_of(known_from=date(2026, 1, 1))
    assert windows_of(date(2026, 1, 1), calendar=calendar)
    with pytest.raises(CalendarRunsOutError, match="only from 2026-01-01; 2025-12-31 cannot"):
        windows_of(date(2025, 12, 31), calendar=calendar)


def test_the_first_known_day_can_be_computed_with():
    calendar = calendar_of(known_from=date(2026, 1, 1))
    day, _ = next(open_windows(calendar, since=datetime(2025, 12, 31, 23, 0, tzinfo=UTC)))
    assert day == date(2026, 1, 1)


def test_a_walk_past_the_last_known_day_raises_instead_of_ending():
    walk = open_windows(calendar_of(), since=datetime(2026, 12, 31, 12, 0, tzinfo=UTC))
    assert next(walk)[0] == date(2026, 12, 31)
    with pytest.raises(CalendarRunsOutError):
        next(walk)


def test_a_walk_that_finds_no_opening_for_a_century_is_stopped():
    holidays = {date(2026, 1, 1) + timedelta(days=i): "closed" for i in range(41_000)}
    calendar = calendar_of(holidays=holidays, known_until=date.max)
    with pytest.raises(CalendarRunsOutError, match="too little open time"):
        next(open_windows(calendar, since=datetime(2026, 1, 10, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("known_until", "alarms"), [(date(2026, 1, 30), True), (date(2026, 1, 31), False)]
)
def test_the_alarm_goes_when_the_calendar_ends_within_the_coming_days(known_until, alarms):
    calendar = calendar_of(known_until=known_until)
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert runs_out_within(calendar, now=now, days=30) is alarms


def test_the_alarm_goes_by_the_day_where_the_calendar_is():
    calendar = calendar_of(zone=ZoneInfo("Pacific/Apia"), known_until=date(2026, 1, 31))
    already_february_there = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert runs_out_within(calendar, now=already_february_there, days=0)


def test_a_calendar_without_end_never_alarms():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert always_open(BERLIN).name == "always open"
    assert not runs_out_within(always_open(BERLIN), now=now, days=100_000)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (wall_time("2026-03-29 01:59"), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (wall_time("2026-03-29 02:00"), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (wall_time("2026-03-29 02:30"), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (wall_time("2026-03-29 03:00"), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (wall_time("2026-10-25 02:30"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (wall_time("2026-10-25 03:00"), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_skipped_time_is_the_end_of_the_gap_and_a_double_one_its_first_coming(wall, expected):
    assert at_wall_time(wall, zone=BERLIN) == expected


def test_the_day_that_apia_skipped_has_no_open_time():
    calendar = always_open(ZoneInfo("Pacific/Apia"))
    assert windows_of(date(2011, 12, 30), calendar=calendar) == ()
    assert instant(date(2011, 12, 30), 720, zone=calendar.zone) == instant(
        date(2011, 12, 31), 0, zone=calendar.zone
    )


def test_lord_howe_changes_its_clocks_by_half_an_hour():
    [window] = windows_of(date(2026, 4, 5), calendar=always_open(ZoneInfo("Australia/Lord_Howe")))
    assert window.closes - window.opens == timedelta(hours=24, minutes=30)


@given(
    zone=ZONES,
    wall=WALL_TIMES,
    later=st.timedeltas(timedelta(), timedelta(days=2)),
)
def test_a_later_wall_time_is_never_an_earlier_instant(zone, wall, later):
    assert at_wall_time(wall, zone=zone) <= at_wall_time(wall + later, zone=zone)


@given(zone=ZONES, wall=WALL_TIMES)
def test_an_instant_shows_its_wall_time_unless_the_clocks_skip_it(zone, wall):
    shown = at_wall_time(wall, zone=zone).astimezone(zone).replace(tzinfo=None)
    assert shown >= wall
    if shown != wall:
        skipped = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        assert skipped.replace(tzinfo=None) != wall


@given(zone=ZONES, day=st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_an_open_day_ends_exactly_where_the_next_one_begins(zone, day):
    assert instant(day, 1440, zone=zone) == instant(day + timedelta(days=1), 0, zone=zone)


def test_a_moment_without_an_offset_is_refused():
    with pytest.raises(CalendarError, match="no offset"):
        local(wall_time("2026-01-01"), zone=BERLIN)


def test_a_skipped_time_with_a_fraction_of_a_second_is_the_end_of_the_gap_too():
    skipped = wall_time("2026-03-29 02:30:00.000007")
    assert at_wall_time(skipped, zone=BERLIN) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("year", [1900, 9800])
def test_the_first_and_the_last_year_can_be_computed_with(year):
    assert local(datetime(year, 6, 1, tzinfo=UTC), zone=BERLIN).year == year


@pytest.mark.parametrize("year", [1, 1899, 9801, 9999])
def test_a_year_that_cannot_be_meant_is_refused(year):
    with pytest.raises(CalendarError, match="out of range"):
        local(datetime(year, 6, 1, tzinfo=UTC), zone=BERLIN)


PLAIN = {
    "name": "office",
    "zone": "Europe/Berlin",
    "week": [[[540, 720], [780, 1020]], [], [], [], [], [], [[0, 1440]]],
    "holidays": {"2026-05-01": "Labour Day"},
    "known_until": "2026-12-31",
}


def test_a_calendar_is_read_from_plain_values():
    calendar = from_plain(PLAIN)
    assert calendar.name == "office"
    assert calendar.zone == BERLIN
    assert calendar.week[0] == (Interval(opens=540, closes=720), Interval(opens=780, closes=1020))
    assert calendar.week[6] == (Interval(opens=0, closes=1440),)
    assert calendar.holidays == {date(2026, 5, 1): "Labour Day"}
    assert calendar.known_until == date(2026, 12, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Base"},
        {"zone": ""},
        {"zone": "../x"},
        {"zone": None},
        {"zone": "Europe"},
        {"week": [[]] * 7},
        {"week": [[[540]]] + [[]] * 6},
        {"week": [[["9", "17"]]] + [[]] * 6},
        {"week": 7},
        {"holidays": ["2026-05-01"]},
        {"holidays": {"May Day": "x"}},
        {"known_until": None},
        {"known_until": "soon"},
    ],
    ids=str,
)
def test_plain_values_that_are_no_calendar_are_refused(wrong):
    with pytest.raises(CalendarError):
        from_plain(PLAIN | wrong)
    with pytest.raises(CalendarError):
        from_plain({key: value for key, value in PLAIN.items() if key not in wrong})


def test_a_calendar_can_be_sent_to_another_process():
    calendar = from_plain(PLAIN)
    assert pickle.loads(pickle.dumps(calendar)) == calendar  # noqa: S301 - our own bytes
