"""`makegood replay --load` puts a log's open requests into the desk, once, with their promises."""

from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner, Result

from makegood.clockwork import ticks
from makegood.doors.cli.replay import replay
from makegood.queries import verify
from makegood.records.models import Case, Contact, Message, PastPromise, Promise, Report
from makegood.rules.promises import Outcome
from makegood.rules.severity import Severity
from replay_logs import write_log
from world import a_person, a_team

APP = typer.Typer()
APP.command()(replay)

pytestmark = pytest.mark.django_db
HEADER = "id,opened,due,closed,kind,status,priority"
ROWS = (
    "1,2026-01-05T10:00:00,2026-01-07T10:00:00,,Bin,Open,High",
    "2,2026-01-05T11:00:00,2026-01-07,2026-01-06T10:00:00,Bin,Closed,Low",
    "3,2026-01-05T12:00:00,2099-01-07,,Lamp,Open,",
    "4,2026-01-05T13:00:00,,,Lamp,Open,",
    "5,2026-01-05T14:00:00,2026-01-05T14:00:00,,Lamp,Open,",
    "6,2026-01-05T15:00:00,2026-01-07T10:00:00,,Lamp,Cancelled,",
)


def load(path, *arguments: str) -> Result:
    return CliRunner().invoke(APP, [str(path), "--load", "--tz", "Europe/London", *arguments])


@pytest.fixture
def log(tmp_path):
    return write_log(tmp_path, *ROWS, header=HEADER)


def test_open_requests_become_cases_with_owners_and_the_promises_they_were_given(log):
    laura = a_person()

    result = load(log)

    assert result.exit_code == 0, result.output
    assert "Cases opened: 4, with promises of the log: 2." in result.stdout
    cases = {case.customer.name: case for case in Case.objects.filter(is_canary=False)}
    assert set(cases) == {"Request 1", "Request 3", "Request 4", "Request 5"}
    assert {case.owner.team for case in cases.values()} == {laura.team}
    assert cases["Request 1"].severity == Severity.P2
    assert cases["Request 4"].severity == Severity.P3
    assert cases["Request 1"].known_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    given = Promise.objects.exclude(kind="news")
    assert [(p.case.customer.name, p.words, p.precision) for p in given.order_by("pk")] == [
        ("Request 1", "due: 10:00 on Wednesday 7 January 2026", "instant"),
        ("Request 3", "due: 23:59 on Wednesday 7 January 2099", "date"),
    ]
    assert {(p.speaker, p.speaker_name) for p in given} == {("log", log.name)}
    assert all(case.promises.filter(kind="news", outcome=None).exists() for case in cases.values())
    assert not Contact.objects.exists()


def test_what_had_passed_is_broken_at_the_clocks_next_round_and_every_law_holds(log):
    a_person()
    load(log)

    ticks.tick(now=Report.objects.latest("pk").recorded_at)

    broken = Promise.objects.exclude(kind="news").get(case__customer__name="Request 1")
    assert broken.outcome == Outcome.BROKEN
    assert broken.settled_at == datetime(2026, 1, 7, 10, tzinfo=UTC)
    assert Message.objects.filter(promise=broken).exists()
    assert verify.run() == []


def test_what_was_over_by_the_logs_end_comes_onto_the_wall_and_is_no_case(tmp_path):
    a_person()
    log = write_log(
        tmp_path,
        *ROWS,
        "7,2026-01-05T10:00:00,2026-01-06T10:00:00,2026-01-06T10:00:01,Bin,Closed,",
        "8,2026-01-05T10:00:00,2026-01-05T09:00:00,2026-01-06T10:00:01,Bin,Closed,",
        "9,2026-01-05T10:00:00,,2026-01-06T10:00:01,Bin,Closed,",
        header=HEADER,
    )

    result = load(log)

    assert "Promises that were over and came onto the wall: 2." in result.stdout
    over = PastPromise.objects.order_by("external_id")
    assert [(one.external_id, one.done_at <= one.due_at) for one in over] == [
        ("2", True),
        ("7", False),
    ]
    assert {(one.log, one.name) for one in over} == {(log.name, "due")}
    assert "over and came onto the wall: 0." in load(log).stdout
    assert PastPromise.objects.count() == 2


TWO = "id,opened,due,closed,kind,status,answer due,answered"
TWICE = ("--due", "due", "--due", "answer due", "--closed", "closed", "--closed", "answered")
CLOSED, ANSWERED = "2026-01-06T16:00:00", "2026-01-06T11:00:00"


def a_request(number: str, *, closed: str = "", answered: str = "") -> str:
    status = "Closed" if closed else "Open"
    answer = f"2026-01-06T10:00:00,{answered}"
    return f"{number},2026-01-05T10:00:00,2026-01-07T10:00:00,{closed},Bin,{status},{answer}"


def load_two(folder, *rows: str) -> set[tuple[str, str]]:
    """Loads them as the log of that day, and returns what is on the wall of no case."""
    result = load(write_log(folder, *rows, header=TWO), *TWICE)
    assert result.exit_code == 0, result.output
    return set(PastPromise.objects.values_list("external_id", "name"))


def test_what_is_over_in_a_newer_copy_of_the_log_is_not_counted_beside_its_case(tmp_path):
    a_person()
    first = load_two(tmp_path, a_request("1"), a_request("2", answered=ANSWERED))

    grown = load_two(
        tmp_path,
        a_request("1", closed=CLOSED, answered=ANSWERED),
        a_request("2", closed=CLOSED, answered=ANSWERED),
        a_request("3", closed=CLOSED, answered=ANSWERED),
    )

    assert first == {("2", "answer due")}
    assert grown == first | {("3", "due"), ("3", "answer due")}
    given = Promise.objects.exclude(kind="news")
    assert {(one.case.customer.name, one.words.split(":")[0]) for one in given} == {
        ("Request 1", "due"),
        ("Request 1", "answer due"),
        ("Request 2", "due"),
    }
    assert verify.run() == []


def test_what_was_over_and_is_open_again_becomes_a_case_without_the_promise_that_counts(tmp_path):
    a_person()
    first = load_two(tmp_path, a_request("1", closed=CLOSED))

    again = load_two(tmp_path, a_request("1"))

    assert first == again == {("1", "due")}
    assert Case.objects.filter(is_canary=False).count() == 1
    given = Promise.objects.exclude(kind="news")
    assert [one.words.split(":")[0] for one in given] == ["answer due"]


def test_loading_again_changes_nothing(log):
    a_person()
    load(log)
    before = (Case.objects.count(), Promise.objects.count(), Report.objects.count())

    result = load(log)

    assert "Cases opened: 0, with promises of the log: 0." in result.stdout
    assert "In the desk already: 4." in result.stdout
    assert (Case.objects.count(), Promise.objects.count(), Report.objects.count()) == before


def test_cases_are_shared_out_evenly_among_a_team(log):
    team = a_team("lamps")
    a_person("Laura Bennett")

    load(log, "--team", "lamps")

    owned = [person.cases.count() for person in team.members.all()]
    assert sorted(owned) == [1, 1, 2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((), "The desk has nobody who could own a case"), (("--team", "x"), "The team x has nobody")],
)
def test_nobody_to_own_them_is_said_in_one_line(log, arguments, says):
    result = load(log, *arguments)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Case.objects.filter(is_canary=False).exists()
