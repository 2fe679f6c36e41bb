"""Due times over bank holidays and clock changes as the United Kingdom published them."""

import json
from datetime import date, datetime, time, timedelta

import pytest

from calendar_examples import (
    LONDON,
    due,
    office,
)
from makegood.rules.workinghours import (
    add,
    always_open,
    parse_amount,
)

NOON = time(12)


@pytest.fixture(scope="module")
def crown(shared_data):
    path = shared_data / "uk-bank-holidays" / "bank-holidays.json"
    return json.loads(path.read_text(encoding="utf-8"))["divisions"]


def day_of(entry):
    day, month, year = map(int, entry["date"].split("/"))
    return date(year, month, day)


def division(crown, name):
    years = (entries for year, entries in crown[name].items() if year.isdigit())
    days = {day_of(entry): entry["title"] for entries in years for entry in entries}
    return office(zone=LONDON, holidays=days, known_until=date(2021, 12, 31), name=name)


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        # Easter 2019: Good Friday 19 and Monday 22 April, but Scotland works on the Monday.
        ("england-and-wales", "2019-04-17 10:00", "2019-04-26 10:00"),
        ("scotland", "2019-04-17 10:00", "2019-04-25 10:00"),
        ("northern-ireland", "2019-04-17 10:00", "2019-04-26 10:00"),
        # 2020: the May holiday moved from Monday 4 to Friday 8 May.
        ("england-and-wales", "2020-05-01 10:00", "2020-05-11 10:00"),
        ("scotland", "2020-05-01 10:00", "2020-05-11 10:00"),
        # The Battle of the Boyne is kept in Northern Ireland only.
        ("england-and-wales", "2018-07-10 10:00", "2018-07-17 10:00"),
        ("northern-ireland", "2018-07-10 10:00", "2018-07-18 10:00"),
        # New Year 2019: Scotland rests on 2 January too.
        ("england-and-wales", "2018-12-31 10:00", "2019-01-08 10:00"),
        ("scotland", "2018-12-31 10:00", "2019-01-09 10:00"),
    ],
)
def test_five_working_days_end_on_different_dates_in_the_three_divisions(
    crown, name, start, expected
):
    assert due(start, "5 working days", calendar=division(crown, name)) == expected


@pytest.mark.parametrize("name", ["england-and-wales", "scotland", "northern-ireland"])
def test_no_bank_holiday_is_ever_a_due_date(crown, name):
    calendar = division(crown, name)
    for day in sorted(calendar.holidays)[:-4]:
        eve = datetime.combine(day, NOON, tzinfo=LONDON) - timedelta(days=1)
        computed = add(eve, parse_amount("1 working day"), calendar=calendar)
        assert computed.due_at.astimezone(LONDON).date() not in calendar.holidays


def test_the_trace_says_each_of_the_crowns_clock_changes(shared_data):
    path = shared_data / "uk-bank-holidays" / "when-do-the-clocks-change.json"
    years = json.loads(path.read_text(encoding="utf-8"))["divisions"]["united-kingdom"]
    changes = [entry for year in years.values() if isinstance(year, list) for entry in year]
    assert changes
    for change in changes:
        eve = datetime.combine(day_of(change), NOON, tzinfo=LONDON) - timedelta(days=1)
        computed = add(eve, parse_amount("1 day"), calendar=always_open(LONDON))
        turn = "forward" if "forward" in change["notes"] else "back"
        assert f"the clocks go {turn} by 1 hour." in computed.trace[1]
