"""The wall of a company with a million promises, beside a bare count of those of the same time.

    python -m bench.wall [--cases N] [--rounds R] [--keep FOLDER]

Fills the desk's two years of cases, counts them all at once, and asks for the page of each period.
Then it counts along: with nothing new, and with a thousand cases in which something happened.
`--keep` fills and counts once, in a folder, and reads what lies there the next time.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from django.db import connection

from bench import desk_filling, ground
from makegood.clockwork import counting
from makegood.queries.metrics.series import WEEKS, Period

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
GOAL_SECONDS = 1.0
CHUNK = 1_000
TOUCHED = 1_000
_BARE = """
    SELECT count(*) FILTER (WHERE outcome = 'kept'), count(*) FROM records_promise
     WHERE due_at >= %s AND due_at < %s AND outcome IN ('kept', 'broken')
"""
_TOUCH = "UPDATE records_countingplace SET reread_from = upto - %s"


def run(*, cases: int, rounds: int, keep: Path | None = None) -> None:
    """Fill, count, ask, print and record."""
    with ground.ground(keep):
        all_took = _filled(cases)
        rows: list[tuple[object, ...]] = [("the wall", "seconds", "bare count", "ratio")]
        slowest = 0.0
        for weeks in WEEKS:
            page, bare = _page(weeks, rounds=rounds)
            slowest = max(slowest, page)
            rows.append((f"{weeks} weeks", f"{page:.3f}", f"{bare:.3f}", f"{page / bare:.2f}"))
        idle = _took(lambda: counting.count_new(now=NOW))
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, [TOUCHED])
        along = _took(lambda: counting.count_new(now=NOW))
        rows += [
            ("counting all of them once", f"{all_took:.1f}", "", ""),
            ("counting along, nothing new", f"{idle:.3f}", "", ""),
            (f"counting along, {TOUCHED:,} entries", f"{along:.2f}", "", ""),
        ]
    ground.table(f"{cases * desk_filling.PROMISES_EACH:,} promises in {cases:,} cases", rows)
    ground.record("wall", {"cases": cases, "slowest_page": slowest, "all": all_took, "idle": idle,
                           "along": along})  # fmt: skip
    if slowest > GOAL_SECONDS:
        sys.exit(f"bench: the wall took {slowest:.2f} s; the goal is {GOAL_SECONDS} s.")


def _filled(cases: int) -> float:
    """The seconds that counting all of them took; none if they were counted before."""
    from makegood.records.models import CountingPlace  # noqa: PLC0415 - after the setup

    if CountingPlace.objects.exists():
        return 0.0
    desk_filling.fill(cases, now=NOW)
    took = _took(lambda: counting.count_all(now=NOW, chunk=CHUNK))
    desk_filling.tidy()
    return took


def _page(weeks: int, *, rounds: int) -> tuple[float, float]:
    from makegood.doors.web.staff.wall_page import read_wall  # noqa: PLC0415 - after the setup

    period = Period(weeks=weeks, today=NOW.date())
    bounds = [NOW - timedelta(weeks=weeks), NOW]
    pages, bares = [], []
    for _ in range(rounds + 1):
        pages.append(_took(lambda: read_wall(period)))
        bares.append(_took(lambda: _bare(bounds)))
    return median(pages[1:]), median(bares[1:])


def _bare(bounds: list[datetime]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, bounds)
        return cursor.fetchone()


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=desk_filling.CASES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="a folder for the filled database")
    given = parser.parse_args()
    run(cases=given.cases, rounds=given.rounds, keep=given.keep)


if __name__ == "__main__":
    main()
