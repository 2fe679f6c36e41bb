"""Windows for calls: at most an hour, in the office's hours, and not too near."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import workinghours
from makegood.rules.calendars import Calendar, Interval, Window, always_open
from makegood.rules.callbacks import (
    AGAIN_DAYS,
    AT_MOST,
    LONGEST,
    NOTICE,
    SHORTEST,
    call_windows,
    message_at,
    room_for,
    windows_again,
)
from makegood.rules.severity import Severity

LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = (Interval(opens=540, closes=720), Interval(opens=750, closes=1020))


def an_office(**more) -> Calendar:
    known = {"name": "office", "zone": LONDON, "known_until": date(2030, 12, 31)}
    return Calendar(**known | {"week": (NINE_TO_FIVE,) * 5 + ((), ())} | more)


def _clocks(windows) -> list[str]:
    return [
        f"{w.opens.astimezone(LONDON):%a %H:%M}-{w.closes.astimezone(LONDON):%H:%M}"
        for w in windows
    ]


def test_what_is_left_of_today_comes_first_and_the_lunch_is_left_alone():
    now = datetime(2026, 6, 1, 10, 20, tzinfo=UTC)

    clocks = _clocks(call_windows(an_office(), now=now))

    # 11:20 in London: the half hour before lunch closes at 12, so the first is after it.
    assert clocks[:3] == ["Mon 12:30-13:30", "Mon 13:30-14:30", "Mon 14:30-15:30"]
    assert "Mon 16:30-17:00" in clocks
    assert {clock[:3] for clock in clocks} == {"Mon", "Tue", "Wed"}


def test_after_hours_and_over_the_weekend_the_next_open_days_are_offered():
    friday_night = datetime(2026, 6, 5, 20, 0, tzinfo=UTC)

    clocks = _clocks(call_windows(an_office(), now=friday_night))

    assert clocks[0] == "Mon 09:00-10:00"


def test_a_calendar_that_runs_out_offers_what_it_knows_and_never_fails():
    office = an_office(known_until=date(2026, 6, 1))

    assert {c[:3] for c in _clocks(call_windows(office, now=datetime(2026, 6, 1, 8, tzinfo=UTC)))}
    assert call_windows(office, now=datetime(2026, 6, 3, 8, tzinfo=UTC)) == ()


def test_round_the_clock_is_not_a_list_without_end():
    windows = call_windows(always_open(LONDON), now=datetime(2026, 6, 1, 8, tzinfo=UTC))

    assert len(windows) == AT_MOST


@given(
    hours=st.floats(0, 17_500),
    zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_every_window_can_be_kept(hours, zone):
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    office = an_office(zone=ZoneInfo(zone))

    windows = call_windows(office, now=now)

    assert windows == tuple(sorted(windows, key=lambda window: window.opens))
    for window in windows:
        assert SHORTEST <= window.closes - window.opens <= LONGEST
        assert window.opens >= now + NOTICE
        assert workinghours.is_open(window.opens, calendar=office)
        assert workinghours.is_open(window.closes - timedelta(minutes=1), calendar=office)


def test_a_message_goes_ahead_of_a_window_and_of_nothing_else():
    now = datetime(2026, 6, 1, 10, tzinfo=UTC)
    minutes = timedelta(minutes=1)

    assert message_at(now + 60 * minutes, now=now) == now + 50 * minutes
    assert message_at(now + 5 * minutes, now=now) == now
    assert message_at(now, now=now) is None
    assert message_at(None, now=now) is None


def test_calls_promised_once_more_have_two_weeks_of_hours():
    monday = datetime(2026, 6, 1, 8, tzinfo=UTC)

    windows = windows_again(an_office(), now=monday)

    assert windows[: len(call_windows(an_office(), now=monday))] == call_windows(
        an_office(), now=monday
    )
    assert _clocks(windows)[-1] == "Fri 16:30-17:00"
    assert len({window.opens.date() for window in windows}) == AGAIN_DAYS


@pytest.mark.parametrize(
    ("severity", "minutes", "calls"),
    [
        (Severity.P1, 60, 6),
        (Severity.P2, 60, 6),
        (Severity.P3, 60, 4),  # a third is kept for what is more severe
        (Severity.P4, 60, 4),
        (Severity.P1, 30, 3),
        (Severity.P4, 30, 2),
        (Severity.P4, 10, 1),
    ],
)
def test_a_person_is_given_no_more_calls_than_they_can_make(severity, minutes, calls):
    opens = datetime(2026, 6, 1, 8, tzinfo=UTC)
    window = Window(opens=opens, closes=opens + timedelta(minutes=minutes))

    assert room_for(severity, window=window) == calls
