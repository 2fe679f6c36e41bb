"""Calendars from TOML files and from codes: what is read, and what is refused in one sentence."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from makegood.queries.calendar_sources import (
    CalendarFileError,
    office_of,
    read_calendar,
    zone_named,
)
from makegood.queries.holidays import UnknownHolidayCodeError
from makegood.rules.calendars import CalendarError, Interval

YEARS = range(2025, 2028)
MINIMAL = 'zone = "Europe/Berlin"\nknown_until = 2027-12-31\n[hours]\nmonday = ["09:00-17:00"]\n'


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "office.toml"
        path.write_text(text, encoding="utf-8")
        return read_calendar(path, years=YEARS)

    return read_text


def test_a_full_file_becomes_a_calendar(read, tmp_path):
    (tmp_path / "closures.ics").write_bytes(
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270601\r\nSUMMARY:Move\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    calendar = read(
        """
        name = "Boston city hall"
        zone = "America/New_York"
        known_until = 2027-12-31
        [hours]
        weekdays = ["08:30-12:00", "13:00 - 17:00"]
        friday = ["8:30\u201314:00"]
        sunday = ["00:00-24:00"]
        [holidays]
        code = "US-MA"
        ical = "closures.ics"
        [holidays.days]
        2026-12-24 = "Christmas Eve"
        """
    )
    morning, afternoon = Interval(opens=510, closes=720), Interval(opens=780, closes=1020)
    assert calendar.name == "Boston city hall"
    assert calendar.zone == ZoneInfo("America/New_York")
    assert calendar.week[0] == calendar.week[3] == (morning, afternoon)
    assert calendar.week[4] == (Interval(opens=510, closes=840),)
    assert calendar.week[5] == ()
    assert calendar.week[6] == (Interval(opens=0, closes=1440),)
    assert calendar.holidays[date(2026, 4, 20)] == "Patriots' Day"
    assert calendar.holidays[date(2026, 12, 24)] == "Christmas Eve"
    assert calendar.holidays[date(2027, 6, 1)] == "Move"
    assert calendar.known_from == date(2025, 1, 1)
    # The file with closures speaks only until its last one.
    assert calendar.known_until == date(2027, 6, 1)


def test_a_minimal_file_is_named_after_itself_and_closed_on_days_not_mentioned(read):
    calendar = read(MINIMAL)
    assert calendar.name == "office"
    assert [bool(day) for day in calendar.week] == [True] + [False] * 6
    assert calendar.known_until == date(2027, 12, 31)
    assert calendar.known_from == date.min


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zone =", "cannot be read"),
        ("", "zone is missing"),
        ('zone = "Mars/Base"', "no time zone"),
        ('zone = "../../etc/passwd"', "no time zone"),
        ("zone = 4", "no time zone"),
        ('zone = "Europe/Berlin"\n[hours]\nmonday = ["09:00-17:00"]', "known_until is missing"),
        (MINIMAL.replace("2027-12-31", '"2027-12-31"'), "known_until must be a date"),
        (MINIMAL.replace("2027-12-31", "2027-12-31T00:00:00"), "known_until must be a date"),
        (MINIMAL.replace("monday", "moonday"), "unknown key moonday"),
        (MINIMAL + "[holiday]\n", "unknown key holiday"),
        (MINIMAL.replace('["09:00-17:00"]', '"09:00-17:00"'), "must be a list"),
        (MINIMAL.replace("17:00", "25:00"), "between 00:00 and 24:00"),
        (MINIMAL.replace("17:00", "16:60"), "more than 59 minutes"),
        (MINIMAL.replace("17:00", "five"), "must look like"),
        (MINIMAL.replace("17:00", "08:00"), "opens? before it closes"),
        (MINIMAL.replace('["09:00-17:00"]', "[]"), "never opens"),
        (MINIMAL.replace('"09:00-17:00"', '"09:00-17:00", "16:00-18:00"'), "must not begin before"),
        ("holidays = 4\n" + MINIMAL, "must be a table"),
        (MINIMAL + '[holidays]\ncode = "XX"\n', "no holidays for"),
        (MINIMAL + '[holidays]\nical = "missing.ics"\n', "cannot be read"),
        (MINIMAL + '[holidays.days]\nchristmas = "x"\n', "write lines such as"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_that_names_it(read, text, says):
    with pytest.raises(CalendarFileError, match=says) as refused:
        read(text)
    assert "office.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "office.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CalendarFileError, match="cannot be read"):
        read_calendar(path, years=YEARS)
    with pytest.raises(CalendarFileError, match="cannot be read"):
        read_calendar(tmp_path, years=YEARS)


def test_a_code_stands_for_nine_to_five_from_monday_to_friday():
    calendar = office_of("gb-eng", zone=ZoneInfo("Europe/London"), years=YEARS)
    assert calendar.name == "GB-ENG"
    assert calendar.week == ((Interval(opens=540, closes=1020),),) * 5 + ((), ())
    assert calendar.holidays[date(2026, 4, 6)] == "Easter Monday"
    assert (calendar.known_from, calendar.known_until) == (date(2025, 1, 1), date(2027, 12, 31))


def test_an_unknown_code_is_refused():
    with pytest.raises(UnknownHolidayCodeError):
        office_of("XX", zone=ZoneInfo("UTC"), years=YEARS)


@pytest.mark.parametrize("name", ["", "Nowhere", "/etc/passwd", "a\x00b", "Europe"])
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(CalendarError, match="no time zone"):
        zone_named(name)
