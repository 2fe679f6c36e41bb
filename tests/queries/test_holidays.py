"""Holidays by code agree with what states published; holidays from files are read or refused."""

import csv
import gzip
import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.queries.holidays import (
    LAST_DAY,
    HolidayFileError,
    HolidaysError,
    UnknownHolidayCodeError,
    UnknownHolidayYearsError,
    holidays_from_ical,
    holidays_of,
)
from makegood.rules.workinghours import Calendar, Interval, due_after, parse_amount

YEAR_2026 = range(2026, 2027)


# ---- by code ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "day", "is_holiday"),
    [
        ("GB-ENG", date(2026, 4, 6), True),  # Easter Monday
        ("GB-SCT", date(2026, 4, 6), False),
        ("GB-NIR", date(2026, 7, 13), True),  # the Boyne, on the Monday after
        ("US-MA", date(2026, 4, 20), True),  # Patriots' Day
        ("US-NY", date(2026, 4, 20), False),
        ("DE-BE", date(2026, 3, 8), True),  # Women's Day
        ("DE-BY", date(2026, 3, 8), False),
        ("fr", date(2026, 7, 14), True),
        (" gb-eng ", date(2026, 12, 25), True),
    ],
)
def test_parts_of_a_country_have_their_own_holidays(code, day, is_holiday):
    assert (day in holidays_of(code, years=YEAR_2026)) is is_holiday


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("GB-ENGL", "GB-ENG"),
        ("ENG", "GB-ENG"),
        ("US-XX", "US-TX"),
        ("DE-BERLIN", "DE-BE"),
        ("QQ", "GB-ENG"),
        ("", "GB-ENG"),
        ("x" * 5000, "GB-ENG"),
        ("GB-ENG\n\x1b[2J", "GB"),
    ],
)
def test_an_unknown_code_is_refused_naming_codes_that_exist(code, near):
    with pytest.raises(UnknownHolidayCodeError, match=near) as refused:
        holidays_of(code, years=YEAR_2026)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("years", [range(2100, 2102), range(1700, 1702), range(2101, 2102)])
def test_years_that_nobody_worked_out_are_refused_and_not_empty(years):
    with pytest.raises(UnknownHolidayYearsError, match="are known for 1872 to 2100 only"):
        holidays_of("GB", years=years)


@pytest.mark.parametrize(
    ("division", "code"),
    [
        ("england-and-wales", "GB-ENG"),
        ("england-and-wales", "GB-WLS"),
        ("scotland", "GB-SCT"),
        ("northern-ireland", "GB-NIR"),
    ],
)
def test_the_crown_published_the_same_working_holidays(shared_data, division, code):
    path = shared_data / "uk-bank-holidays" / "bank-holidays.json"
    published = json.loads(path.read_text(encoding="utf-8"))["divisions"][division]
    years = {int(year): days for year, days in published.items() if year.isdigit()}
    crown = {day_of(entry["date"]) for days in years.values() for entry in days}
    found = set(holidays_of(code, years=range(min(years), max(years) + 1)))
    assert crown <= found
    # Beside the day off in lieu, the library names the feast itself when it falls on a weekend.
    assert all(day.weekday() >= 5 for day in found - crown)


def day_of(text):
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


@pytest.mark.parametrize(
    ("kind", "amount", "share"),
    [
        ("Sign Repair", "10 working days", 0.99),
        ("CE Collection", "1 working day", 0.99),
        ("Building Inspection Request", "3 working days", 0.999),
    ],
)
def test_boston_gave_the_same_due_times_to_the_minute(shared_data, kind, amount, share):
    boston = ZoneInfo("America/New_York")
    city_hall = Calendar(
        name="Boston city hall",
        zone=boston,
        week=((Interval(opens=8 * 60 + 30, closes=17 * 60),),) * 5 + ((), ()),
        holidays=holidays_of("US-MA", years=range(2014, 2017)),
        known_until=date(2016, 12, 31),
    )
    matches = [
        abs(due_after(opened, parse_amount(amount), calendar=city_hall) - target)
        <= timedelta(minutes=1)
        for opened, target in targets(shared_data, kind=kind, zone=boston)
    ]
    assert len(matches) > 1000
    assert sum(matches) / len(matches) >= share


