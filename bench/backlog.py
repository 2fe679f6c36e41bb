"""A hundred thousand promises due in the same minute: cleared in order, in little memory.

    python -m bench.backlog [--promises N]

A bare loop clears the promises of one minute; then a real clock process clears as many, due in
one minute twelve hours later, severest first and then the oldest.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import psycopg

from bench import bare, filling, ground

GOAL_MEGABYTES = 300
_LEFT = "SELECT count(*) FROM records_promise WHERE outcome IS NULL AND judge_at < %s"
_BROKEN = """
    SELECT p.severity, p.due_at FROM records_promise p
      JOIN records_timelineentry t ON t.case_id = p.case_id AND t.happened_at = p.due_at
       AND t.kind = 'promise_broken'
     WHERE p.outcome = 'broken' AND p.due_at >= %s ORDER BY t.id
"""


def clear(url: str, *, before: datetime) -> tuple[float, float]:
    """Let a clock process clear what was due before a moment; its seconds, and peak megabytes."""
    environment = {**os.environ, "MAKEGOOD_DATABASE_URL": url, "MAKEGOOD_LOCAL": "1"}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "makegood", "clock"], env=environment)
    with psycopg.connect(url, autocommit=True) as connection:
        while _left(connection, before):
            time.sleep(0.25)
    seconds = time.perf_counter() - began
    process.send_signal(signal.SIGTERM)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return seconds, usage.ru_maxrss / 1024


def _left(connection: "psycopg.Connection", before: datetime) -> int:
    row = connection.execute(_LEFT, (before,)).fetchone()
    return row[0] if row else 0


def run(*, promises: int = 100_000) -> None:
    """Measure, check the order, print and record."""
    with ground.ground() as url:
        minute = datetime.now(UTC) - timedelta(minutes=10)
        filling.fill_minutes(promises, minutes=2, first=minute - timedelta(hours=12))
        with psycopg.connect(url, autocommit=True) as connection:
            began = time.perf_counter()
            fired = bare.fire(connection, now=minute - timedelta(hours=11))
            bare_seconds = time.perf_counter() - began
            seconds, megabytes = clear(url, before=minute + timedelta(minutes=1))
            order = connection.execute(_BROKEN, (minute,)).fetchall()
    in_order = len(order) == promises and order == sorted(order)
    rows: list[tuple[object, ...]] = [("a minute's backlog", "promises", "seconds", "peak MB", "")]
    rows += [
        ("bare loop", f"{fired:,}", f"{bare_seconds:.0f}", "", ""),
        ("clock process, its start included", f"{len(order):,}", f"{seconds:.0f}",
         f"{megabytes:.0f}", f"(goal < {GOAL_MEGABYTES} MB)"),
        ("by severity, then age", "yes" if in_order else "NO", "", "", ""),
    ]  # fmt: skip
    ground.table(f"{promises:,} promises due in the same minute", rows)
    ground.record(
        "backlog",
        {
            "promises": promises,
            "seconds": seconds,
            "peak_megabytes": megabytes,
            "in_order": in_order,
            "bare_promises": fired,
            "bare_seconds": bare_seconds,
        },
    )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=100_000)
    run(promises=parser.parse_args().promises)


if __name__ == "__main__":
    main()
