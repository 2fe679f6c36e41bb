"""What Makegood would have done: the ladder's own steps, no guesses."""

from datetime import timedelta

import pytest

from makegood.queries.replay.replaying import Choices, replay_log
from makegood.rules import policy
from makegood.rules.escalation import Role
from makegood.rules.severity import Severity
from replay_logs import NOW, at, replay, write_log

STRICT = policy.from_document(
    {
        "P3": {
            "news_within": "1 hour",
            "rungs": [
                {"share": 0.1, "role": "owner"},
                {"share": 0.2, "role": "lead"},
                {"share": 0.9, "role": "executive"},
            ],
        }
    }
)


def replay_at(path, policies, as_of):
    choices = Choices(policies={"strict": policies}, as_of=as_of)
    return replay_log([path], choices=choices, now=NOW).report.would_have[0]


def row(number: int, closed: str, due: str = "2026-01-15T10:00:00") -> str:
    return f"{number},2026-01-05T10:00:00,{due},{closed},Bin,"


def test_rungs_speak_until_the_deed_or_the_break(tmp_path):
    path = write_log(
        tmp_path,
        row(1, "2026-01-06T09:59:59"),  # done before the first rung, at a tenth of ten days
        row(2, "2026-01-06T10:00:01"),
        row(3, "2026-01-15T10:00:00"),
        row(4, "2026-01-15T11:00:00"),
        row(5, ""),
    )

    found = replay_at(path, STRICT, at("2026-01-20T00:00:00"))

    assert [
        (r.level, r.role, r.spoken, r.before_a_break, r.before_a_kept) for r in found.rungs
    ] == [
        (1, Role.OWNER, 4, 2, 2),
        (2, Role.LEAD, 3, 2, 1),
        (3, Role.EXECUTIVE, 3, 2, 1),
    ]
    assert found.rungs[0].lead == timedelta(days=9)
    assert (found.broken, found.warned_before_break, found.apologies) == (2, 2, 2)
    assert found.on_break == {Role.EXECUTIVE: 2}


def test_rungs_that_are_not_due_at_the_logs_end_have_not_spoken(tmp_path):
    found = replay_at(write_log(tmp_path, row(1, "")), STRICT, at("2026-01-06T12:00:00"))

    assert [(r.level, r.spoken) for r in found.rungs] == [(1, 1)]
    assert found.broken == 0


@pytest.mark.parametrize(
    ("closed", "new_dates"),
    [("2026-01-15T10:59:59", 0), ("2026-01-15T11:00:00", 0), ("2026-01-15T11:00:01", 1), ("", 1)],
)
def test_a_new_date_is_owed_unless_the_thing_itself_comes_first(tmp_path, closed, new_dates):
    found = replay_at(write_log(tmp_path, row(1, closed)), STRICT, at("2026-01-20T00:00:00"))

    assert (found.new_dates, found.done_before_news) == (new_dates, 1 - new_dates)


def test_news_within_a_working_day_waits_over_the_weekend(tmp_path):
    # Due on Friday at 16:00: one working day later is Monday at 16:00.
    due = "2026-01-16T16:00:00"
    path = write_log(
        tmp_path, row(1, "2026-01-19T16:00:00", due), row(2, "2026-01-19T16:00:01", due)
    )

    found = replay(path).report.would_have[0]

    assert policy.DEFAULT[Severity.P3].news_within.quantity == 1
    assert (found.done_before_news, found.new_dates) == (1, 1)


def test_the_priority_of_the_log_chooses_the_ladder(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-15T10:00:00,,1 - Critical",
        "2,2026-01-05T10:00:00,2026-01-15T10:00:00,,Low",
        header="id,opened,due,closed,priority",
    )

    found = replay(path, as_of=at("2026-01-20T00:00:00")).report.would_have[0]

    assert found.severities == {Severity.P1: 1, Severity.P4: 1}
    assert found.on_break[Role.EXECUTIVE] >= 1


def test_a_second_break_of_one_request_counts_as_one(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-06T10:00:00,,2026-01-15T10:00:00,,1",
        header="id,ordered,ship_by,shipped_at,promised_at,delivered,priority",
    )

    found = replay(path, as_of=at("2026-01-20T00:00:00")).report.would_have[0]

    assert found.broken == 2
    assert found.on_break == {Role.EXECUTIVE: 2}


def test_impossible_and_unknown_promises_are_left_alone(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-05T10:00:00,,Open",
        "2,2026-01-05T10:00:00,2026-01-07T10:00:00,,Cancelled",
        header="id,opened,due,closed,status",
    )

    found = replay(path, as_of=at("2026-01-20T00:00:00")).report.would_have[0]

    assert (found.broken, found.rungs) == (0, ())