def targets(shared_data, *, kind, zone):
    path = shared_data / "boston-311-2015" / "opened-2015-h1.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["type"] == kind and row["target"]:
                yield tuple(
                    datetime.fromisoformat(row[name]).replace(tzinfo=zone)
                    for name in ("opened", "target")
                )


# ---- from a file -----------------------------------------------------------------------------


def ical(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def on(day, *more):
    return (f"DTSTART;VALUE=DATE:{day}", *more)


def test_an_all_day_event_is_a_holiday_with_its_name():
    days, until = holidays_from_ical(ical(on("20260501", "SUMMARY:Labour Day")))
    assert days == {date(2026, 5, 1): "Labour Day"}
    assert until == date(2026, 5, 1)


def test_the_end_of_an_event_is_the_day_after_its_last():
    days, until = holidays_from_ical(ical(on("20261224", "DTEND;VALUE=DATE:20261227")))
    assert sorted(days) == [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)]
    assert until == date(2026, 12, 26)


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20260501", "DURATION:P1D", "SUMMARY:no end"])
def test_an_event_that_ends_where_it_begins_is_one_day(end):
    assert sorted(holidays_from_ical(ical(on("20260501", end)))[0]) == [date(2026, 5, 1)]


def test_a_duration_counts_days():
    assert len(holidays_from_ical(ical(on("20260501", "DURATION:P3D")))[0]) == 3


def test_a_yearly_holiday_without_end_is_written_out_to_twenty_one_hundred():
    days, until = holidays_from_ical(ical(on("20260501", "RRULE:FREQ=YEARLY")))
    assert len(days) == 75
    assert max(days) == date(2100, 5, 1)
    assert until == LAST_DAY


def test_a_file_speaks_no_further_than_its_last_listed_feast():
    endless = on("20260101", "RRULE:FREQ=YEARLY")
    days, until = holidays_from_ical(ical(endless, on("20260403", "SUMMARY:Good Friday")))
    assert date(2030, 1, 1) in days
    assert until == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;COUNT=3", ["2026-05-25", "2027-05-25", "2028-05-25"]),
        ("FREQ=YEARLY;UNTIL=20270525", ["2026-05-25", "2027-05-25"]),
        ("FREQ=YEARLY;UNTIL=20270525T000000Z", ["2026-05-25", "2027-05-25"]),
        ("FREQ=YEARLY;COUNT=2;INTERVAL=2", ["2026-05-25", "2028-05-25"]),
        ("FREQ=YEARLY;COUNT=3;BYMONTH=5;BYDAY=-1MO", ["2026-05-25", "2027-05-31", "2028-05-29"]),
        ("freq=yearly;count=2", ["2026-05-25", "2027-05-25"]),
    ],
)
def test_yearly_rules_are_written_out(rule, expected):
    days, _ = holidays_from_ical(ical(on("20260525", f"RRULE:{rule}")))
    assert [day.isoformat() for day in days] == expected


def test_days_taken_out_or_added_or_moved_are_honoured():
    series = on("20260101", "UID:1", "RRULE:FREQ=YEARLY;COUNT=4", "SUMMARY:New Year")
    series += ("EXDATE;VALUE=DATE:20270101", "RDATE;VALUE=DATE:20280601")
    moved = on("20280102", "UID:1", "RECURRENCE-ID;VALUE=DATE:20280101", "SUMMARY:Moved")
    days, _ = holidays_from_ical(ical(series, moved))
    assert days == {
        date(2026, 1, 1): "New Year",
        date(2028, 1, 2): "Moved",
        date(2028, 6, 1): "New Year",
        date(2029, 1, 1): "New Year",
    }


