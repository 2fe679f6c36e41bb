"""`POST /api/v1/say` with 100,000 open promises: each verdict beside a bare Django page.

    python -m bench.say [--promises N] [--seconds S]

Real HTTP: `makegood web` with two processes, and the bare site (`bench/bare_site.py`), behind
granian on the same PostgreSQL; whoever asks shares the machine with them. The message has 100
words, with a date and a time that are on record.
"""

import argparse
import http.client
import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from bench import filling, ground
from bench.desk import free_port, serving
from makegood.actions import tokens
from makegood.actions.tokens import NewToken
from makegood.records.models import Promise, Staff
from makegood.rules.scopes import Scope

GOAL_P95_MS = 25.0
GOAL_PER_SECOND = 150
PROMISES = 100_000
ASKED = 400
TOGETHER = 8
WARM_UP = 40
LONDON = ZoneInfo("Europe/London")
MESSAGE = (
    "Dear customer, I am sorry. We missed your street, and that was our own planning error. You "
    "waited in for us and nobody came, which cost you a day and two calls, and none of that should "
    "have been yours to carry. Here is what happens next. {owner} will call you by {clock} on "
    "{day} to agree with you how we put it right. You do not need to do anything, and please keep "
    "the bin inside until we have spoken. If another number suits you better, reply to this "
    "message and we use that one. Thank you for telling us. With kind regards, your collections "
    "team at the city works."
)
Ask = Callable[[http.client.HTTPConnection], None]


def measure(promises: int, seconds: int) -> dict[str, Any]:
    """Fill, serve, ask; returns milliseconds and messages a second."""
    with ground.ground() as url:
        filling.fill_minutes(promises, minutes=1, first=datetime.now(UTC) + timedelta(days=2))
        asks = _asks(promises)
        with _web(url) as port, _bare(url) as bare_port:
            found = {}
            for name, at, ask in (
                ("bare page: one row", bare_port, _get),
                ("verdict, dry run", port, asks["weigh"]),
                ("said, with its contact", port, asks["say"]),
            ):
                found[name] = {**_one_by_one(at, ask), "per_second": _together(at, ask, seconds)}
            return found


def _asks(promises: int) -> dict[str, Ask]:
    by = Staff.objects.order_by("pk").first()
    wanted = NewToken(name="Bench", scopes=(Scope.SAY,))
    token = tokens.make(wanted, by=by, now=datetime.now(UTC))[1] if by else ""
    known = Promise.objects.still_open().order_by("pk")[: min(promises, 2_000)]
    messages = [_message(promise) for promise in known.select_related("case__owner")]

    def ask(connection: http.client.HTTPConnection, *, say: bool) -> None:
        body = random.choice(messages) | {"say": say}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if say:
            headers["Idempotency-Key"] = f"{random.getrandbits(128):032x}"
        connection.request("POST", "/api/v1/say", json.dumps(body), headers)
        answer = json.loads(connection.getresponse().read())
        if answer.get("verdict") != "say" or answer["said"] is not say:
            raise RuntimeError(f"{body['text']} was answered by {answer}.")

    return {"weigh": lambda c: ask(c, say=False), "say": lambda c: ask(c, say=True)}


def _message(promise: Promise) -> dict[str, Any]:
    due = promise.due_at.astimezone(LONDON)
    text = MESSAGE.format(
        owner=promise.case.owner.name, clock=f"{due:%H:%M}", day=f"{due:%A} {due.day} {due:%B}"
    )
    return {"text": text, "case": promise.case.reference}


def _get(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", f"/barest?reference=B{random.randint(1, 1000)}")
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"The bare page answered {answer.status}.")


def _one_by_one(port: int, ask: Ask) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took = []
    for number in range(WARM_UP + ASKED):
        began = time.perf_counter()
        ask(connection)
        if number >= WARM_UP:
            took.append((time.perf_counter() - began) * 1000)
    connection.close()
    return {"p50": median(took), "p95": quantiles(took, n=20)[-1]}


def _together(port: int, ask: Ask, seconds: int) -> float:
    counts = [0] * TOGETHER
    ending = time.perf_counter() + seconds

    def work(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < ending:
            ask(connection)
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(TOGETHER)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


@contextmanager
def _web(url: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "makegood", "web", "--port", str(port), "--workers", "2"]
    environment = {
        "MAKEGOOD_LOCAL": "1",
        "MAKEGOOD_DATABASE_URL": url,
        "MAKEGOOD_BASE_URL": f"http://127.0.0.1:{port}",
        "MAKEGOOD_SECRET_KEY": settings.SECRET_KEY,
    }
    with serving(command, environment, port):
        yield port


@contextmanager
def _bare(url: str) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--port", str(port),
        "--blocking-threads", "4", "--workers", "2", "--log-level", "warning",
        "bare_site:build_application",
    ]  # fmt: skip
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {
        "MAKEGOOD_DATABASE_URL": url,
        "BENCH_SECRET": settings.SECRET_KEY,
        "PYTHONPATH": path,
    }
    with serving(command, environment, port):
        yield port


def run(promises: int, seconds: int) -> None:
    """Measure, print and record; fails where it is slower than it may be."""
    found = measure(promises, seconds)
    rows: list[tuple[Any, ...]] = [("asked", "p50 ms", "p95 ms", "a second", "")]
    goal = f"(goal p95 < {GOAL_P95_MS:g}, {GOAL_PER_SECOND} a second)"
    for name, one in found.items():
        cells = (f"{one[column]:.1f}" for column in ("p50", "p95", "per_second"))
        rows.append((name, *cells, goal if "dry" in name else ""))
    words = len(MESSAGE.split())
    ground.table(f"say: {words} words, {promises:,} open promises, {TOGETHER} at once", rows)
    ground.record("say", {"promises": promises, "found": found})
    dry = found["verdict, dry run"]
    if dry["p95"] > GOAL_P95_MS or dry["per_second"] < GOAL_PER_SECOND:
        sys.exit("bench.say: slower than its goal.")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=PROMISES)
    parser.add_argument("--seconds", type=int, default=10)
    given = parser.parse_args()
    run(given.promises, given.seconds)


if __name__ == "__main__":
    main()
