"""A desk under load: it opens cases, makes promises, keeps some, and keeps accounts of it all.

It stands for the web: the same actions, each in its own transaction. Before each act it writes
down what it is about to do, and after it what it was told; so that whatever it is killed by, the
accounts say what must be there and what may be.
"""

import json
import os
import random
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from clocks import a_quick_case, promise_due_in, real_now
from makegood.actions import promises
from makegood.records.models import Case
from makegood.records.trouble import is_passing
from makegood.rules.promises import PromiseError
from world import a_person

PAUSE_SECONDS = 0.005
CASES = 40
PROGRAM = "import django, sys; django.setup(); import desk_under_load as d; d.run(sys.argv[1])"


def run(accounts: str) -> None:
    """Work until SIGTERM comes."""
    desk = Desk(Path(accounts))
    signal.signal(signal.SIGTERM, desk.end)
    desk.run()


class Desk:
    """One life of the desk."""

    def __init__(self, accounts: Path) -> None:
        self._accounts = os.open(accounts, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._cases: list[Case] = []
        self._open: list[tuple[int, str]] = []
        self._ending = False

    def run(self) -> None:
        """Act, again and again. Refusals are part of it; a lost database is waited for."""
        while not self._ending:
            try:
                self._act()
            except PromiseError:
                continue
            except Exception as error:
                if not is_passing(error):
                    raise
                connection.close()
                time.sleep(0.1)
            time.sleep(PAUSE_SECONDS)

    def end(self, *_: object) -> None:
        """End after the act at hand."""
        self._ending = True

    def _act(self) -> None:
        if len(self._cases) < CASES and random.random() < 0.2:
            self._do("open", "", lambda: self._cases.append(a_quick_case()))
        elif self._open and random.random() < 0.3:
            promise, name = self._open.pop(random.randrange(len(self._open)))
            self._do("keep", name, lambda: self._keep(promise))
        elif self._cases:
            name = str(uuid.uuid4())
            self._do("make", name, lambda: self._make(name))

    def _do(self, act: str, name: str, do: Callable[[], None]) -> None:
        self._write(act, name, "trying")
        do()
        self._write(act, name, "done")

    def _make(self, name: str) -> None:
        made = promise_due_in(random.choice(self._cases), random.uniform(0.05, 3), words=name)
        self._open.append((made.pk, name))

    def _keep(self, promise: int) -> None:
        now, laura = real_now(), a_person()
        promises.keep_promise(promise_id=promise, at=now, evidence="Rang.", by=laura, now=now)

    def _write(self, act: str, name: str, state: str) -> None:
        os.write(self._accounts, json.dumps([act, name, state]).encode() + b"\n")
