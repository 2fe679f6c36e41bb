"""Ten times as many open promises: what one more fired promise costs, beside the bare loop's own.

    python -m bench.growth [--full] [--rounds R]

200,000 against 1,000,000 open promises; with --full a million against ten million, which wants
some 40 GB of free disk for a while, and half an hour.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from statistics import median

from bench import filling, ground
from bench.firing import Advance, Rates, take_turns
from makegood.queries.clock_health import read_clock_health

SIZES = (200_000, 1_000_000)
FULL_SIZES = (1_000_000, 10_000_000)
BYTES_EACH = 4_000  # of disk for one promise with its case and timeline, and their indexes and log
TOLERANCE = 1.1  # what two measurements of the same thing differ by here


def measure(size: int, *, rounds: int) -> Rates:
    """Fill a database of this size, and measure on it, in a process of its own."""
    command = [sys.executable, "-m", "bench.growth", "--size", str(size), "--rounds", str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Rates(**json.loads(done.stdout.splitlines()[-1]))


def measure_here(size: int, *, rounds: int) -> None:
    """Be that process."""
    with ground.ground() as url:
        filling.fill(size)
        rates = take_turns(url, Advance(5_000), rounds=rounds)
        health = [_time(lambda: read_clock_health(now=filling.BASE)) for _ in range(5)]
    words = f"{size:,} open: asking after the clock's health takes {median(health) * 1000:.0f} ms"
    print(words, file=sys.stderr)
    print(json.dumps(asdict(rates)))


def _time(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def run(*, full: bool = False, rounds: int = 7) -> None:
    """Measure both sizes, print and record."""
    small, large = FULL_SIZES if full else SIZES
    _require_disk(large)
    found = {size: measure(size, rounds=rounds) for size in (small, large)}
    grew = {
        "product": _microseconds(found[large].product) / _microseconds(found[small].product),
        "bare": _microseconds(found[large].bare) / _microseconds(found[small].bare),
    }
    rows: list[tuple[object, ...]] = [
        ("microseconds for each fired", f"{small:,}", f"{large:,}", "grew by", "")
    ]
    for name, goal in (("bare", ""), ("product", "(goal: no more than the bare loop)")):
        cells = [f"{_microseconds(getattr(found[size], name)):.0f}" for size in (small, large)]
        rows.append((name, *cells, f"x {grew[name]:.2f}", goal))
    rows.append(("ratio", *(f"{found[size].ratio:.2f}" for size in (small, large)), "", ""))
    ground.table("cost and size", rows)
    ground.record(
        "growth_full" if full else "growth",
        {
            "sizes": {str(size): asdict(rates) for size, rates in found.items()},
            "grew": grew,
            "no_more_than_bare": grew["product"] <= grew["bare"] * TOLERANCE,
        },
    )


def _microseconds(rates: list[float]) -> float:
    return 1_000_000 / median(rates)


def _require_disk(promises: int) -> None:
    free = shutil.disk_usage(Path(tempfile.gettempdir())).free
    needed = promises * BYTES_EACH
    if free < needed:
        sys.exit(f"bench: {needed / 1e9:.0f} GB of disk are needed, and {free / 1e9:.0f} are free.")


def main() -> None:
    """Measure, or be the process that does for one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.size:
        measure_here(given.size, rounds=given.rounds)
    else:
        run(full=given.full, rounds=given.rounds)


if __name__ == "__main__":
    main()
