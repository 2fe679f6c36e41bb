"""The trace of a due time: each step in a plain sentence."""

from datetime import date

import pytest

from calendar_examples import APIA, BERLIN, HAVANA, NEW_YORK, at, hours, office
from makegood.rules.workinghours import (
    add,
    always_open,
    parse_amount,
)


def test_the_trace_of_working_days_names_each_step():
    calendar = office(zone=NEW_YORK, holidays={date(2015, 1, 19): "Martin Luther King Jr. Day"})
    computed = add(
        at("2015-01-02 18:51", zone=NEW_YORK), parse_amount("10 working days"), calendar=calendar
    )
    assert computed.trace == (
        "Asked on Friday 2 January 2015 at 18:51 (UTC-05:00), America/New_York.",
        "Closed then; counting from the opening on Monday 5 January 2015 at 09:00 (UTC-05:00).",
        "Closed on Saturday and Sunday.",
        "Tuesday 6 January 2015 to Friday 16 January 2015: working days 1 to 9.",
        "Monday 19 January 2015: closed, Martin Luther King Jr. Day.",
        "Tuesday 20 January 2015: working day 10.",
        "Due on Tuesday 20 January 2015 at 09:00 (UTC-05:00), America/New_York.",
    )


def test_the_trace_of_working_hours_says_what_each_day_gave():
    calendar = office(day=((9, 12), (13, 17)))
    computed = add(at("2026-11-05 16:30:20"), parse_amount("8 working hours"), calendar=calendar)
    assert computed.trace == (
        "Asked on Thursday 5 November 2026 at 16:30:20 (UTC+01:00), Europe/Berlin.",
        "Closed on Saturday and Sunday.",
        "Thursday 5 November 2026: 29 minutes 40 seconds counted, 16:30:20 to 17:00.",
        "Friday 6 November 2026: 7 hours counted, 09:00 to 12:00 and 13:00 to 17:00.",
        "Monday 9 November 2026: 30 minutes 20 seconds counted, 09:00 to 09:30:20.",
        "Due on Monday 9 November 2026 at 09:30:20 (UTC+01:00), Europe/Berlin.",
    )


def test_the_trace_names_a_holiday_that_a_feed_brought():
    # Zammad's users met holidays that nobody expected (zammad/zammad#390).
    calendar = office(holidays={date(2026, 11, 6): "Day of the unknown feed"})
    computed = add(at("2026-11-05 16:00"), parse_amount("2 working hours"), calendar=calendar)
    assert "Friday 6 November 2026: closed, Day of the unknown feed." in computed.trace


def test_the_trace_names_the_holiday_on_which_the_request_came():
    calendar = office(holidays={date(2026, 11, 6): "Bridge day"})
    computed = add(at("2026-11-06 10:00"), parse_amount("1 working day"), calendar=calendar)
    assert "Friday 6 November 2026: closed, Bridge day." in computed.trace
    assert computed.due_at == at("2026-11-10 09:00")


def test_the_trace_does_not_name_holidays_that_changed_nothing():
    calendar = office(holidays={date(2026, 11, 7): "Saturday feast", date(2026, 11, 20): "Later"})
    computed = add(at("2026-11-06 10:00"), parse_amount("1 working day"), calendar=calendar)
    assert "feast" not in " ".join(computed.trace)
    assert "Later" not in " ".join(computed.trace)


@pytest.mark.parametrize("amount", ["24 hours", "1 day", "1 working day", "24 working hours"])
def test_the_trace_says_that_the_clocks_change(amount):
    spring = add(at("2026-03-28 12:00"), parse_amount(amount), calendar=always_open(BERLIN))
    autumn = add(at("2026-10-24 12:00"), parse_amount(amount), calendar=always_open(BERLIN))
    assert "Sunday 29 March 2026: the clocks go forward by 1 hour." in spring.trace
    assert "Sunday 25 October 2026: the clocks go back by 1 hour." in autumn.trace


def test_the_trace_tells_the_first_half_past_two_from_the_second():
    computed = add(at("2026-10-25 02:30"), parse_amount("1 hour"), calendar=always_open(BERLIN))
    assert "at 02:30 (UTC+02:00)" in computed.trace[0]
    assert "at 02:30 (UTC+01:00)" in computed.trace[-1]


def test_the_trace_explains_a_skipped_wall_time_and_a_skipped_day():
    night = add(at("2026-03-28 02:30"), parse_amount("1 day"), calendar=always_open(BERLIN))
    assert (
        "The clocks there skip 02:30 on Sunday 29 March 2026; the first moment after it counts."
    ) in night.trace
    start = at("2011-12-29 12:00", zone=APIA)
    day = add(start, parse_amount("1 working day"), calendar=always_open(APIA))
    assert "Friday 30 December 2011: there was no such day, Pacific/Apia skipped it." in day.trace


