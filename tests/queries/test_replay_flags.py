"""The log's own flag is read, compared, and its difference explained."""

import pytest

from makegood.queries.replay.flags import meaning
from replay_logs import at, replay, write_log

HEADER = "id,opened,due,closed,on_time_flag"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("on_time_flag", "ONTIME", True),
        ("on_time_flag", "OVERDUE", False),
        ("On Time?", "yes", True),
        ("made_sla", "false", False),
        ("Timely response?", "1", True),
        ("overdue", "yes", False),
        ("overdue", "NO", True),
        ("sla_breached", "0", True),
        ("SLA status", "Within SLA", True),
        ("SLA status", "SLA Violated", None),
        ("SLA status", "Violated", False),
        ("SLA status", "Not met", False),
        ("SLA status", "Met", True),
        ("Exceeded Est Timeframe", "Y", False),
        ("on_time", "perhaps", None),
    ],
)
def test_flags_are_read_in_their_own_words(name, value, says):
    assert meaning(value, name=name) is says


def test_a_missing_promise_is_the_difference(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-07T10:00:00,2026-01-06T10:00:00,ONTIME",
        "2,2026-01-05T11:00:00,2026-01-07T10:00:00,2026-01-08T10:00:00,OVERDUE",
        "3,2026-01-05T12:00:00,,2026-01-08T10:00:00,ONTIME",
        "4,2026-01-05T13:00:00,,,ONTIME",
        "5,2026-01-05T14:00:00,2026-03-07T10:00:00,,ONTIME",
        "6,2026-01-05T15:00:00,2026-01-07T10:00:00,,",
        header=HEADER,
    )

    report = replay(path, as_of=at("2026-02-01T00:00:00")).report

    assert report.flag is not None
    assert report.flag.rate == 4 / 5
    assert report.promises[0].tally.kept_rate == 1 / 3
    assert [sentence.split(" ", 1)[0] for sentence in report.flag.explanation[:2]] == ["2", "1"]
    assert "a missing promise is never a kept one" in report.flag.explanation[0]
    assert "not yet kept" in report.flag.explanation[1]
    assert "empty for 1 broken" in report.flag.explanation[2]
    assert sum(cell.count for cell in report.flag.cells) == 6


def test_a_flag_that_agrees_is_said_to(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-07T10:00:00,2026-01-06T10:00:00,ONTIME",
        "2,2026-01-05T11:00:00,2026-01-07T10:00:00,2026-01-08T10:00:00,OVERDUE",
        header=HEADER,
    )

    flag = replay(path).report.flag

    assert flag is not None
    assert flag.explanation == ("The flag and the ledger agree on every request.",)


def test_without_dates_a_flag_is_reported_and_not_believed(tmp_path):
    path = write_log(
        tmp_path, "1,2026-01-05T10:00:00,true", "2,2026-01-05T10:00:00,false",
        header="id,opened,made_sla",
    )  # fmt: skip

    flag = replay(path).report.flag

    assert flag is not None
    assert (flag.on_time, flag.late, flag.silent) == (1, 1, 0)
    assert "cannot be" not in flag.explanation[0]
    assert "not checked" in flag.explanation[0]


def test_the_flag_is_told_by_severity_and_kind(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,true,P1,Disk",
        "2,2026-01-05T10:00:00,false,P1,Disk",
        "3,2026-01-05T10:00:00,false,P4,Mail",
        "4,2026-01-05T10:00:00,false,P4,Mail",
        "5,2026-01-05T10:00:00,,P4,Printer",
        header="id,opened,made_sla,priority,category",
    )

    flag = replay(path).report.flag

    assert flag is not None
    assert [(s.name, s.rate) for s in flag.by_severity] == [("P1", 0.5), ("P4", 0.0)]
    assert [(s.name, s.rate) for s in flag.by_kind] == [("Mail", 0.0), ("Disk", 0.5)]


@pytest.mark.parametrize("rows", [["1,2026-01-05T10:00:00,maybe"], ["1,2026-01-05T10:00:00,"]])
def test_a_flag_that_nobody_can_read_is_no_flag(tmp_path, rows):
    assert replay(write_log(tmp_path, *rows, header="id,opened,on_time")).report.flag is None
