"""Each promised date is held to account by the rules of the live clock."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.queries.replay.ledger import RULINGS, Ruling, silence
from makegood.queries.replay.times import DAY, NONE
from makegood.rules import policy
from makegood.rules.severity import Severity
from replay_logs import at, replay, write_log

DUE = "2026-01-07T10:00:00"
END = at("2026-03-01T00:00:00")
GRACE = policy.DEFAULT[Severity.P3].grace


def rulings(replayed, column: int = 0) -> list[Ruling]:
    return [RULINGS[code] for code in replayed.ledgers[column].rulings]


@pytest.mark.parametrize(
    ("due", "closed", "status", "ruling"),
    [
        (DUE, "2026-01-07T09:59:59", "Closed", Ruling.KEPT),
        (DUE, "2026-01-07T10:00:00", "Closed", Ruling.KEPT),  # "by ten" includes ten o'clock
        (DUE, "2026-01-07T10:00:01", "Closed", Ruling.CLOSED_LATE),
        (DUE, "", "Open", Ruling.OPEN_PAST_DUE),
        (DUE, "", "Cancelled", Ruling.UNKNOWN),
        (DUE, "", "Closed", Ruling.UNKNOWN),
        ("2026-03-01T00:00:01", "", "Open", Ruling.STILL_OPEN),
        ("2026-03-01T00:00:01", "2026-01-06T00:00:00", "Closed", Ruling.KEPT),
        ("", "2026-01-06T00:00:00", "Closed", Ruling.NO_PROMISE),
        ("", "", "Open", Ruling.NO_PROMISE),
        ("2026-01-05T10:00:00", "2026-01-05T10:00:00", "Closed", Ruling.IMPOSSIBLE),
        ("2026-01-04T10:00:00", "", "Open", Ruling.IMPOSSIBLE),
        ("2026-01-07", "2026-01-07T23:59:59", "Closed", Ruling.KEPT),
        ("2026-01-07", "2026-01-08T00:00:00", "Closed", Ruling.CLOSED_LATE),
        # Of the closing only the day is known: it may have been in time.
        (DUE, "2026-01-07", "Closed", Ruling.KEPT),
        (DUE, "2026-01-08", "Closed", Ruling.CLOSED_LATE),
    ],
)
def test_what_became_of_a_promise(tmp_path, due, closed, status, ruling):
    path = write_log(
        tmp_path,
        f"1,2026-01-05T10:00:00,{due},{closed},{status}",
        header="id,opened,due,closed,status",
    )

    assert rulings(replay(path, as_of=END)) == [ruling]


@pytest.mark.parametrize(
    ("past", "ruling"),
    [
        (-timedelta(seconds=1), Ruling.STILL_OPEN),
        (GRACE, Ruling.STILL_OPEN),  # grace is time for the news to arrive
        (GRACE + timedelta(microseconds=1), Ruling.OPEN_PAST_DUE),
    ],
)
def test_an_open_promise_breaks_when_its_grace_is_over(tmp_path, past, ruling):
    path = write_log(tmp_path, f"1,2026-01-05T10:00:00,{DUE},,Bin,")

    assert rulings(replay(path, as_of=at(DUE) + past)) == [ruling]


def test_silence_lasts_from_the_date_until_the_deed_or_the_end(tmp_path):
    path = write_log(
        tmp_path,
        f"1,2026-01-05T10:00:00,{DUE},2026-01-10T10:00:00,Bin,",
        f"2,2026-01-05T11:00:00,{DUE},,Bin,",
        f"3,2026-01-05T12:00:00,{DUE},2026-01-06T10:00:00,Bin,",
    )

    replayed = replay(path, as_of=at("2026-01-17T10:00:00"))

    assert (silence(replayed.log, replayed.ledgers[0]) // DAY).tolist() == [3, 10, 0]
    report = replayed.report.promises[0].silence
    assert (report.broken, report.lasting, report.longest) == (2, 1, 10.0)
    assert dict(report.spread)["3 to 7 days"] == 1


def test_promises_of_one_request_are_judged_apart(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-06T10:00:00,2026-01-06T12:00:00,2026-01-08,2026-01-08T12:00:00",
        header="order_id,ordered,ship_by,handed_to_carrier,promised_date,delivered",
    )

    replayed = replay(path)

    assert [p.name for p in replayed.report.promises] == ["promised_date", "ship_by"]
    assert [p.deed for p in replayed.report.promises] == ["delivered", "handed_to_carrier"]
    assert rulings(replayed, 0) == [Ruling.KEPT]
    assert rulings(replayed, 1) == [Ruling.CLOSED_LATE]


def test_a_log_without_dates_promised_nothing(tmp_path):
    path = write_log(tmp_path, "1,2026-01-05T10:00:00", header="id,opened")

    replayed = replay(path)

    assert rulings(replayed) == [Ruling.NO_PROMISE]
    assert replayed.report.promises[0].tally.kept_rate is None


MINUTES = st.one_of(st.none(), st.integers(0, 4000))


@settings(max_examples=examples(10), deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2000), MINUTES, MINUTES), min_size=1, max_size=12),
    st.integers(0, 5000),
)
def test_the_ledger_accounts_for_every_row(tmp_path_factory, rows, end):
    start = at("2026-01-05T10:00:00")

    def text(minutes: int | None) -> str:
        return "" if minutes is None else (start + timedelta(minutes=minutes)).isoformat()

    path = write_log(
        tmp_path_factory.mktemp("sum"),
        "1,2026-01-05T10:00:00+00:00,,,Bin",
        *(f"{i},{text(o)},{text(d)},{text(c)},Bin" for i, (o, d, c) in enumerate(rows, start=2)),
        header="id,opened,due,closed,kind",
    )

    replayed = replay(path, as_of=start + timedelta(minutes=end))

    log, promise = replayed.report.log, replayed.report.promises[0]
    promised = int((replayed.log.promised[0].due != NONE).sum())
    assert log.requests + log.bad_rows + log.spare_rows + log.after_as_of == log.rows_read
    assert log.rows_read == len(rows) + 1
    assert promise.tally.total == log.requests
    assert promise.tally.no_promise == log.requests - promised
    assert sum(row.tally.total for row in promise.by_kind) == log.requests
    assert sum(n for _, n in promise.silence.spread) == promise.tally.broken
    assert sum(row.tally.total for row in promise.by_month) + promise.due_later == promised


def test_months_are_those_of_the_due_date_on_the_local_calendar(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,2026-01-31T23:30:00,2026-01-06T10:00:00,Bin,",
        "2,2026-01-05T10:00:00,2026-02-01T00:30:00,,Bin,",
        "3,2026-01-05T10:00:00,2026-06-01T00:30:00,,Bin,",
    )

    promise = replay(path, zone="America/New_York", as_of=END).report.promises[0]

    assert [(row.month, row.tally.kept, row.tally.broken) for row in promise.by_month] == [
        ("2026-01", 1, 0),
        ("2026-02", 0, 1),
    ]
    assert promise.by_month[1].is_whole is False
    assert promise.due_later == 1


def test_padded_and_wishful_promises_are_told_apart(tmp_path):
    def rows(kind: str, due_day: int, closed_day: int) -> list[str]:
        return [
            f"{kind}{i},2026-01-05T10:{i:02}:00,2026-01-{due_day:02}T10:{i:02}:00,"
            f"2026-01-{closed_day:02}T10:00:00,{kind},"
            for i in range(25)
        ]

    path = write_log(tmp_path, *rows("Bin", 25, 7), *rows("Lamp", 6, 9), *rows("Tree", 10, 9))

    kinds = {row.kind: row.honesty for row in replay(path).report.promises[0].by_kind}

    assert {k: (h.is_padded, h.is_wishful) for k, h in kinds.items()} == {
        "Bin": (True, False),
        "Lamp": (False, True),
        "Tree": (False, False),
    }
    assert kinds["Bin"].promised == pytest.approx(20)
    assert kinds["Bin"].taken == pytest.approx(2, abs=0.02)
