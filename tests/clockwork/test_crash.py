"""Kill -9 of the clock, the desk or PostgreSQL at any moment loses nothing and does nothing twice.

Two clocks and two desks work on one database while one after the other is killed at random and
started again. The desks keep accounts of what they were told was done; at the end the database
must say the same.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

import desk_under_load
import kept_database
from makegood.gateways.embedded_postgres import Server

pytestmark = pytest.mark.processes

TESTS = Path(__file__).resolve().parents[1]
CLOCK = [sys.executable, "-m", "makegood", "clock"]
DESK = [sys.executable, "-c", desk_under_load.PROGRAM]
WAITING = """
    SELECT count(*) FROM records_promise
     WHERE outcome IS NULL AND least(judge_at, escalate_at) < now() + interval '4 s'
"""
"""Due, or about to be: a desk promises nothing for longer, and what follows a break does."""

LISTENING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'makegood clock'
"""
WATCHED = """
    SELECT told.broken_id FROM records_escalation told
      JOIN records_promise next ON next.id = told.promise_id
      JOIN records_promise broken ON broken.id = next.follows_id
     WHERE told.broken_id IS NOT NULL
       AND broken.outcome = 'broken' AND broken.case_id = next.case_id ORDER BY 1
"""
"""The broken promises after which the customer was promised something, of which people were told.

What broke on one case in the same moment shares one such promise.
"""

PATIENCE = 180.0
"""How many seconds anything may take on the busiest machine."""

ENOUGH = 300
"""Lines of making a promise, two for each that is told, before a campaign ends."""


class Company:
    """A database, two clocks and two desks, each of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.accounts = folder / "accounts"
        self._folder = folder
        kept_database.put_into(folder)
        self._server = Server(folder)
        self.url = self._server.start()
        self._environment = {
            **os.environ,
            "MAKEGOOD_DATABASE_URL": self.url,
            "MAKEGOOD_LOCAL": "1",
            "PYTHONPATH": str(TESTS),
            "DJANGO_SETTINGS_MODULE": "makegood.config.settings",
        }
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for name in ("clock 1", "clock 2", "desk 1"):
            self._start(name)
        while self.ask("SELECT count(*) FROM records_case WHERE NOT is_canary") == [0]:
            time.sleep(0.1)  # the people are there once; two desks at once would hire them twice
        self._start("desk 2")

    def run(self, *words: str) -> str:
        """Run a command of Makegood to its end."""
        command = [sys.executable, "-m", "makegood", *words]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def strike(self) -> str:
        """Kill somebody by surprise, and start them again after a while; who it was."""
        victim = random.choice(["clock 1", "clock 2", "desk 1", "postgres", "backend"])
        if victim == "postgres":
            self._kill_postgres()
        elif victim == "backend":
            self._kill_a_backend()
        else:
            self._children[victim].kill()
            self._children[victim].wait()
            time.sleep(random.uniform(0, 0.5))
            self._start(victim)
        return victim

    def tend(self) -> None:
        """Start a clock again that came while the database was down, as `makegood up` does."""
        for name in ("clock 1", "clock 2"):
            if self._children[name].poll() is not None:
                self._start(name)

    def settle(self) -> None:
        """Close the desks, let the clocks finish what is due, and end them in order."""
        self._end("desk 1", "desk 2")
        deadline = time.monotonic() + PATIENCE
        # A clock that came while the database recovered may end only now.
        while self.ask(WAITING) != [0] or self.ask(LISTENING) != [2]:
            assert time.monotonic() < deadline, f"the clocks do not get through:\n{self.logs()}"
            time.sleep(0.2)
            self.tend()
        self._end("clock 1", "clock 2")

    def ask(self, question: str) -> list:
        """The first column of the answer, as soon as the database has recovered."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(self.url) as connection:
                    return [row[0] for row in connection.execute(question).fetchall()]
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        for child in self._children.values():
            child.kill()
            child.wait()
        self._server.stop()

    def logs(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self._folder.glob("*.log")))

    def _start(self, name: str) -> None:
        command = CLOCK if name.startswith("clock") else [*DESK, str(self.accounts)]
        with (self._folder / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log
            )

    def _end(self, *names: str) -> None:
        for name in names:
            self._children[name].terminate()
        for name in names:
            ended = self._children[name].wait(timeout=PATIENCE)
            # One that is only just starting has not asked for the signal yet.
            assert ended in {0, -signal.SIGTERM}, f"{name} failed:\n{self.logs()}"

    def _kill_postgres(self) -> None:
        lock_file = self._server.pgdata / "postmaster.pid"
        os.kill(int(lock_file.read_text().split("\n")[0]), signal.SIGKILL)
        time.sleep(random.uniform(0, 0.5))
        self._server.start()

    def _kill_a_backend(self) -> None:
        """Kill one session of the database; PostgreSQL then ends all and recovers."""
        sessions = self.ask(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )
        with suppress(ProcessLookupError):
            if sessions:
                os.kill(random.choice(sessions), signal.SIGKILL)