def test_the_trace_explains_a_time_that_was_moved_into_opening_hours():
    week = (hours((9, 17)),) * 4 + (hours((10, 14)), (), ())
    late = add(at("2026-11-05 16:00"), parse_amount("1 working day"), calendar=office(week=week))
    early = add(at("2026-11-05 09:15"), parse_amount("1 working day"), calendar=office(week=week))
    assert "Closed at 16:00 on that day; due when it closes before that." in late.trace
    assert "Closed at 09:15 on that day; due when it opens after that." in early.trace


def test_the_trace_of_ten_years_stays_readable():
    computed = add(
        at("2026-01-01 10:00"), parse_amount("2500 working days"), calendar=always_open(BERLIN)
    )
    assert len(computed.trace) < 40


def trace_of(text, amount, *, calendar):
    return add(at(text, zone=calendar.zone), parse_amount(amount), calendar=calendar).trace


def test_the_numbering_of_working_days_goes_on_after_each_holiday():
    holidays = {date(2026, 11, 4): "First", date(2026, 11, 10): "Second"}
    trace = trace_of("2026-11-02 10:00", "7 working days", calendar=office(holidays=holidays))
    assert trace[2:-1] == (
        "Tuesday 3 November 2026: working day 1.",
        "Wednesday 4 November 2026: closed, First.",
        "Thursday 5 November 2026: working day 2.",
        "Friday 6 November 2026: working day 3.",
        "Monday 9 November 2026: working day 4.",
        "Tuesday 10 November 2026: closed, Second.",
        "Wednesday 11 November 2026: working day 5.",
        "Thursday 12 November 2026: working day 6.",
        "Friday 13 November 2026: working day 7.",
    )


def test_long_runs_of_working_time_are_told_in_one_sentence():
    trace = trace_of("2026-11-02 16:00", "26 working hours", calendar=office())
    assert trace[1:-1] == ("Monday 2 November 2026 to Friday 6 November 2026: 26 hours counted.",)


def test_a_change_on_the_day_of_the_request_is_said_once():
    trace = trace_of("2026-03-29 01:00", "1 working day", calendar=always_open(BERLIN))
    assert [sentence for sentence in trace if "the clocks go" in sentence] == [
        "Sunday 29 March 2026: the clocks go forward by 1 hour."
    ]


def test_a_change_before_the_request_or_after_it_is_due_is_not_said():
    before = trace_of("2026-03-29 04:00", "1 day", calendar=always_open(BERLIN))
    after = trace_of("2026-03-28 23:00", "1 hour", calendar=always_open(BERLIN))
    assert "clocks" not in " ".join(before + after)


def test_a_change_at_midnight_belongs_to_the_day_that_it_begins():
    trace = trace_of("2026-03-07 12:00", "1 day", calendar=always_open(HAVANA))
    assert "Sunday 8 March 2026: the clocks go forward by 1 hour." in trace
    assert len(trace) == 4


def test_weeks_keep_the_time_of_day():
    assert trace_of("2026-11-06 10:00", "2 weeks", calendar=office())[1:-1] == (
        "2 weeks later, at the same time of day.",
    )


def test_open_until_midnight_is_said_as_twenty_four_hundred():
    trace = trace_of("2026-11-06 23:00", "90 working minutes", calendar=always_open(BERLIN))
    assert trace[1:-1] == (
        "Friday 6 November 2026: 1 hour counted, 23:00 to 24:00.",
        "Saturday 7 November 2026: 30 minutes counted, 00:00 to 00:30.",
    )


def test_closed_weekdays_are_listed_only_if_the_count_passes_them():
    calendar = office(week=(hours((9, 17)), (), (), (), hours((9, 17)), (), ()))
    assert trace_of("2026-11-06 10:00", "2 working days", calendar=calendar)[1] == (
        "Closed on Tuesday, Wednesday, Thursday, Saturday and Sunday."
    )
    assert "Closed" not in " ".join(
        trace_of("2026-11-06 10:00", "1 working hour", calendar=calendar)
    )


def test_a_sliver_of_a_second_is_said_as_such():
    almost_closed = at("2026-11-06 16:59").replace(second=59, microsecond=700_000)
    computed = add(almost_closed, parse_amount("1 working minute"), calendar=office())
    assert "less than a second counted" in computed.trace[2]
