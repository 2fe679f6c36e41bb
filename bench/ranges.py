"""Date ranges: how fast they are learned and answered, and how well they hold on real logs.

Beside them, in the same run and on the same history, stands one look of the yardstick: a
Kaplan-Meier curve and range for each kind.

    python -m bench.ranges            learning a year's log and answering
    python -m bench.ranges --table    the tables of docs/ranges.md, over the logs at hand
"""

import argparse
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from makegood.queries.replay.columns import Wanted
from makegood.queries.replay.log import Log, read_log
from makegood.queries.replay.ranges import ask_for_ranges
from makegood.queries.replay.scores import RangesReport, Score, score_ranges
from makegood.rules import forecasts, ranges
from makegood.rules.pace import NEVER, learn
from makegood.rules.traits import History, Known, history_of
from makegood.rules.weekclock import DAY, HOUR, MONDAY, WEEK, learn_clock

DATA: Final = Path(__file__).resolve().parents[2] / "shared/data"
ZONES: Final = {
    "boston": "America/New_York",
    "baltimore": "America/New_York",
    "nyc": "America/New_York",
    "olist": "America/Sao_Paulo",
}
LOGS: Final = (
    "boston-311-2015",
    "boston-311-2011",
    "servicenow-incidents",
    "olist-orders-sample",
    "nyc-311-police-2015-12",
    "boston-311-animal-2013-2019",
    "baltimore-311",
    "sf-311-sample",
)
REQUESTS, ASKED = 120_000, 20_000
MOST_SECONDS, LEAST_ANSWERS = 5.0, 2000
FEWEST_IN_A_MONTH = 100
# What nine months in ten must hold, by level.
HOLDS: Final = {0.8: 0.7, 0.9: 0.82}


def main() -> None:
    """Measure speed, or print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="score the logs at hand")
    if parser.parse_args().table:
        print_tables()
    elif not measure():
        sys.exit("bench.ranges: slower than wanted")


def measure() -> bool:
    """Learn a year's log, answer from it, and say how the yardstick does."""
    history, known, now = a_year()
    start = time.process_time()
    clock = learn_clock(history.past.closed, since=now - 365 * DAY, now=now)
    pace = learn(history.past, traits=history.traits, clock=clock, now=now)
    learned = time.process_time() - start
    asked = np.random.default_rng(1).integers(0, REQUESTS, ASKED)
    start = time.process_time()
    cells = history.past.cells[asked]
    told = forecasts.forecast(
        pace.chances(cells), opened=np.full(ASKED, now - HOUR), asked=np.full(ASKED, now),
        clock=clock,
    )  # fmt: skip
    forecasts.ranges_of(told, shares=ranges.LEVELS)
    rate = ASKED / (time.process_time() - start)
    bare = plain(history, known.kind, now=now)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"ranges: {REQUESTS:,} requests of a year learned in {learned:.2f} s of CPU, beside "
        f"{bare:.2f} s for the Kaplan-Meier ranges of the kinds: ratio {learned / bare:.1f}; "
        f"{rate:,.0f} answers/s on one core; peak {peak:.0f} MB"
    )
    good = learned < MOST_SECONDS and rate > LEAST_ANSWERS
    print("as wanted" if good else f"WANTED: {MOST_SECONDS} s and {LEAST_ANSWERS:,} answers/s")
    return good


def plain(history: History, kinds: np.ndarray, *, now: int) -> float:
    """The CPU seconds of one look of the yardstick."""
    start = time.process_time()
    opened, closed = history.past.opened, history.past.closed
    for kind in np.unique(kinds):
        some = kinds == kind
        left = np.minimum(closed[some], now) - opened[some]
        entered = np.maximum(now - ranges.WINDOW_MICROS - opened[some], 0)
        curve = ranges.curve_of(entered=entered, left=left, closed=closed[some] < now)
        ranges.nested_ranges(curve)
    return time.process_time() - start


def a_year() -> tuple[History, Known, int]:
    """A year of simulated requests: 150 kinds, 100 teams, 24 places."""
    chance = np.random.default_rng(2026)
    now = MONDAY + 2900 * WEEK
    opened = now - np.sort(chance.integers(HOUR, 365 * DAY, REQUESTS))[::-1]
    kind = np.minimum(chance.exponential(20, REQUESTS).astype(np.int64), 149)
    due = np.where(kind % 4 > 0, (1 + kind % 30) * DAY, 0)
    known = Known(
        kind=kind,
        team=kind % 100,
        place=chance.integers(0, 24, REQUESTS),
        channel=chance.integers(0, 6, REQUESTS),
        detail=np.zeros(REQUESTS, dtype=np.int64),
        hour=chance.integers(0, 5, REQUESTS),
        due=due,
    )
    took = (1 + kind % 30) * chance.lognormal(-0.5, 1, REQUESTS) * DAY
    closed = opened + took.astype(np.int64)
    closed = np.where(chance.random(REQUESTS) < 0.1, NEVER, closed)
    return history_of(known, opened=opened, closed=closed), known, now


def print_tables() -> None:
    """One line for each log and level."""
    print(
        "| log | level | asked | no range | held | months | early | undecided | median width, days "
        "| later: held | beside yardstick: asks | held | its | median width | its | ratio "
        "| ratio of mean logs |"
    )
    print("| --- |" + " ---: |" * 16)
    for name in LOGS:
        if paths := sorted((DATA / name).glob("*.csv.gz")):
            log = read(paths, zone=ZONES.get(name.split("-", maxsplit=1)[0], "UTC"))
            report = score_ranges(log, ask_for_ranges(log))
            for place in range(len(ranges.LEVELS)):
                print(line(name, report, place=place), flush=True)


def read(paths: list[Path], *, zone: str) -> Log:
    """A log as `makegood replay` reads it."""
    now = datetime.now(UTC)
    return read_log(paths, wanted=Wanted(), zone=ZoneInfo(zone), as_of=None, now=now)


def line(name: str, found: RangesReport, *, place: int) -> str:
    """One log at one level."""
    score, beside = found.overall[place], found.beside_yardstick[place]
    by_month = [row.scores[place] for row in found.by_month]
    months = [one.coverage for one in by_month if one.decided >= FEWEST_IN_A_MONTH]
    held = sum(1 for share in months if share is not None and share >= HOLDS[score.level])
    later = [row.scores[place] for row in found.by_age[1:]]
    decided = score.decided or 1
    cells = (
        name, f"{score.level:.0%}", f"{score.asked:,}", f"{1 - score.given / score.asked:.1%}",
        share(score), f"{held} of {len(months)}", f"{score.early / decided:.1%}",
        f"{score.undecided / max(score.given, 1):.1%}", number(score.median_width),
        percent(sum(one.held for one in later), sum(one.decided for one in later)),
        f"{beside.ours.given:,}", share(beside.ours), share(beside.yardstick),
        number(beside.ours.median_width), number(beside.yardstick.median_width),
        number(beside.median_ratio), number(beside.typical_ratio),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def share(score: Score) -> str:
    """The share that held."""
    return percent(score.held, score.decided)


def percent(part: int, whole: int) -> str:
    """A part of a whole."""
    return f"{part / whole:.1%}" if whole else ""


def number(value: float | None) -> str:
    """A number with two digits."""
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
