"""`makegood replay` of a half-year of a city's requests, and of ten times as many.

Each run has a process of its own, so that its peak memory is its own; the clock starts when
everything is imported. Beside it, in the same process and on the same file, a bare DuckDB reads
the rows and counts kept and broken by kind: what any replay must do at least.

    python bench/replay.py [LOG]
"""

import csv
import gzip
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

BOSTON = Path(__file__).resolve().parents[2] / "shared/data/boston-311-2015/opened-2015-h1.csv.gz"
TIMES = 10
MOST_SECONDS, MOST_MB, MOST_TIMES = 10, 500, 12
_COUNT = """
    SELECT type, count(*), count(*) FILTER (done <= due), count(*) FILTER (done > due)
      FROM (SELECT type, try_cast(closed AS timestamp) AS done, try_cast(target AS timestamp) AS due
              FROM read_csv(?, all_varchar = true)) GROUP BY type
"""


def main() -> None:
    """Measure one log and ten times that log, and print a line for each."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
        return
    with tempfile.TemporaryDirectory(prefix="makegood-bench-") as folder:
        log = Path(sys.argv[1]) if sys.argv[1:] else BOSTON
        if not log.exists():
            log = simulated(Path(folder))
        once = in_own_process(log)
        many = in_own_process(times(log, Path(folder)))
    for name, found in (("once", once), (f"{TIMES} times", many)):
        print(
            f"replay {name}: {found['rows']:,} rows in {found['seconds']:.1f} s "
            f"({found['rows'] / found['seconds']:,.0f} rows/s, {found['cpu']:.1f} s of CPU), "
            f"peak {found['peak_mb']:.0f} MB; bare DuckDB read and count "
            f"{found['bare_seconds']:.2f} s, ratio {found['seconds'] / found['bare_seconds']:.0f}"
        )
    grown = many["seconds"] / once["seconds"]
    print(f"{TIMES} times the rows took {grown:.1f} times the time; at most {MOST_TIMES} is wanted")
    good = once["seconds"] < MOST_SECONDS and once["peak_mb"] < MOST_MB and grown < MOST_TIMES
    print("as wanted" if good else f"WANTED: under {MOST_SECONDS} s and {MOST_MB} MB at once")


def in_own_process(log: Path) -> dict[str, Any]:
    """Measure in a fresh Python."""
    ran = subprocess.run(
        [sys.executable, __file__, "--measure", log],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # as the command line sets it
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def measure(log: Path) -> dict[str, Any]:
    """Replay a log as the command does, with every file that it can write."""
    import duckdb  # noqa: PLC0415 - imported before the clock starts

    from makegood.doors.cli.replay import replay  # noqa: PLC0415 - as above

    bare = time.perf_counter()
    duckdb.connect(config={"threads": 2}).execute(_COUNT, [str(log)]).fetchall()
    bare = time.perf_counter() - bare
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nothing:
        sys.stdout, shown = nothing, sys.stdout
        start, cpu = time.perf_counter(), time.process_time()
        replay(
            [log],
            tz="America/New_York",
            json_file=Path(folder) / "report.json",
            html=Path(folder) / "page.html",
            ranges=Path(folder) / "ranges.jsonl",
        )
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        sys.stdout = shown
        report = json.loads((Path(folder) / "report.json").read_text())
    return {
        "rows": report["log"]["rows_read"],
        "seconds": seconds,
        "cpu": cpu,
        "bare_seconds": bare,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def times(log: Path, folder: Path) -> Path:
    """The same log many times, each copy with ids of its own and 52 weeks earlier."""
    opener = gzip.open if log.suffix == ".gz" else open
    with opener(log, "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    moments = [header.index(name) for name in ("opened", "target", "closed")]
    many = folder / "many.csv"
    with many.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for copy in range(TIMES):
            for row in rows:
                shifted = [f"{copy}{row[0]}", *row[1:]]
                for place in moments:
                    if row[place]:
                        earlier = datetime.fromisoformat(row[place]) - timedelta(weeks=52 * copy)
                        shifted[place] = earlier.isoformat()
                writer.writerow(shifted)
    return many


def simulated(folder: Path) -> Path:
    """A log like Boston's, for where that one is not at hand."""
    chance = random.Random(2015)
    path = folder / "simulated.csv"
    start = datetime(2015, 1, 1)  # noqa: DTZ001 - a log's local time
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "opened", "target", "closed", "type", "closure_reason"])
        for number in range(58_119):
            opened = start + timedelta(seconds=270 * number)
            kind = int(chance.expovariate(0.1)) % 150
            promised = timedelta(days=1 + kind % 30)
            took = promised * chance.lognormvariate(-0.5, 1)
            writer.writerow(
                [
                    101_000_000_000 + number,
                    opened.isoformat(),
                    (opened + promised).isoformat() if chance.random() < 0.75 else "",
                    (opened + took).isoformat() if chance.random() < 0.85 else "",
                    f"Kind {kind}",
                    "Case Closed Case Resolved",
                ]
            )
    return path


if __name__ == "__main__":
    main()
