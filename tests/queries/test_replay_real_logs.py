"""Real request logs that nobody here wrote: what their sources say must come out.

Each run replays one log of each sort; `make test-long` those that are like one of them.
"""

from pathlib import Path

import pytest

from makegood.queries.replay.columns import Part
from makegood.queries.replay.ranges import ask_for_ranges
from makegood.queries.replay.replaying import Replay
from makegood.queries.replay.times import NONE
from replay_logs import at, read, replay

ZONES = {"boston": "America/New_York", "baltimore": "America/New_York", "nyc": "America/New_York",
         "olist": "America/Sao_Paulo"}  # fmt: skip


@pytest.fixture(scope="module")
def replayed(shared_data: Path):
    """Each log replayed once, by the name of its folder."""
    done: dict[str, Replay] = {}

    def get(name: str, **wanted) -> Replay:
        if name not in done:
            paths = sorted((shared_data / name).glob("*.csv.gz"))
            if not paths:
                pytest.skip(f"needs {name} in {shared_data}")
            zone = ZONES.get(name.split("-", maxsplit=1)[0], "UTC")
            done[name] = replay(*paths, zone=zone, **wanted)
        return done[name]

    return get


def test_boston_2015_counts_only_promises_that_were_given(replayed):
    report = replayed("boston-311-2015").report
    tally = report.promises[0].tally

    # A plain count over the file gives 58,119 rows, 14,527 without a target, 84 closed before
    # they were opened (44 of these without a target) and 7 due at the moment of their opening.
    assert (report.log.rows_read, report.log.requests) == (58_119, 58_035)
    assert report.bad_by_reason == {"closed lies before opened": 84}
    assert tally.no_promise == 14_527 - 44
    assert tally.impossible == 7
    assert tally.total == report.log.requests
    assert tally.kept + tally.closed_late == pytest.approx(27_295 + 9_962 + 63, abs=84)
    assert report.log.as_of == at("2016-01-12T18:58:43")


def test_bostons_flag_calls_every_request_without_a_date_on_time(replayed):
    report = replayed("boston-311-2015").report
    flag, tally = report.flag, report.promises[0].tally

    assert flag is not None
    assert flag.name == "on_time_flag"
    assert flag.rate == pytest.approx(0.730, abs=0.001)
    assert tally.kept_rate == pytest.approx(0.634, abs=0.001)
    assert flag.rate - tally.kept_rate > 0.09
    without_date = [c for c in flag.cells if c.ruling == "no_promise"]
    assert [(c.on_time, c.count) for c in without_date] == [(True, tally.no_promise)]
    # Where both speak of a promise that came due, they never disagree.
    assert not [c for c in flag.cells if c.on_time is True and c.ruling.startswith("open_past")]
    assert not [c for c in flag.cells if c.on_time is False and c.ruling == "kept"]


def test_bostons_closed_cases_were_often_not_fixed(replayed):
    referred = replayed("boston-311-2015").report.referred

    assert referred.linked > 750
    assert referred.kept_on_paper > 350
    assert referred.kept_to_the_end < 0.2 * referred.kept_on_paper


def test_bostons_ranges_come_near_their_levels(replayed):
    found = replayed("boston-311-2015").report.ranges

    assert found.after_the_fact == 5_277  # closed within a minute, of the good rows
    assert found.overall[0].coverage == pytest.approx(0.81, abs=0.03)
    assert found.overall[1].coverage == pytest.approx(0.90, abs=0.03)


def test_bostons_ranges_hold_in_the_month_of_record_snow_too(replayed):
    by_month = {row.name: row.scores for row in replayed("boston-311-2015").report.ranges.by_month}

    for month in ("2015-01", "2015-02", "2015-03", "2015-04", "2015-05", "2015-06"):
        eighty, ninety = (score.coverage for score in by_month[month])
        assert eighty >= 0.7, month
        assert ninety >= 0.82, month


def test_nearly_every_request_of_boston_gets_a_range(replayed):
    found = replayed("boston-311-2015").report.ranges

    assert found.without_range < 0.12 * found.asked


@pytest.mark.parametrize(
    ("name", "median", "typical"),
    [
        ("boston-311-2015", 0.7, 0.83),
        pytest.param("boston-311-2011", 0.75, 0.86, marks=pytest.mark.long),
    ],
)
def test_ranges_are_narrower_than_the_yardsticks_and_hold_as_well(replayed, name, median, typical):
    beside = replayed(name).report.ranges.beside_yardstick[0]

    assert beside.ours.given > 10_000
    assert beside.median_ratio < median
    assert beside.typical_ratio < typical
    assert beside.ours.coverage > beside.yardstick.coverage - 0.03


def test_ranges_asked_for_later_hold_as_well(replayed):
    by_age = {row.name: row.scores for row in replayed("boston-311-2015").report.ranges.by_age}

    assert list(by_age) == ["at opening", "4 h", "1 d", "7 d", "28 d", "90 d"]
    for age in ("4 h", "1 d", "7 d", "28 d"):
        assert by_age[age][0].coverage == pytest.approx(0.8, abs=0.06), age


