"""`makegood words` answers each message in one JSON line, and reports lines that it cannot read."""

import json

import pytest
import typer
from typer.testing import CliRunner

from makegood.doors.cli.words import words

APP = typer.Typer()
APP.command()(words)
AT = ("--now", "2026-06-03T10:00", "--tz", "Europe/London")


def run(text, *arguments):
    return CliRunner().invoke(APP, arguments, input=text)


def answers(text, *arguments):
    result = run(text, "--jsonl", *AT, *arguments)
    return [json.loads(line) for line in result.stdout.splitlines()]


def line(**row):
    return json.dumps(row) + "\n"


def test_a_text_is_answered_in_one_line():
    result = run("Sorry if you had to wait. We will call you by 5pm tomorrow.", *AT)
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer == {
        "id": None,
        "findings": [
            {
                "rule": "NONAPOLOGY",
                "level": "E",
                "start": 0,
                "end": 12,
                "reason": "It apologises on a condition, or for the customer's feelings.",
                "better": "Say sorry for what we did, name it, and say what it cost the customer.",
            }
        ],
        "promises": [
            {
                "quote": "We will call you by 5pm tomorrow",
                "kind": "callback",
                "due_words": "by 5pm tomorrow",
                "earliest": None,
                "due": "2026-06-04T17:00:00+01:00",
                "precision": "instant",
            }
        ],
    }


def test_every_line_has_its_answer_in_order():
    text = line(id="a", text="All is well.") + "\n" + line(id=2, text="Please call us.")
    assert [(one["id"], len(one["findings"])) for one in answers(text)] == [("a", 0), (2, 1)]


def test_bad_lines_are_reported_by_number_and_the_good_ones_answered():
    text = "no\n" + line(id="a", text="Well.") + '[1]\n{"id": "b"}\n{"text": 3}\n' + '{"id": []}\n'
    result = run(text, "--jsonl")
    assert result.exit_code != 0
    assert [json.loads(one)["id"] for one in result.stdout.splitlines()] == ["a"]
    reported = [one.partition(":")[0] for one in result.stderr.splitlines()]
    assert reported == ["Line 1", "Line 3", "Line 4", "Line 5", "Line 6"]


@pytest.mark.parametrize(
    "context",
    [5, [], {"our_fault": "yes"}, {"owner": 3}, {"true_dates": ["soon"]}, {"true_dates": 7}],
)
def test_a_bad_context_is_reported(context):
    result = run(line(id="a", text="Well.", context=context), "--jsonl")
    assert result.exit_code != 0
    assert result.stderr.startswith("Line 1: ")
    assert "Traceback" not in result.output


def test_context_is_heard():
    thanks = line(text="Thank you for your patience.", context={"our_fault": True, "more": 1})
    inbound = line(text="You should have told me! I will call by 5pm.", context={"inbound": True})
    date = line(text="We collect it tomorrow.", context={"true_dates": ["2026-06-09"]})
    given = answers(thanks + inbound + date)
    assert [[one["rule"] for one in each["findings"]] for each in given] == [
        ["THANKS_ONLY"],
        [],
        ["OVERPROMISE"],
    ]
    assert given[1]["promises"] == []


@pytest.mark.parametrize(
    "arguments",
    [("--now", "soon"), ("--tz", "Nowhere/Town"), ("--now", "0001-01-01T00:00")],
)
def test_a_bad_moment_or_zone_is_refused_in_one_line(arguments):
    result = run("Well.", *arguments)
    assert result.exit_code != 0
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["", "\U0001f600", "\ud83d", "\x00", "word " * 30_000, "Der Monteur kommt um neun Uhr."]
)
def test_odd_texts_are_answered(text):
    [answer] = answers(line(id="odd", text=text))
    assert answer["id"] == "odd"


def test_bytes_that_are_no_text_are_reported():
    result = run(b"\xff\xfe\n" + line(text="Well.").encode(), "--jsonl")
    assert result.exit_code != 0
    assert len(result.stdout.splitlines()) == 1