@pytest.fixture
def company(private_folder: Path) -> Iterator[Company]:
    made = Company(private_folder)
    yield made
    made.close()


def campaign(company: Company, *, strikes: int, seed: int) -> None:
    random.seed(seed)
    company.start()
    for _ in range(strikes):
        time.sleep(random.uniform(0.5, 4))
        company.tend()
        company.strike()
    while company.accounts.read_text().count('["make", ') < ENOUGH:
        time.sleep(0.2)
    company.settle()
    nothing_is_lost(company)
    nothing_is_done_twice(company)
    company.run("verify")


def nothing_is_lost(company: Company) -> None:
    """What a desk was told was done is there; what is there, a desk had set out to do."""
    lines = [json.loads(line) for line in company.accounts.read_text().splitlines()]
    tried = {name for act, name, state in lines if (act, state) == ("make", "trying")}
    made = {name for act, name, state in lines if (act, state) == ("make", "done")}
    kept = {name for act, name, state in lines if (act, state) == ("keep", "done")}
    found = company.ask("SELECT words FROM records_promise WHERE kind = 'callback'")

    assert len(made) > ENOUGH / 4, "there was too little load to prove anything"
    assert len(found) == len(set(found))
    assert made <= set(found) <= tried
    # Kept, or kept too late: as of the due time, broken. A keeping that was told counts as done.
    settled = company.ask("SELECT words FROM records_promise WHERE outcome IN ('kept', 'broken')")
    assert kept <= set(settled)
    evidence = company.ask(
        "SELECT p.words FROM records_promise p WHERE p.outcome = 'kept' OR EXISTS (SELECT 1"
        " FROM records_timelineentry t WHERE t.case_id = p.case_id AND t.kind = 'done_late'"
        " AND (t.body::jsonb -> 'facts' ->> 'promise')::bigint = p.id)"
    )
    assert kept <= set(evidence)
    assert company.ask("SELECT count(*) FROM records_setaside") == [0], company.logs()


def nothing_is_done_twice(company: Company) -> None:
    """Each broken promise has one of everything that follows; nothing else has any."""
    broken = company.ask(
        "SELECT p.id FROM records_promise p JOIN records_case c ON c.id = p.case_id"
        " WHERE p.outcome = 'broken' AND NOT c.is_canary ORDER BY p.id"
    )
    assert len(broken) > 50, "too little broke to prove anything"
    ours = "JOIN records_case c ON c.id = case_id WHERE NOT c.is_canary"
    entry = "(body::jsonb -> 'facts' ->> 'promise')::bigint"
    follow = [
        "SELECT promise_id FROM records_message ORDER BY 1",
        "SELECT broken_id FROM records_escalation WHERE broken_id IS NOT NULL ORDER BY 1",
        WATCHED,
        f"SELECT {entry} FROM records_timelineentry {ours} AND kind = 'promise_broken' ORDER BY 1",
    ]
    for each in follow:
        assert company.ask(each) == broken, each
    followed = company.ask(
        f"SELECT follows_id FROM records_promise {ours} AND follows_id IS NOT NULL"
    )
    assert len(followed) == len(set(followed))
    assert set(followed) <= set(broken)


def test_a_few_strikes_lose_nothing(company):
    campaign(company, strikes=5, seed=time.time_ns())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_many_strikes_lose_nothing(company, seed):
    campaign(company, strikes=60, seed=seed)
