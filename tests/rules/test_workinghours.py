"""Due times on working calendars: tables of boundaries, and nights when clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calendar_examples import (
    APIA,
    BERLIN,
    HAVANA,
    LORD_HOWE,
    NEW_YORK,
    at,
    due,
    hours,
    office,
)
from makegood.rules.workinghours import (
    CalendarError,
    CalendarRunsOutError,
    Interval,
    add,
    always_open,
    closing_after,
    day_closes_at,
    day_opens_at,
    due_after,
    is_open,
    next_opening,
    open_time_between,
    parse_amount,
)

INSTANT = timedelta(microseconds=1)


# ---- tables of boundaries --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        # 2026-11-06 is a Friday.
        ("2026-11-06 15:00", "2 working hours", "2026-11-06 17:00"),
        ("2026-11-06 15:00", "121 working minutes", "2026-11-09 09:01"),
        ("2026-11-06 15:00", "4 working hours", "2026-11-09 11:00"),
        ("2026-11-06 16:59", "1 working minute", "2026-11-06 17:00"),
        ("2026-11-06 17:00", "1 working minute", "2026-11-09 09:01"),
        ("2026-11-06 08:59", "1 working minute", "2026-11-06 09:01"),
        ("2026-11-06 09:00", "1 working minute", "2026-11-06 09:01"),
        ("2026-11-07 12:00", "8 working hours", "2026-11-09 17:00"),
        ("2026-11-06 10:00", "1 working day", "2026-11-09 10:00"),
        ("2026-11-05 10:00", "1 working day", "2026-11-06 10:00"),
        ("2026-11-05 10:00", "5 working days", "2026-11-12 10:00"),
        ("2026-11-05 16:59", "1 working day", "2026-11-06 16:59"),
        ("2026-11-05 17:00", "1 working day", "2026-11-09 09:00"),
        ("2026-11-05 07:00", "1 working day", "2026-11-06 09:00"),
        ("2026-11-07 12:00", "1 working day", "2026-11-10 09:00"),
        ("2026-11-06 22:00", "2 days", "2026-11-08 22:00"),
        ("2026-11-06 22:00", "1 week", "2026-11-13 22:00"),
        ("2026-11-06 22:00", "90 minutes", "2026-11-06 23:30"),
    ],
)
def test_amounts_are_counted_on_an_office_week(start, amount, expected):
    assert due(start, amount, calendar=office()) == expected


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-11-06 11:30", "1 working hour", "2026-11-06 13:30"),
        ("2026-11-06 11:00", "1 working hour", "2026-11-06 12:00"),
        ("2026-11-06 12:30", "1 working hour", "2026-11-06 14:00"),
        ("2026-11-05 12:30", "1 working day", "2026-11-06 13:00"),
        ("2026-11-06 11:30", "7 working hours", "2026-11-09 11:30"),
    ],
)
def test_a_lunch_break_does_not_count(start, amount, expected):
    assert due(start, amount, calendar=office(day=((9, 12), (13, 17)))) == expected


def test_a_working_day_later_is_moved_into_the_hours_of_that_day():
    # Chatwoot's and osTicket's users ask for days that differ (peers 9 and 19).
    short_friday = (hours((9, 17)),) * 4 + (hours((10, 12), (13, 14)), (), ())
    calendar = office(week=short_friday)
    assert due("2026-11-05 16:00", "1 working day", calendar=calendar) == "2026-11-06 14:00"
    assert due("2026-11-05 09:15", "1 working day", calendar=calendar) == "2026-11-06 10:00"
    assert due("2026-11-05 12:30", "1 working day", calendar=calendar) == "2026-11-06 13:00"
    assert due("2026-11-05 11:00", "1 working day", calendar=calendar) == "2026-11-06 11:00"
    # At 12:00 sharp the break begins: what is due then is due by then, not after the break.
    assert due("2026-11-05 12:00", "1 working day", calendar=calendar) == "2026-11-06 12:00"


def test_days_may_be_left_out_of_the_middle_of_a_week():
    week = ((), hours((9, 17)), hours((9, 17)), (), hours((9, 17)), (), ())
    assert (
        due("2026-11-04 10:00", "1 working day", calendar=office(week=week)) == "2026-11-06 10:00"
    )
    assert due("2026-11-06 16:00", "2 working hours", calendar=office(week=week)) == (
        "2026-11-10 10:00"
    )


def test_a_night_shift_is_open_through_midnight_without_a_gap():
    calendar = office(week=(hours((0, 6), (22, 24)),) * 7)
    assert due("2026-11-05 23:00", "2 working hours", calendar=calendar) == "2026-11-06 01:00"
    assert is_open(at("2026-11-05 23:59"), calendar=calendar)
    assert is_open(at("2026-11-06 00:00"), calendar=calendar)
    assert closing_after(at("2026-11-05 23:00"), calendar=calendar) == at("2026-11-06 06:00")


def test_the_hours_are_half_open():
    calendar = office()
    opens, closes = at("2026-11-06 09:00"), at("2026-11-06 17:00")
    assert not is_open(opens - INSTANT, calendar=calendar)
    assert is_open(opens, calendar=calendar)
    assert is_open(closes - INSTANT, calendar=calendar)
    assert not is_open(closes, calendar=calendar)


def test_a_request_at_closing_time_counts_from_the_next_opening():
    assert next_opening(at("2026-11-06 17:00"), calendar=office()) == at("2026-11-09 09:00")


def test_an_open_moment_is_its_own_next_opening():
    moment = at("2026-11-06 11:11")
    assert next_opening(moment, calendar=office()) == moment
    assert next_opening(moment, calendar=office()).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "closes"),
    [
        ("2026-11-06 08:00", "2026-11-06 12:00"),
        ("2026-11-06 11:59", "2026-11-06 12:00"),
        ("2026-11-06 12:00", "2026-11-06 17:00"),
        ("2026-11-06 17:00", "2026-11-09 12:00"),
    ],
)
def test_closing_time_is_the_end_of_this_or_the_next_open_stretch(moment, closes):
    calendar = office(day=((9, 12), (13, 17)))
    assert closing_after(at(moment), calendar=calendar) == at(closes)


def test_what_is_always_open_never_closes():
    assert closing_after(at("2026-11-06 12:00"), calendar=always_open(BERLIN)) is None


def test_a_day_opens_and_closes_once_whatever_its_breaks():
    calendar = office(day=((9, 12), (13, 17)), holidays={date(2026, 11, 5): "Founders' Day"})
    assert day_opens_at(date(2026, 11, 6), calendar=calendar) == at("2026-11-06 09:00")
    assert day_closes_at(date(2026, 11, 6), calendar=calendar) == at("2026-11-06 17:00")
    for closed in (date(2026, 11, 7), date(2026, 11, 5)):
        assert day_opens_at(closed, calendar=calendar) is None
        assert day_closes_at(closed, calendar=calendar) is None


def test_an_always_open_day_closes_at_the_midnight_that_ends_it():
    closes = day_closes_at(date(2026, 11, 6), calendar=always_open(BERLIN))
    assert closes == at("2026-11-07 00:00")


# ---- nights when clocks change ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "start", "amount", "expected"),
    [
        (BERLIN, "2026-03-28 12:00", "24 hours", "2026-03-29 13:00"),
        (BERLIN, "2026-03-28 12:00", "1 day", "2026-03-29 12:00"),
        (BERLIN, "2026-03-28 12:00", "24 working hours", "2026-03-29 13:00"),
        (BERLIN, "2026-03-28 02:30", "1 day", "2026-03-29 03:00"),
        (BERLIN, "2026-03-28 02:30", "2 days", "2026-03-30 02:30"),
        (BERLIN, "2026-03-28 02:30", "1 working day", "2026-03-29 03:00"),
        (BERLIN, "2026-10-24 12:00", "24 hours", "2026-10-25 11:00"),
        (BERLIN, "2026-10-24 12:00", "1 day", "2026-10-25 12:00"),
        (BERLIN, "2026-10-24 12:00", "1440 working minutes", "2026-10-25 11:00"),
        (NEW_YORK, "2026-03-07 12:00", "24 hours", "2026-03-08 13:00"),
        (NEW_YORK, "2026-03-07 12:00", "1 working day", "2026-03-08 12:00"),
        (NEW_YORK, "2026-10-31 12:00", "24 working hours", "2026-11-01 11:00"),
        (LORD_HOWE, "2026-04-04 12:00", "24 hours", "2026-04-05 11:30"),
        (LORD_HOWE, "2026-10-03 02:15", "1 day", "2026-10-04 02:30"),
        (HAVANA, "2026-03-07 00:30", "1 day", "2026-03-08 01:00"),
        (APIA, "2011-12-29 12:00", "1 working day", "2011-12-31 12:00"),
        (APIA, "2011-12-29 12:00", "24 hours", "2011-12-31 12:00"),
        (APIA, "2011-12-29 12:00", "1 day", "2011-12-31 00:00"),
        (APIA, "2011-12-29 12:00", "2 days", "2011-12-31 12:00"),
    ],
)
def test_hours_are_true_hours_and_days_keep_the_wall_time(zone, start, amount, expected):
    assert due(start, amount, calendar=always_open(zone)) == expected


def test_a_day_of_twenty_three_hours_has_that_much_open_time():
    calendar = always_open(BERLIN)
    spring, autumn = at("2026-03-29 00:00"), at("2026-10-25 00:00")
    day = timedelta(days=1)  # on the wall clock: both ends are local
    assert open_time_between(spring, spring + day, calendar=calendar) == timedelta(hours=23)
    assert open_time_between(autumn, autumn + day, calendar=calendar) == timedelta(hours=25)


def test_the_hour_that_comes_twice_is_open_both_times():
    calendar = always_open(BERLIN)
    first, second = (at("2026-10-25 02:30").replace(fold=fold) for fold in (0, 1))
    assert is_open(first, calendar=calendar)
    assert is_open(second, calendar=calendar)
    assert open_time_between(first, second, calendar=calendar) == timedelta(hours=1)


def test_hours_that_begin_in_the_skipped_hour_begin_when_it_ends():
    night = Interval(opens=150, closes=240)
    calendar = office(week=((night,),) * 7)
    assert next_opening(at("2026-03-29 00:00"), calendar=calendar) == at("2026-03-29 03:00")
    assert due("2026-03-29 00:00", "1 working hour", calendar=calendar) == "2026-03-29 04:00"


def test_hours_that_lie_within_the_skipped_hour_are_not_open_that_night():
    night = Interval(opens=130, closes=170)
    calendar = office(week=((night,),) * 7)
    assert day_opens_at(date(2026, 3, 29), calendar=calendar) is None
    assert due("2026-03-28 02:30", "1 working day", calendar=calendar) == "2026-03-30 02:30"


# ---- calendars that run out ------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["1 working day", "1 working minute", "8 working hours"])
def test_a_computation_past_the_known_days_raises(amount):
    calendar = office(known_until=date(2026, 11, 6))
    with pytest.raises(CalendarRunsOutError, match="renewed"):
        add(at("2026-11-06 17:00"), parse_amount(amount), calendar=calendar)


def test_a_computation_that_ends_on_the_last_known_day_is_fine():
    calendar = office(known_until=date(2026, 11, 6))
    assert due("2026-11-06 16:00", "1 working hour", calendar=calendar) == "2026-11-06 17:00"
    assert due("2026-11-05 16:00", "1 working day", calendar=calendar) == "2026-11-06 16:00"


@pytest.mark.parametrize("amount", ["90 minutes", "40 hours", "30 days", "2 weeks"])
def test_elapsed_time_needs_no_holidays_and_so_never_runs_out(amount):
    calendar = office(known_until=date(2026, 11, 6))
    assert add(at("2026-11-06 16:00"), parse_amount(amount), calendar=calendar).due_at


@pytest.mark.parametrize("look", [is_open, next_opening, closing_after])
def test_looking_beyond_the_known_days_raises(look):
    with pytest.raises(CalendarRunsOutError):
        look(at("2031-06-02 10:00"), calendar=office())


def test_open_time_beyond_the_known_days_raises_and_up_to_their_end_does_not():
    calendar = office(known_until=date(2026, 11, 6))
    start, end = at("2026-11-06 09:00"), at("2026-11-07 00:00")
    assert open_time_between(start, end, calendar=calendar) == timedelta(hours=8)
    with pytest.raises(CalendarRunsOutError):
        open_time_between(start, end + INSTANT, calendar=calendar)


def test_open_time_between_moments_in_the_wrong_order_is_refused():
    with pytest.raises(CalendarError, match="before the start"):
        open_time_between(at("2026-11-06 10:00"), at("2026-11-06 09:59"), calendar=office())


@pytest.mark.parametrize("compute", [add, due_after])
def test_a_start_without_an_offset_is_refused(compute):
    with pytest.raises(CalendarError, match="no offset"):
        compute(datetime.fromisoformat("2026-01-01"), parse_amount("1 hour"), calendar=office())
