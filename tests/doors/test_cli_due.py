"""`makegood due` prints a due time with its trace, and refuses bad input in one line."""

import json
import sys
from datetime import date
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
import typer
from typer.testing import CliRunner

from calendar_examples import office
from makegood.doors.cli.due import due
from makegood.records.models import WorkingCalendar

APP = typer.Typer()
APP.command()(due)


@pytest.fixture(autouse=True)
def no_desk(monkeypatch):
    """Without this the command would ask the database of the tests."""
    monkeypatch.setitem(sys.modules, "makegood.queries.calendars", None)


def run(*arguments):
    return CliRunner().invoke(APP, arguments)


def answer(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_it_prints_the_due_time_here_and_in_utc_and_each_step():
    result = run(
        *("--from", "2026-07-01T15:00", "--tz", "Europe/London"),
        *("--add", "3 working days", "--calendar", "GB-ENG"),
    )
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "3 working days from 2026-07-01T14:00:00Z on calendar GB-ENG:",
        "due 2026-07-06T15:00:00+01:00 (Europe/London)",
        "    2026-07-06T14:00:00Z (UTC)",
        "",
        "Asked on Wednesday 1 July 2026 at 15:00 (UTC+01:00), Europe/London.",
        "Closed on Saturday and Sunday.",
        "Thursday 2 July 2026: working day 1.",
        "Friday 3 July 2026: working day 2.",
        "Monday 6 July 2026: working day 3.",
        "Due on Monday 6 July 2026 at 15:00 (UTC+01:00), Europe/London.",
    ]


def test_it_prints_json_for_machines():
    assert answer("--from", "2026-12-24T15:00-05:00", "--add", "PT4H") == {
        "from": "2026-12-24T20:00:00Z",
        "add": "4 hours",
        "calendar": "always open",
        "zone": "UTC",
        "due_at": "2026-12-25T00:00:00Z",
        "due_local": "2026-12-25T00:00:00+00:00",
        "trace": [
            "Asked on Thursday 24 December 2026 at 20:00 (UTC), UTC.",
            "4 hours later, counted around the clock.",
            "Due on Friday 25 December 2026 at 00:00 (UTC), UTC.",
        ],
    }


@time_machine.travel("2026-11-06T12:00:30.5Z", tick=False)
def test_it_counts_from_now_unless_told_otherwise():
    assert answer("--add", "1 hour")["due_at"] == "2026-11-06T13:00:30Z"


def test_a_calendar_may_be_a_toml_file(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(
        'zone = "Europe/Berlin"\nknown_until = 2027-12-31\n'
        '[hours]\nweekdays = ["10:00-12:00"]\n'
        '[holidays.days]\n2026-11-09 = "Founders\' Day"\n',
        encoding="utf-8",
    )
    found = answer(
        "--from", "2026-11-06T10:30Z", "--add", "1 working hour", "--calendar", str(path)
    )
    assert found["due_local"] == "2026-11-10T10:30:00+01:00"
    assert "Monday 9 November 2026: closed, Founders' Day." in found["trace"]


def test_a_calendar_of_the_desk_goes_before_a_code(monkeypatch):
    desk = SimpleNamespace(get_calendar=lambda name: office(name=f"the desk's {name}"))
    monkeypatch.setitem(sys.modules, "makegood.queries.calendars", desk)
    found = answer("--from", "2026-11-06T10:30Z", "--add", "1 working day", "--calendar", "GB")
    assert found["calendar"] == "the desk's GB"


@pytest.mark.django_db
def test_a_calendar_is_found_in_the_database(monkeypatch):
    monkeypatch.delitem(sys.modules, "makegood.queries.calendars")
    kept = WorkingCalendar.objects.create(
        name="Night desk",
        zone="Europe/Berlin",
        week=[[[1320, 1440]]] * 7,
        known_until=date(2027, 12, 31),
    )
    kept.holidays.create(day=date(2026, 11, 6), name="Ball")
    found = answer(
        *("--from", "2026-11-06T10:30Z", "--add", "1 working hour", "--calendar", "night desk")
    )
    assert found["due_local"] == "2026-11-07T23:00:00+01:00"
    assert "Friday 6 November 2026: closed, Ball." in found["trace"]


@pytest.mark.django_db
def test_a_code_is_no_calendar_of_an_empty_desk(monkeypatch):
    monkeypatch.delitem(sys.modules, "makegood.queries.calendars")
    found = answer("--from", "2026-11-06T10:30Z", "--add", "1 working day", "--calendar", "GB")
    assert found["calendar"] == "GB"


def test_a_name_that_the_desk_does_not_know_is_tried_as_a_code(monkeypatch):
    def get_calendar(name):
        raise LookupError(name)

    desk = SimpleNamespace(get_calendar=get_calendar)
    monkeypatch.setitem(sys.modules, "makegood.queries.calendars", desk)
    found = answer("--from", "2026-11-06T10:30Z", "--add", "1 working day", "--calendar", "GB")
    assert found["calendar"] == "GB"


def test_the_zone_of_a_code_can_be_chosen():
    found = answer(
        *("--from", "2026-11-06T10:30", "--tz", "America/Chicago"),
        *("--add", "1 working day", "--calendar", "US-TX"),
    )
    assert found["zone"] == "America/Chicago"
    assert found["due_local"] == "2026-11-09T10:30:00-06:00"


def test_the_year_before_counts_where_it_is_still_going_on():
    found = answer(
        *("--from", "2026-01-01T00:30Z", "--add", "1 working minute", "--calendar", "US-NY")
    )
    assert found["due_local"] == "2026-01-02T09:01:00-05:00"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "nonsense", "--add", "1 day"], "not an ISO moment"),
        (["--from", "2026-11-06T10:00", "--add", "1 day"], "no offset"),
        (["--from", "9999-12-31T23:00-12:00", "--add", "1 day"], "out of range"),
        (["--from", "0001-01-01T00:00", "--tz", "Europe/London", "--add", "1 day"], "out of range"),
        (["--from", "9999-12-31T23:59", "--tz", "Europe/London", "--add", "1 day"], "out of range"),
        (["--add", "soon"], "not an amount"),
        (["--add", "0 days"], "at least 1"),
        (["--add", "1 day", "--tz", "Mars/Base"], "no time zone"),
        (["--add", "1 working day"], "needs a --calendar"),
        (["--add", "1 working day", "--calendar", "Atlantis"], 'no calendar "Atlantis"'),
        (["--add", "1 working day", "--calendar", "GB-ENGL"], "try GB, GB-ENG"),
        (["--add", "1 working day", "--calendar", "US"], "give --tz"),
        (["--add", "1 working day", "--calendar", ""], "no calendar"),
        (["--add", "1 working day", "--calendar", "missing.toml"], "cannot be read"),
        (
            ["--from", "2100-12-31T18:00Z", "--add", "1 working day", "--calendar", "GB"],
            "only until 2100-12-31",
        ),
        (
            ["--from", "2150-12-31T18:00Z", "--add", "1 working day", "--calendar", "GB"],
            "known for 1872 to 2100 only",
        ),
    ],
)
def test_bad_input_is_refused_in_one_line_without_a_traceback(arguments, says):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert isinstance(result.exception, SystemExit)


def test_the_calendar_of_a_year_far_ahead_is_known():
    found = answer(
        *("--from", "2090-01-02T10:00Z", "--add", "2500 working days", "--calendar", "GB-ENG")
    )
    assert date.fromisoformat(found["due_local"][:10]).year == 2099
    assert found["zone"] == str(ZoneInfo("Europe/London"))
