"""Ranges from what was known on the day: no look ahead, honest refusals, true coverage."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from makegood.queries.replay.asking import ASKED_AFTER
from makegood.queries.replay.documents import range_lines
from makegood.queries.replay.ranges import ask_for_ranges
from makegood.queries.replay.scores import score_ranges
from makegood.queries.replay.times import DAY, NONE, micros
from replay_logs import at, read, replay, write_log

START = datetime(2025, 1, 1, tzinfo=UTC)


def simulated(
    folder: Path, *, days: int, per_day: int, seed: int = 1, kinds: tuple[str, ...] = ("Bin",)
) -> Path:
    """A steady queue: a log-normal time for each kind, the later kinds slower."""
    chance = np.random.default_rng(seed)
    rows = []
    for i in range(days * per_day):
        opened = START + timedelta(days=i / per_day)
        kind = int(chance.integers(len(kinds)))
        took = timedelta(days=float(chance.lognormal(0.5 + kind, 0.8)))
        closed = opened + took
        end = START + timedelta(days=days)
        shown = closed.isoformat() if closed <= end else ""
        rows.append(f"{i},{opened.isoformat()},,{shown},{kinds[kind]},")
    return write_log(folder, *rows)


def spans(log, *, of: str = "answers") -> dict[tuple[str, int, float], tuple[int, int]]:
    asks = ask_for_ranges(log)
    return {
        (log.ids[place], int(asks.after[i]), answers.level): (
            int(answers.earliest[i]),
            int(answers.latest[i]),
        )
        for answers in getattr(asks, of)
        for i, place in enumerate(asks.places)
        if answers.latest[i] != NONE
    }


@pytest.fixture(scope="module")
def steady(tmp_path_factory) -> Path:
    return simulated(tmp_path_factory.mktemp("steady"), days=200, per_day=25, kinds=("Bin", "Lamp"))


def test_ranges_of_a_steady_queue_hold_their_levels(steady):
    report = replay(steady).report.ranges

    assert report.overall[0].coverage == pytest.approx(0.8, abs=0.03)
    assert report.overall[1].coverage == pytest.approx(0.9, abs=0.03)
    assert report.overall[0].median_width < report.overall[1].median_width


@pytest.mark.parametrize("of", ["answers", "yardstick"])
def test_nothing_that_happens_later_changes_an_earlier_answer(steady, of):
    end = START + timedelta(days=90)
    whole, cut = spans(read(steady), of=of), spans(read(steady, as_of=end), of=of)

    assert len(cut) > 3000
    assert {key: whole[key] for key in cut} == cut
    log = read(steady)
    opened = dict(zip(log.ids.tolist(), log.opened.tolist(), strict=True))
    asked_by_then = {key for key in whole if opened[key[0]] + key[1] <= micros(end)}
    assert asked_by_then == set(cut)


def test_without_history_there_is_no_range(tmp_path):
    rows = [f"{i},2026-01-05T10:00:00,,2026-01-05T12:00:00,Bin," for i in range(100)]

    report = replay(write_log(tmp_path, *rows)).report.ranges

    assert (report.asked, report.without_range) == (100, 100)
    assert report.overall[0].coverage is None


def test_a_young_kind_is_answered_from_all_kinds(tmp_path):
    old = [
        f"{i},2026-01-{5 + i % 5:02}T10:00:00,,2026-01-{6 + i % 5:02}T{i % 24:02}:00:00,Bin,"
        for i in range(60)
    ]
    new = ["young,2026-01-20T10:00:00,,2026-01-21T10:00:00,Lamp,"]

    log = read(write_log(tmp_path, *old, *new))
    asks = ask_for_ranges(log)

    place = asks.places.tolist().index(log.ids.tolist().index("young"))
    assert not asks.from_own_kind[place]
    assert asks.answers[0].given[place]


def test_a_queue_that_hardly_ever_closes_never_gets_a_quick_date(tmp_path):
    open_ones = [f"o{i},2026-01-{5 + i % 20:02}T10:00:00,,,Tree," for i in range(100)]
    closed = [
        f"c{i},2026-01-{5 + i % 20:02}T10:00:00,,2026-01-{6 + i % 20:02}T10:00:00,Tree,"
        for i in range(40)
    ]
    asked = ["asked,2026-02-20T10:00:00,,2026-02-21T10:00:00,Tree,"]

    log = read(write_log(tmp_path, *open_ones, *closed, *asked))

    found = spans(log).get(("asked", ASKED_AFTER, 0.8))
    assert found is None or found[1] - found[0] > 60 * DAY
    assert ("asked", ASKED_AFTER, 0.8) not in spans(log, of="yardstick")
    assert ask_for_ranges(log).from_own_kind[-1]


def test_recent_closings_count_more_than_old_ones(tmp_path):
    def queue(month: int, days: int) -> list[str]:
        opened = [datetime(2025, month, 1 + i % 28, 10, tzinfo=UTC) for i in range(60)]
        return [
            f"{month}-{i},{o.isoformat()},,{(o + timedelta(days=days, minutes=i)).isoformat()},Bin,"
            for i, o in enumerate(opened)
        ]

    log = read(
        write_log(
            tmp_path, *queue(1, 20), *queue(10, 2),
            "asked,2025-12-20T10:00:00,,2025-12-21T10:00:00,Bin,",
        )
    )  # fmt: skip

    found = spans(log)
    opened = int(log.opened[log.ids.tolist().index("asked")])
    earliest, _ = found["asked", ASKED_AFTER, 0.8]
    _, latest = found["asked", ASKED_AFTER, 0.9]
    assert timedelta(microseconds=latest - opened) < timedelta(days=5)
    assert timedelta(microseconds=earliest - opened) >= timedelta(days=1)


def test_what_closes_within_a_minute_is_not_asked_about(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,,2026-01-05T10:00:59,Bin,",
        "2,2026-01-05T10:00:00,,2026-01-05T10:01:00,Bin,",
        "3,2026-01-05T10:00:00,,,Bin,",
    )

    report = replay(path, as_of=at("2026-01-06T00:00:00")).report.ranges

    assert (report.asked, report.after_the_fact) == (2, 1)


def test_a_request_closed_at_an_unknown_time_teaches_nothing(tmp_path):
    path = write_log(
        tmp_path,
        "1,2026-01-05T10:00:00,,Closed",
        "2,2026-01-05T10:00:00,2026-01-05T11:00:00,Closed",
        header="id,opened,closed,status",
    )

    assert replay(path).report.ranges.asked == 1


def test_open_requests_past_the_upper_end_count_as_late(steady):
    log = read(steady, as_of=START + timedelta(days=150))
    report = score_ranges(log, ask_for_ranges(log))

    score = report.overall[0]
    assert score.decided + score.undecided == score.given
    assert score.undecided > 0
    stuck = read(steady, as_of=START + timedelta(days=150))
    stuck.closed[:] = np.where(stuck.opened > stuck.opened[2000], NONE, stuck.closed)
    worse = score_ranges(stuck, ask_for_ranges(log)).overall[0]
    assert worse.late > score.late
    assert worse.coverage < score.coverage


def test_scores_by_month_and_kind_add_up(steady):
    report = replay(steady).report.ranges

    for level in (0, 1):
        for rows in (report.by_month, report.by_kind):
            assert sum(r.scores[level].held for r in rows) == report.overall[level].held
            assert sum(r.scores[level].given for r in rows) == report.overall[level].given


def test_a_log_without_closings_gets_no_ranges(tmp_path):
    path = write_log(tmp_path, "1,2026-01-05T10:00:00", header="id,opened")

    replayed = replay(path)

    assert replayed.report.ranges.asked == 0
    assert list(range_lines(replayed)) == []
