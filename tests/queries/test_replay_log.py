"""A log, understood: one row per request, whatever the order of rows and the oddities of times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.queries.replay.files import LogError
from makegood.queries.replay.times import NONE, moment
from makegood.rules.severity import Severity
from replay_logs import at, read, write_log

EVENTS = "number,state,updated,opened,due,resolved_at,closed_at,category,made_sla"


def moments(column) -> list[datetime | None]:
    return [None if m == NONE else moment(m) for m in column.tolist()]


def test_the_log_ends_with_its_latest_moment(tmp_path):
    log = read(
        write_log(
            tmp_path,
            "1,2026-01-05T10:00:00,2027-01-01T00:00:00,2026-01-06T10:00:00,Bin,",
            "2,2026-01-07T10:00:00,,,Bin,",
        )
    )

    assert log.as_of == at("2026-01-07T10:00:00")


def test_a_log_can_be_read_as_it_stood_earlier(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,,2026-01-09T10:00:00,Bin,",
        "2,2026-01-07T10:00:00,,2026-01-07T11:00:00,Bin,",
        "3,2026-01-09T10:00:00,,,Bin,",
    )

    log = read(path, as_of=at("2026-01-08T00:00:00"))

    assert log.ids.tolist() == ["1", "2"]
    assert moments(log.closed) == [None, at("2026-01-07T11:00:00")]
    assert log.after_as_of == 1


def test_nothing_opened_by_then_is_refused(tmp_path):
    path = write_log(tmp_path, "1,2026-01-05T10:00:00,,,Bin,")

    with pytest.raises(LogError, match="give a later --as-of"):
        read(path, as_of=at("2020-01-01T00:00:00"))


def test_no_good_row_at_all_is_refused_with_the_first_reason(tmp_path):
    path = write_log(tmp_path, "1,soon,,,Bin,", "2,later,,,Bin,")

    with pytest.raises(LogError, match='line 2, opened is no time: "soon"'):
        read(path, opened="opened")


def test_a_second_row_of_an_id_is_counted_and_one_is_used(tmp_path):
    log = read(
        write_log(
            tmp_path,
            "1,2026-01-05T10:00:00,,2026-01-06T10:00:00,Bin,",
            "1,2026-01-05T10:00:00,,,Bin,",
            "1,2026-01-05T10:00:00,,2026-01-06T10:00:00,Bin,",
            ",2026-01-05T11:00:00,,,Bin,",
            ",2026-01-05T12:00:00,,,Bin,",
        )
    )

    assert log.ids.tolist() == ["1", "line 5", "line 6"]
    assert (log.spare_rows, log.is_event_log) == (2, False)
    assert moments(log.closed)[0] == at("2026-01-06T10:00:00")


def test_of_an_event_log_the_last_state_counts_and_the_first_promise(tmp_path):
    def event(state: str, day: int, due: int, closed: str, category: str) -> str:
        return (
            f"INC1,{state},2026-01-{day:02}T08:00:00,2026-01-05T07:00:00,"
            f"2026-01-{due:02}T10:00:00,{closed},,{category},true"
        )

    log = read(
        write_log(
            tmp_path,
            event("Closed", 9, 20, "2026-01-09T08:00:00", "network"),
            event("New", 5, 7, "", "unsorted"),
            event("Active", 6, 12, "", "unsorted"),
            header=EVENTS,
        )
    )

    assert log.is_event_log
    assert len(log) == 1
    assert moments(log.promised[0].due) == [at("2026-01-07T10:00:00")]
    assert log.promised[0].moved == 1
    assert moments(log.closed) == [at("2026-01-09T08:00:00")]
    assert log.kinds.values[log.kinds.codes[0]] == "network"
    assert log.kinds.values[log.kind_when_asked[0]] == "unsorted"


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.integers(0, 5),
        st.one_of(st.none(), st.integers(0, 9)),
        st.one_of(st.none(), st.integers(0, 9)),
        st.sampled_from(["Bin", "Lamp", ""]),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=examples(10), deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_rows_never_matters(tmp_path_factory, rows, chance):
    folder = tmp_path_factory.mktemp("order")

    def day(number: int | None) -> str:
        return "" if number is None else f"2026-01-{10 + number}T10:00:00"

    lines = [f"{id_},{day(o)},{day(d)},{day(c)},{kind}" for id_, o, d, c, kind in rows]
    shuffled = list(lines)
    chance.shuffle(shuffled)
    header = "id,opened,due,closed,kind"

    def summary(name: str, written: list[str]):
        path = write_log(folder, *written, header=header, name=name)
        try:
            log = read(path)
        except LogError as refusal:
            return str(refusal).split(";")[0].split(":")[0].replace(name, "")
        known = [not id_.startswith("line") for id_ in log.ids]
        kinds = [log.kinds.values[code] for code in log.kinds.codes]
        whole = sorted(
            zip(log.opened.tolist(), log.closed.tolist(), log.promised[0].due.tolist(), kinds,
                [id_ if k else "" for id_, k in zip(log.ids, known, strict=True)], strict=True)
        )  # fmt: skip
        return whole, len(log.bad), log.spare_rows, log.as_of

    assert summary("one.csv", lines) == summary("other.csv", shuffled)


def test_promised_days_run_to_the_end_of_the_local_day(tmp_path):
    path = write_log(tmp_path, "1,2026-01-05T10:00:00,2026-01-07,2026-01-08T01:00:00,Bin,")

    log = read(path, zone="America/Sao_Paulo")

    assert moments(log.promised[0].due) == [at("2026-01-08T03:00:00") - timedelta(microseconds=1)]
    assert log.promised[0].in_days == 1


def test_promises_that_are_all_at_midnight_are_days(tmp_path):
    rows = [f"{i},2026-01-05T10:00:00,2026-01-{10 + i % 9} 00:00:00,,Bin," for i in range(30)]

    assert read(write_log(tmp_path, *rows)).promised[0].in_days == 30
    assert read(write_log(tmp_path, *rows[:5])).promised[0].in_days == 0


def test_a_closing_day_is_not_before_an_opening_on_the_same_day(tmp_path):
    path = write_log(tmp_path, "1,2026-01-05T10:00:00,,2026-01-05,Bin,")

    assert read(path).bad == ()


def test_the_second_coming_of_a_time_saves_a_closing_before_its_opening(tmp_path):
    path = write_log(
        tmp_path,
        "1,2015-11-01T01:50:00,,2015-11-01T01:10:00,Bin,",
        "2,2015-11-01T01:10:00,,2015-11-01T01:50:00,Bin,",
        "3,2015-03-08T02:30:00,,2015-03-08T04:00:00,Bin,",
    )

    log = read(path, zone="America/New_York")

    took = {i: c - o for i, o, c in zip(log.ids, log.opened, log.closed, strict=True)}
    assert {i: span // 60_000_000 for i, span in took.items()} == {"1": 20, "2": 40, "3": 60}
    assert (log.clock.skipped, log.clock.twice) == (1, 4)
    assert log.bad == ()


def test_times_with_an_offset_are_not_local(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00+02:00,,2026-01-05T10:00:00Z,Bin,",
        "2,2026-01-05T10:00:00,,,Bin,",
    )

    log = read(path, zone="America/New_York")

    assert moments(log.opened) == [at("2026-01-05T08:00:00"), at("2026-01-05T15:00:00")]
    assert log.clock.with_offset == 2


@pytest.mark.parametrize(
    ("priority", "severity"),
    [
        ("1 - Critical", Severity.P1),
        ("P2", Severity.P2),
        ("High", Severity.P2),
        ("urgent", Severity.P1),
        ("3 - Moderate", Severity.P3),
        ("Normal", Severity.P3),
        ("4 - Low", Severity.P4),
        ("Lowest", Severity.P4),
        ("5", Severity.P4),
        ("10", Severity.P3),
        ("", Severity.P3),
    ],
)
def test_priorities_are_read_as_severities(tmp_path, priority, severity):
    path = write_log(tmp_path, f"1,2026-01-05T10:00:00,{priority}", header="id,opened,priority")

    assert read(path).severities.tolist() == [severity]


def test_moments_are_read_once_and_never_from_the_machines_clock(tmp_path):
    path = write_log(tmp_path, "1,2026-05-31T23:00:00,,,Bin,", "2,2026-06-01T01:00:00,,,Bin,")

    log = read(path)

    assert log.as_of == datetime(2026, 5, 31, 23, tzinfo=UTC)
    assert [row.what for row in log.bad] == ["opened lies in the future"]
