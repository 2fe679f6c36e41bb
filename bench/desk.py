"""The desk with 200,000 cases and a million promises: each page beside a bare Django page.

    python -m bench.desk [--cases N] [--rounds R] [--keep FOLDER]

Real HTTP: `makegood web` and the bare site (`bench/bare_site.py`) each run behind granian with one
process, on the same PostgreSQL. A round asks every page once, one after the other, so that what
else the machine does falls on all of them alike. `--keep` fills the database in a folder once, and
uses it again in the next run, brought up to the newest migration.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from bench import desk_filling, ground
from makegood.actions import links
from makegood.records.models import Customer, Staff

GOAL = 3.0
BARE = "bare page"
WARM_UP = 5
READY_SECONDS = 60
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Site:
    """A site that answers at a port: for somebody who has signed in, or for a customer."""

    def __init__(self, port: int, session: str = "") -> None:
        self._port = port
        self._headers = {"Accept-Encoding": "gzip"}
        if session:
            self._headers["Cookie"] = f"makegood_session={session}"

    def get(self, address: str) -> tuple[float, int]:
        """Ask once; returns milliseconds until the whole answer was there, and its bytes."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request("GET", address, headers=self._headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        took = (time.perf_counter() - began) * 1000
        if answer.status != http.client.OK:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:300]!r}")
        return took, len(body)


def measure(cases: int, rounds: int, *, keep: Path | None = None) -> dict[str, Any]:
    """Fill, serve, ask; returns milliseconds by page."""
    now = datetime.now(tz=UTC)
    with ground.ground(keep) as url:
        return serve(url, _filled(cases, keep=keep, now=now), now=now, rounds=rounds)


def _filled(cases: int, *, keep: Path | None, now: datetime) -> dict[str, Any]:
    """What is in the database: what an earlier run has kept there, or else is written now."""
    note = keep / "filled.json" if keep else None
    if note and note.exists():
        kept: dict[str, Any] = json.loads(note.read_text())
        if kept["n"] != cases:
            sys.exit(f"bench.desk: {keep} holds {kept['n']:,} cases: ask for as many.")
        desk_filling.tidy()
        return kept
    began = time.perf_counter()
    filled = desk_filling.fill(cases, now=now)
    print(f"Filled in {time.perf_counter() - began:.0f} s.", flush=True)
    if note:
        note.write_text(
            json.dumps({name: filled[name] for name in ("n", "owners", "teams", "customers")})
        )
    return filled


def serve(url: str, filled: dict[str, Any], *, now: datetime, rounds: int) -> dict[str, Any]:
    """Serve what is filled, and ask for every page in turn."""
    owner = Staff.objects.get(pk=filled["owners"][0])
    other = Staff.objects.get(pk=filled["owners"][40])
    addresses = _addresses(filled, now=now)
    with _desk(url) as desk_port, _bare(url) as bare_port:
        desk = Site(desk_port, _session(owner, settings.AUTHENTICATION_BACKENDS[0]))
        colleague = Site(desk_port, _session(other, settings.AUTHENTICATION_BACKENDS[0]))
        customer = Site(desk_port)
        bare = Site(bare_port, _session(owner, MODEL_BACKEND))
        pages: dict[str, Callable[[], tuple[float, int]]] = {
            BARE: lambda: bare.get("/page"),
            "barest page: one row, no sign-in": lambda: bare.get("/barest?reference=B7"),
            "My word, 100 open": lambda: colleague.get("/"),
        }
        for name, address in addresses.items():
            site = customer if address.startswith("/c/") else desk
            pages[name] = lambda site=site, address=address: site.get(address)  # type: ignore[misc]  # mypy knows no defaults in lambdas
        return _ask(pages, rounds)


def _ask(pages: dict[str, Callable[[], tuple[float, int]]], rounds: int) -> dict[str, Any]:
    times: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for number in range(WARM_UP + rounds):
        for name, ask in pages.items():
            took, sizes[name] = ask()
            if number >= WARM_UP:
                times[name].append(took)
    return {
        name: {"p50": median(found), "p95": quantiles(found, n=20)[-1], "bytes": sizes[name]}
        for name, found in times.items()
    }