def test_no_answer_of_boston_knew_what_came_later(shared_data, replayed):
    paths = sorted((shared_data / "boston-311-2015").glob("*.csv.gz"))
    whole = replayed("boston-311-2015")
    cut = read(*paths, zone="America/New_York", as_of=at("2015-04-01T04:00:00"))
    asks = ask_for_ranges(cut)

    keys = zip(whole.log.ids[whole.asks.places], whole.asks.after.tolist(), strict=True)
    later = {key: i for i, key in enumerate(keys)}
    for answers, those in zip(asks.answers, whole.asks.answers, strict=True):
        for i in range(0, len(asks.places), 7):
            same = later.get((cut.ids[asks.places[i]], int(asks.after[i])))
            if same is not None:
                assert answers.latest[i] == those.latest[same]
                assert answers.earliest[i] == those.earliest[same]
    assert (asks.answers[0].latest != NONE).sum() > 20_000


@pytest.mark.long
def test_boston_2011_was_late_as_often_as_its_source_says(replayed):
    tally = replayed("boston-311-2011").report.promises[0].tally

    assert tally.total == 41_827
    # 18.8% over the whole set of 58,251; the source counts closed cases with a target.
    assert tally.closed_late / (tally.kept + tally.closed_late) == pytest.approx(0.188, abs=0.01)
    kinds = {row.kind: row for row in replayed("boston-311-2011").report.promises[0].by_kind}
    missed = next(row for kind, row in kinds.items() if kind.startswith("Missed Trash"))
    assert missed.honesty.promised == pytest.approx(3.5, abs=0.6)  # 3 over the whole set
    assert missed.honesty.taken == pytest.approx(0.5, abs=0.2)
    assert missed.honesty.is_padded


def test_baltimore_was_late_as_often_as_its_source_says(replayed):
    report = replayed("baltimore-311").report
    tally = report.promises[0].tally

    assert tally.total == 7_545
    assert tally.no_promise == 174 + 21 + 6 + 4 + 3
    assert tally.impossible == 168  # due when opened, or before
    assert tally.closed_late / (tally.kept + tally.closed_late) == pytest.approx(0.163, abs=0.002)


def test_olist_promises_two_things_and_each_is_judged_apart(replayed):
    report = replayed("olist-orders-sample").report
    delivery, shipping = report.promises

    assert (delivery.name, delivery.deed) == ("promised_date", "delivered")
    assert (shipping.name, shipping.deed) == ("ship_by", "handed_to_carrier")
    assert delivery.in_days == 13_646
    assert delivery.tally.closed_late == 862  # delivered after the promised day
    assert delivery.tally.kept == 13_369 - 862
    assert delivery.tally.unknown == 57  # cancelled, nobody knows when
    late = shipping.tally.closed_late / (shipping.tally.kept + shipping.tally.closed_late)
    assert late == pytest.approx(0.09, abs=0.01)
    assert delivery.honesty.promised == pytest.approx(24, abs=2)
    assert delivery.honesty.taken == pytest.approx(10.7, abs=1)


def test_servicenow_is_an_event_log_whose_last_states_count(replayed):
    report = replayed("servicenow-incidents").report

    assert report.log.is_event_log
    assert (report.log.rows_read, report.log.requests) == (83_526, 13_698)
    assert report.flag is not None
    assert (report.flag.on_time, report.flag.late) == (7_217, 6_481)
    closed = report.log.files[0].columns.closed[0]
    assert (closed.column, closed.otherwise) == ("resolved_at", "closed_at")
    assert report.promises[0].tally.no_promise == 13_698
    assert report.would_have[0].severities.keys() == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("name", "requests", "bad"),
    [
        ("sf-311-sample", 5_022, 8),
        pytest.param("nyc-311-police-2015-12", 12_259, 0, marks=pytest.mark.long),
    ],
)
def test_logs_without_dates_promised_nothing_and_still_teach_ranges(replayed, name, requests, bad):
    report = replayed(name).report

    assert report.promises[0].tally.no_promise == report.log.requests == requests
    assert len(report.bad) == bad
    given = report.ranges.asked - report.ranges.without_range
    assert given > 0.5 * report.ranges.asked
    assert report.ranges.overall[0].coverage == pytest.approx(0.8, abs=0.08)
    assert report.ranges.overall[1].coverage == pytest.approx(0.9, abs=0.06)


def test_new_york_promised_three_dates_and_kept_none(replayed):
    tally = replayed("nyc-311-small").report.promises[0].tally

    assert (tally.broken, tally.kept, tally.no_promise) == (3, 0, 997)


def test_complaints_without_closings_still_show_their_flag(replayed):
    report = replayed("cfpb-complaints").report

    assert report.log.files[0].columns.opened.column == "Date received"
    assert report.log.files[0].columns.column(Part.STATUS) is None
    assert report.flag is not None
    assert report.flag.late == 291
    assert report.ranges.asked == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["boston-311-animal-2013-2019", "boston-311-2015-2024-closed-sample"]
)
def test_the_other_boston_logs_account_for_every_row(replayed, name):
    report = replayed(name).report

    assert report.promises[0].tally.total == report.log.requests
    assert report.log.requests + len(report.bad) == report.log.rows_read
