"""`makegood replay` as people call it: text, JSON, a page, ranges; one line for what is wrong."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from makegood.doors.cli.replay import replay
from makegood.doors.cli.replay_words import days, percent, shown
from replay_logs import write_log

APP = typer.Typer()
APP.command()(replay)

HEADER = "id,opened,due,closed,kind,on_time,note"
ROWS = (
    "1001,2026-01-05T10:00:00,2026-01-07T10:00:00,2026-01-06T10:00:00,Bin,yes,See case #1002",
    "1002,2026-01-05T11:00:00,2026-01-07T10:00:00,2026-01-09T10:00:00,Bin,no,",
    "1003,2026-01-05T12:00:00,,2026-01-08T10:00:00,Lamp,yes,",
    "1004,2026-01-05T13:00:00,2026-01-20T10:00:00,,Lamp,yes,",
    "1005,2026-01-05T14:00:00,2026-01-07T10:00:00,,Lamp,no,",
    "1006,2026-01-05T14:00:00,2026-01-07T10:00:00,,Lamp,no,duplicate of 1005",
    "1007,soon,,,Lamp,,",
    "1008,2026-01-09T14:00:00,,,Lamp,,",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(APP, [str(argument) for argument in arguments])


@pytest.fixture
def log(tmp_path) -> Path:
    return write_log(tmp_path, *ROWS, header=HEADER)


def queue(folder: Path, *, days_: int = 120) -> Path:
    rows = [
        f"{i},2026-{1 + i // 28:02}-{1 + i % 28:02}T10:{j:02}:00,"
        f",2026-{1 + (i + 1) // 28:02}-{1 + (i + 1) % 28:02}T{j:02}:30:00,Bin,,"
        for i in range(days_)
        for j in range(4)
    ]
    return write_log(folder, *rows, header=HEADER.replace("id,", "nothing,"), name="queue.csv")


def test_the_text_says_what_became_of_every_promise(log):
    result = run(log)

    assert result.exit_code == 0, result.output
    for words in (
        "Of 4 promises that came due, 3 were broken: 25.0% kept.",
        "8 rows: 7 requests, 1 set aside as bad.",
        "No promise given",
        "The flag calls 50.0% on time (3 of 6).",
        "a missing promise is never a kept one",
        "Of 1 that count as kept, 1 were done, but late.",
        "Apologies owed: 3",
        'line 8: opened is no time: "soon"',
        "Times without an offset are read as local times of UTC.",
    ):
        assert words in result.stdout
    assert "Traceback" not in result.output


def test_the_json_holds_every_figure(log, tmp_path):
    result = run(log, "--json", tmp_path / "report.json", "--tz", "Europe/Berlin")

    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "report.json").read_text())
    tally = report["promises"][0]["tally"]
    assert report["makegood_replay"] == 1
    assert (tally["kept"], tally["broken"], tally["still_open"], tally["no_promise"]) == (
        1,
        3,
        1,
        2,
    )
    assert tally["kept_rate"] == 0.25
    assert report["log"]["zone"] == "Europe/Berlin"
    assert report["log"]["files"][0]["columns"][0] == {
        "part": "opened", "column": "opened", "why": "known by its name", "near": [],
        "otherwise": "",
    }  # fmt: skip
    assert report["bad"] == [
        {"file": "log.csv", "line": 8, "what": "opened is no time", "detail": '"soon"',
         "reason": 'opened is no time: "soon"'}
    ]  # fmt: skip
    assert report["ranges"]["overall"][0]["level"] == 0.8


def test_the_ranges_can_be_scored_by_anybody(tmp_path):
    path = queue(tmp_path)
    result = run(path, "--ranges", tmp_path / "ranges.jsonl", "--tz", "America/New_York")

    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in (tmp_path / "ranges.jsonl").read_text().splitlines()]
    assert {line["level"] for line in lines} == {0.8, 0.9}
    for line in lines:
        assert list(line) == ["id", "asked_at", "level", "earliest", "latest"]
        asked, earliest, latest = (
            datetime.fromisoformat(line[key]) for key in ("asked_at", "earliest", "latest")
        )
        assert asked <= earliest <= latest
        assert latest.utcoffset() is not None


class Page(HTMLParser):
    """What a browser would make of a page: its tags, its words and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in ("meta", "line"):
            self.open.append(tag)
        self.fetched += [value for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_endtag(self, tag):
        if tag in self.open:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_is_whole_and_asks_nothing_of_any_network(log, tmp_path):
    result = run(log, "--html", tmp_path / "page.html")

    assert result.exit_code == 0, result.output
    text = (tmp_path / "page.html").read_text()
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert not {"script", "link", "iframe", "img", "object"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert re.findall(r"https?://\S+", text) == []
    assert "Of 4 promises that came due, 3 were broken: 25.0% kept." in "".join(page.words)


EVIL = '<script>alert("x")</script>&amp;\x1b[31m=cmd|calc'


def test_what_a_log_holds_is_never_taken_for_code(tmp_path):
    header = ["id", "opened", "due", EVIL.replace(",", ""), "kind", "on_time"]
    rows = [
        [f"{EVIL}{i}", "2026-01-05T10:00:00", "2026-01-07T10:00:00", "", EVIL, "no"]
        for i in range(40)
    ]
    rows.append(["x", EVIL, "", "", "", ""])
    quoted = [",".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row) for row in rows]
    path = write_log(
        tmp_path, *quoted, header=",".join(f'"{c.replace(chr(34), 2 * chr(34))}"' for c in header),
        name="<b>log.csv",
    )  # fmt: skip

    result = run(
        path, "--closed", header[3], "--html", tmp_path / "page.html", "--as-of", "2026-02-01"
    )

    assert result.exit_code == 0, result.output
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "<b>log" not in page
    assert "\x1b" not in page
    assert "\x1b[31m=cmd" not in result.stdout


def test_a_policy_from_a_file_stands_beside_the_default(log, tmp_path):
    policy = tmp_path / "own.toml"
    policy.write_text('[P3]\nrungs = [{share = 0.3, role = "executive"}]\n')

    result = run(log, "--policy", policy)

    assert result.exit_code == 0, result.output
    assert "at the default policy" in result.stdout
    assert "at the policy in own.toml" in result.stdout
    assert "3 to the executive" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--opened", "nowhere"], "has no column nowhere for --opened"),
        (["--tz", "Mars/Olympus"], "Mars/Olympus"),
        (["--as-of", "yesterday"], '--as-of "yesterday" is not an ISO moment'),
        (["--as-of", "1999-01-01"], "give a later --as-of"),
        (["--policy", "nowhere.toml"], "nowhere.toml cannot be read"),
        (["--json", "/nowhere/at/all.json"], "/nowhere/at/all.json cannot be written"),
        (["--html", "/nowhere/at/all.html"], "cannot be written"),
        (["--ranges", "/nowhere/at/all.jsonl"], "cannot be written"),
        (["--closed", "closed", "--closed", "due"], "2 closed columns for 1 promises"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(log, arguments, says):
    result = run(log, *arguments)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("policy", "says"),
    [("[P3", "is not a TOML file"), ("[P9]\n", "Unknown table P9"), ("\xff", "own.toml")],
)
def test_a_policy_that_makes_no_sense_is_refused(log, tmp_path, policy, says):
    path = tmp_path / "own.toml"
    path.write_bytes(policy.encode("latin-1"))

    result = run(log, "--policy", path)

    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2" * 100, b"id,opened\n", b"\x1f\x8b\x08", b"{}\n", b'"', b"a\nb\n"]
)
def test_no_file_brings_it_down(tmp_path, content):
    path = tmp_path / "log.csv"
    path.write_bytes(content)

    result = run(path)

    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    assert str(result.exception) == "2"


def test_a_terminal_that_knows_ascii_alone_is_no_obstacle(log):
    code = "import sys; from pathlib import Path; from makegood.doors.cli.replay import replay; "
    code += "replay([Path(sys.argv[1])])"
    ran = subprocess.run(
        [sys.executable, "-c", code, log],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )

    assert ran.returncode == 0, ran.stderr
    assert b"25.0% kept" in ran.stdout


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.634, "63.4%"), (1.0, "100.0%"), (0.9999, ">99.9%"), (0.0001, "<0.1%"), (0.0, "0.0%"),
     (None, "\N{EN DASH}")],
)  # fmt: skip
def test_shares_are_never_rounded_to_all_or_nothing(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [(0.0, "0 seconds"), (30 / 86400, "30 seconds"), (5 / 1440, "5.0 minutes"),
     (0.5, "12 hours"), (1.5, "36 hours"), (2.5, "2.5 days"), (39.1, "39 days"),
     (1000.0, "2.7 years")],
)  # fmt: skip
def test_lengths_are_said_in_the_unit_that_suits_them(length, words):
    assert days(length) == words


def test_control_characters_never_reach_a_terminal():
    assert shown("a\x1b[2Jb\u202e") == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}"