def test_cancelled_events_do_not_count_nor_does_the_day_they_cancel():
    series = on("20260101", "UID:1", "RRULE:FREQ=YEARLY;COUNT=2")
    gone = on("20270101", "UID:1", "RECURRENCE-ID;VALUE=DATE:20270101", "STATUS:CANCELLED")
    lone = on("20260601", "UID:2", "STATUS:CANCELLED")
    assert sorted(holidays_from_ical(ical(series, gone, lone))[0]) == [date(2026, 1, 1)]


def test_events_with_a_time_of_day_are_no_holidays():
    timed = ("DTSTART:20260502T100000Z", "SUMMARY:Summer party")
    assert sorted(holidays_from_ical(ical(timed, on("20260501")))[0]) == [date(2026, 5, 1)]


def test_two_names_for_a_day_are_both_kept_and_one_name_twice_is_kept_once():
    events = [on("20260501", f"SUMMARY:{name}") for name in ("May", "Labour", "May")]
    assert holidays_from_ical(ical(*events))[0] == {date(2026, 5, 1): "May; Labour"}


def test_a_name_is_one_short_printable_line():
    events = ical(on("20260501", "SUMMARY:A\\nB\x07" + "x" * 500))
    [name] = holidays_from_ical(events)[0].values()
    assert name.startswith("A Bxx")
    assert len(name) == 100


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not an iCalendar file"),
        (b"hello", "not an iCalendar file"),
        (b"\xff\xfe\x00", "not an iCalendar file"),
        (b"BEGIN:VCALENDAR\r\n", "not an iCalendar file"),
        (ical(), "no all-day events"),
        (ical(("DTSTART:20260501T100000Z",)), "no all-day events"),
        (ical(("SUMMARY:no start",)), "not an iCalendar file"),
        (ical(("DTSTART;VALUE=DATE:20261301",)), "not an iCalendar file"),
        (ical(on("20260501", "RRULE:FREQ=WEEKLY")), "only yearly ones"),
        (ical(on("20260501", "RRULE:FREQ=NONSENSE")), "only yearly ones"),
        (ical(on("20260501", "RRULE:FREQ=YEARLY;COUNT=2;UNTIL=20280101")), "keep one"),
        (ical(on("20260501", "RRULE:FREQ=YEARLY;BYHOUR=1,2,3;BYDAY=MO,TU")), "too often"),
        (ical(on("20260501", "RRULE:FREQ=YEARLY;INTERVAL=0")), "too often"),
        (ical(on("20260501", "DTEND;VALUE=DATE:20270601")), "longer than a year"),
        (ical(*[on("20260501")] * 2001), "at most 2000"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(data, says):
    with pytest.raises(HolidayFileError, match=says) as refused:
        holidays_from_ical(data)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


PIECES = st.sampled_from(
    [
        *("DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:99991231", "DTSTART:20260101T000000"),
        *("DTEND;VALUE=DATE:20260105", "DTEND:20260105T000000Z", "DURATION:P2D", "DURATION:-P2D"),
        *("RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;COUNT=2", "RRULE:FREQ=YEARLY;BYEASTER=0"),
        *("RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2;COUNT=1", "RRULE:UNTIL=20300101", "RRULE:"),
        *("EXDATE;VALUE=DATE:20270101", "EXDATE:nonsense", "RDATE;VALUE=DATE:20270201"),
        *("RDATE;VALUE=PERIOD:20270201T000000Z/P1D", "RECURRENCE-ID;VALUE=DATE:20260101"),
        *(
            "RECURRENCE-ID:nonsense",
            "SUMMARY:Feast",
            "SUMMARY;X=",
            "UID:1",
            "STATUS:CANCELLED",
            "zz",
        ),
    ]
)


@given(st.lists(st.lists(PIECES, max_size=6), max_size=4))
def test_any_file_is_read_or_refused_but_never_crashes(events):
    try:
        days, until = holidays_from_ical(ical(*events))
    except HolidaysError:
        return
    assert days
    assert until <= LAST_DAY + timedelta(days=366)
