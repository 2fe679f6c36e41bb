"""How fast promises break with all that follows, beside a bare loop that writes the same rows.

    python -m bench.firing [--promises N] [--rounds R] [--each K]

Product and bare loop take turns on the same tables. Then one worker, as a process of its own, and
two at once clear the same number.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import psycopg

from bench import bare, filling, ground
from makegood.clockwork import ticks

GOAL_RATIO = 0.5
GOAL_TWO = 1.3


@dataclass(kw_only=True)
class Rates:
    """Promises per second, round by round."""

    product: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        """The product's share of the bare loop's rate, at the median of the pairs."""
        return median(mine / base for mine, base in zip(self.product, self.bare, strict=True))


class Advance:
    """Hands out moments, each by which the next so many promises can be judged."""

    def __init__(self, each: int) -> None:
        self._each, self._count = each, 0

    def next(self) -> datetime:
        """The next one."""
        self._count += self._each
        return filling.due_by(self._count)


def take_turns(url: str, advance: Advance, *, rounds: int) -> Rates:
    """Measure product and bare loop in turns; the first turn of each warms up."""
    rates = Rates(product=[], bare=[])
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(rounds + 1):
            now = advance.next()
            rates.product.append(_rate(lambda now=now: ticks.sweep_promises(now=now)))
            now = advance.next()
            rates.bare.append(_rate(lambda now=now: bare.fire(connection, now=now)))
    return Rates(product=rates.product[1:], bare=rates.bare[1:])


def workers(url: str, advance: Advance, *, rounds: int, kind: str) -> dict[int, list[float]]:
    """Measure one worker and two in turns, each a process, ready before the time is taken."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for count, found in rates.items():
            found.append(_rate_of_workers(url, count, kind=kind, now=advance.next()))
    return rates


def work(url: str, kind: str, now: datetime) -> None:
    """Be a worker: get ready, wait for the word, clear what is due, say how many."""
    ground.use(url)

    with psycopg.connect(url, autocommit=True) as connection:
        ticks.sweep_promises(now=datetime.min.replace(tzinfo=now.tzinfo))
        print("ready", flush=True)
        sys.stdin.readline()
        product = kind == "product"
        print(ticks.sweep_promises(now=now) if product else bare.fire(connection, now=now))


def _rate(fire: Callable[[], int]) -> float:
    began = time.perf_counter()
    fired = fire()
    return fired / (time.perf_counter() - began)


def _rate_of_workers(url: str, count: int, *, kind: str, now: datetime) -> float:
    command = [sys.executable, "-m", "bench.firing", "--work", kind, url, now.isoformat()]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    for worker in started:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for worker in started:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    fired = sum(int(worker.communicate()[0]) for worker in started)
    return fired / (time.perf_counter() - began)


def run(*, promises: int = 200_000, rounds: int = 5, each: int = 5_000) -> None:
    """Fill, measure, print and record."""
    with ground.ground() as url:
        filling.fill(promises)
        advance = Advance(each)
        turns = take_turns(url, advance, rounds=rounds)
        product = workers(url, advance, rounds=3, kind="product")
        bare = workers(url, advance, rounds=3, kind="bare")
    two = median(product[2]) / median(product[1])
    rows: list[tuple[object, ...]] = [("firing with full effects", "promises/s", "range", "")]
    rows += [
        ("bare loop", *_words(turns.bare), ""),
        ("product", *_words(turns.product), f"ratio {turns.ratio:.2f} (goal {GOAL_RATIO})"),
        ("product, one process", *_words(product[1]), ""),
        ("product, two processes", *_words(product[2]), f"x {two:.2f} (goal {GOAL_TWO})"),
        ("bare loop, one process", *_words(bare[1]), ""),
        ("bare loop, two processes", *_words(bare[2]),
         f"x {median(bare[2]) / median(bare[1]):.2f}"),
    ]  # fmt: skip
    ground.table(f"{promises:,} open promises, batches of 500, {each:,} a round", rows)
    ground.record(
        "firing",
        {
            "promises": promises,
            "product_per_second": turns.product,
            "bare_per_second": turns.bare,
            "ratio": turns.ratio,
            "product_processes": product,
            "bare_processes": bare,
            "two_workers": two,
        },
    )


def _words(rates: list[float]) -> tuple[str, str]:
    return f"{median(rates):,.0f}", f"{min(rates):,.0f}-{max(rates):,.0f}"


def main() -> None:
    """Measure, or be a worker of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--each", type=int, default=5_000)
    parser.add_argument("--work", nargs=3, metavar=("KIND", "URL", "NOW"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        kind, url, now = given.work
        work(url, kind, datetime.fromisoformat(now))
    else:
        run(promises=given.promises, rounds=given.rounds, each=given.each)


if __name__ == "__main__":
    main()
