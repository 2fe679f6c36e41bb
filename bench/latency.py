"""From due to committed, when the clock is idle: a real clock process, one promise at a time.

    python -m bench.latency [--promises N]

A trigger of the benchmark's own tells each settlement as it commits, so that what is measured ends
when others can see it. Beside it a bare loop that sleeps until the next due time and fires.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import quantiles

import psycopg

from bench import bare, filling, ground
from makegood.actions import cases, promises
from makegood.actions.cases import Failure
from makegood.actions.drafts import Word
from makegood.records.models import Case, Customer, Ladder, Promise, PromiseKind, Staff
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Function, Harm

GOAL_SECONDS = 0.25
OPEN = 50_000
AHEAD_SECONDS = 0.8
_TELL = """
    CREATE FUNCTION tell_the_bench() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('bench', NEW.id::text); RETURN NULL; END $$;
    CREATE TRIGGER tell_the_bench AFTER UPDATE OF outcome ON records_promise
        FOR EACH ROW EXECUTE FUNCTION tell_the_bench();
"""
_NEXT = "SELECT min(judge_at) FROM records_promise WHERE outcome IS NULL AND severity = 3"


def latencies(url: str, promises: int) -> list[float]:
    """Make promises that fall due one by one; seconds from due to when we were told, each."""
    due: dict[int, datetime] = {}
    told: dict[int, datetime] = {}
    with psycopg.connect(url, autocommit=True) as ear:
        ear.execute("LISTEN bench")
        ending = threading.Event()
        listener = threading.Thread(target=_listen, args=(ear, told, ending))
        listener.start()
        case = Case.objects.get(reference="LATENCY")
        for _ in range(promises):
            made = _promise(case)
            due[made.pk] = made.judge_at
            time.sleep(random.uniform(0.1, 0.4))
        deadline = time.monotonic() + 30
        while due.keys() - told.keys() and time.monotonic() < deadline:
            time.sleep(0.05)
        ending.set()
        listener.join()
    if untold := due.keys() - told.keys():
        raise SystemExit(f"{len(untold)} of {promises} promises were not fired within 30 seconds.")
    return sorted((told[promise] - moment).total_seconds() for promise, moment in due.items())


def _listen(ear: "psycopg.Connection", told: dict[int, datetime], ending: threading.Event) -> None:
    while not ending.is_set():
        for ring in ear.notifies(timeout=0.1, stop_after=1):
            told[int(ring.payload)] = datetime.now(UTC)


def _promise(case: Case) -> Promise:

    now = datetime.now(UTC)
    word = Word(
        kind=PromiseKind.CALLBACK,
        words="I will call you.",
        speaker=Speaker.BOT,
        speaker_name="a bot",
        channel=Channel.PHONE,
        said_at=now,
        due_at=now + timedelta(seconds=AHEAD_SECONDS),
    )
    return promises.make_promise(case.pk, word, now=now)


@contextmanager
def clock(url: str) -> Iterator[None]:
    """A clock process, from when it has found its rhythm."""
    environment = {**os.environ, "MAKEGOOD_DATABASE_URL": url, "MAKEGOOD_LOCAL": "1"}
    process = subprocess.Popen([sys.executable, "-m", "makegood", "clock"], env=environment)
    time.sleep(8)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def bare_clock(url: str) -> Iterator[None]:
    """A bare loop in a process of its own: sleep until the next due time, and fire."""
    command = [sys.executable, "-m", "bench.latency", "--sleep", url]
    process = subprocess.Popen(command)
    time.sleep(2)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def sleep_and_fire(url: str) -> None:
    """Be the bare loop."""
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute(_NEXT).fetchone()
            due = row[0] if row else None
            left = (due - datetime.now(UTC)).total_seconds() if due else AHEAD_SECONDS / 4
            if left > 0:
                time.sleep(min(left, AHEAD_SECONDS / 4) + 0.000_1)
            else:
                bare.fire(connection, now=datetime.now(UTC))


def run(*, promises: int = 250) -> None:
    """Measure, print and record."""
    with ground.ground() as url:
        filling.fill_minutes(OPEN, minutes=1, first=datetime.now(UTC) + timedelta(days=2))
        _open_case()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_TELL)
        with clock(url):
            product = latencies(url, promises)
        with bare_clock(url):
            bare = latencies(url, promises)
    rows: list[tuple[object, ...]] = [
        ("from due to committed, idle", "p50 ms", "p99 ms", "max ms", "")
    ]
    rows += [
        ("bare loop that knows the time", *_words(bare), ""),
        ("clock process", *_words(product), f"(goal p99 < {GOAL_SECONDS * 1000:.0f})"),
    ]
    ground.table(f"{promises} promises, one at a time, beside {OPEN:,} open ones", rows)
    ground.record("latency", {"promises": promises, "product": product, "bare": bare})


def _open_case() -> None:

    now = datetime.now(UTC)
    owner = Staff.objects.order_by("pk").select_related("team").first()
    customer = Customer.objects.order_by("pk").first()
    terms = {
        "grace_seconds": 0,
        "news_within": "1 day",
        "unheard_after_seconds": 86_400,
        "speak_again_after_seconds": 86_400,
        "rungs": [{"share": 0.5, "role": "owner"}],
    }
    Ladder.objects.create(team=owner.team, severity=3, terms=terms)
    failure = Failure(
        customer=customer,
        title="Food bin not collected",
        function=Function.HYGIENE,
        harm=Harm.LOST,
        failed_at=now,
        known_at=now,
    )
    case = cases.open_case(failure, owner=owner, now=now)
    Case.objects.filter(pk=case.pk).update(reference="LATENCY")


def _words(seconds: list[float]) -> tuple[str, str, str]:
    cuts = quantiles(seconds, n=100)
    return tuple(f"{value * 1000:.0f}" for value in (cuts[49], cuts[98], seconds[-1]))


def main() -> None:
    """Measure, or be the bare loop of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=250)
    parser.add_argument("--sleep", metavar="URL", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.sleep:
        sleep_and_fire(given.sleep)
    else:
        run(promises=given.promises)


if __name__ == "__main__":
    main()