def _addresses(filled: dict[str, Any], *, now: datetime) -> dict[str, str]:
    cases = filled["n"]
    phone = Customer.objects.get(pk=filled["customers"] // 2).phone
    busy, other = filled["owners"][0], filled["owners"][7]
    deep = int(now.timestamp() * 1_000_000) - 86_400_000_000
    return {
        "My word, 300 open": "/",
        "Case": f"/cases/B{cases - 40}",
        "Case with 300 promises, 300 contacts": f"/cases/B{cases}",
        "Cases": "/cases",
        "Cases, far down": f"/cases?all=1&place=3.{deep}.1",
        "Cases of an owner, P2": f"/cases?owner={other}&severity=2",
        "Cases of a busy owner, next due": f"/cases?owner={busy}&sort=due",
        "Cases at risk": "/cases?state=at_risk",
        "Cases broken, not put right": "/cases?state=broken",
        "Cases of a team, about money": f"/cases?team={filled['teams'][3]}&function=money",
        "Cases, next due": "/cases?sort=due",
        "Cases, customer waits a day": "/cases?waiting=24",
        "Closed cases, a promise broken": "/cases?state=closed&broke=1&sort=newest",
        "Cases with a word": f"/cases?q={desk_filling.FREQUENT_WORD}",
        "Search: frequent word": f"/search?q={desk_filling.FREQUENT_WORD}",
        "Search: rare word": f"/search?q={desk_filling.RARE_WORD}",
        "Search: name": "/search?q=laura+taylor",
        "Search: phone": f"/search?q=%2B44+{phone[1:5]}+{phone[5:]}",
        "Search while typing": "/search/quick?q=tayl",
        "Callers while typing": "/reports/new/callers?q=laura+tay",
        "Customer's page": f"/c/{links.mint_link(cases - 40, now=now)}",
        "Customer's page, 300 promises": f"/c/{links.mint_link(cases, now=now)}",
    }


def _session(person: Staff, backend: str) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = backend
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@contextmanager
def _desk(url: str) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "makegood", "web", "--port", str(port), "--workers", "1"]
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
        "--blocking-threads", "4", "--workers", "1", "--log-level", "warning",
        "bare_site:build_application",
    ]  # fmt: skip
    # By its own name: the package would make Django ready with the desk's settings.
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {
        "MAKEGOOD_DATABASE_URL": url,
        "BENCH_SECRET": settings.SECRET_KEY,
        "PYTHONPATH": path,
    }
    with serving(command, environment, port):
        yield port


@contextmanager
def serving(command: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    """A server of its own process, from when it answers."""
    running = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        _wait_for(port)
        yield
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers at port {port} after {READY_SECONDS} s.")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(cases: int, rounds: int, *, keep: Path | None = None) -> None:
    """Measure, print and record; fails where a page is slower than it may be."""
    tell(measure(cases, rounds, keep=keep), cases=cases, rounds=rounds)


def tell(found: dict[str, Any], *, cases: int, rounds: int) -> None:
    """Print and record what was measured."""
    bare = found[BARE]
    rows: list[tuple[Any, ...]] = [("page", "p50 ms", "p95 ms", "p95 to bare", "kB as sent")]
    for name, page in found.items():
        page["ratio"] = page["p95"] / bare["p95"]
        cells = (page["p50"], page["p95"], page["ratio"], page["bytes"] / 1000)
        rows.append((name, *(f"{cell:.1f}" for cell in cells)))
    title = f"The desk with {cases:,} cases and {cases * desk_filling.PROMISES_EACH:,} promises"
    ground.table(f"{title}, {rounds} rounds", rows)
    ground.record("desk", {"cases": cases, "rounds": rounds, "pages": found})
    slow = [name for name, page in found.items() if page["ratio"] > GOAL]
    if slow:
        sys.exit(f"bench.desk: slower than {GOAL:g} bare pages: {', '.join(slow)}")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=desk_filling.CASES)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--keep", type=Path, help="a folder for the filled database")
    given = parser.parse_args()
    run(given.cases, given.rounds, keep=given.keep)


if __name__ == "__main__":
    main()
