"""Real clocks on the database of the tests: in a thread, or as the process that users start."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db import connection

from makegood.actions import promises
from makegood.clockwork import worker
from makegood.records.models import Case, Ladder, Promise
from world import a_case, a_team, a_word

PATIENCE = 150.0
"""How many seconds anything may take on the busiest machine."""


def database_url() -> str:
    """The database that Django is on, as a URL for other processes."""
    known = connection.settings_dict
    host, port = quote(known["HOST"], safe=""), known["PORT"] or 5432
    user = quote(known["USER"], safe="")
    if known["PASSWORD"]:
        user += ":" + quote(known["PASSWORD"], safe="")
    return f"postgresql://{user}@/{known['NAME']}?host={host}&port={port}"


@contextmanager
def clock_thread() -> Iterator[threading.Thread]:
    """A clock in a thread, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, kwargs={"stop": stop})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(timeout=PATIENCE)
    assert not thread.is_alive(), "the clock does not end"


def start_clock(url: str) -> subprocess.Popen[str]:
    """A clock as a process of its own; its log on standard error."""
    return subprocess.Popen(
        [sys.executable, "-m", "makegood", "clock"],
        env={**os.environ, "MAKEGOOD_DATABASE_URL": url, "MAKEGOOD_LOCAL": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def a_quick_case() -> Case:
    """A case of a team that gives no grace, opened now."""
    terms = {
        "grace_seconds": 0,
        "news_within": "1 hour",
        "unheard_after_seconds": 3600,
        "speak_again_after_seconds": 3600,
        "rungs": [{"share": 0.999999, "role": "owner"}],
    }
    team = a_team()
    for severity in (1, 2, 3, 4):
        Ladder.objects.get_or_create(team=team, severity=severity, defaults={"terms": terms})
    now = real_now()
    return a_case(now=now, failed_at=now, known_at=now)


def real_now() -> datetime:
    """What a real clock reads."""
    return datetime.now(UTC)  # noqa: TID251 - the process under test reads it too


def promise_due_in(case: Case, seconds: float, **more: Any) -> Promise:
    """A promise that falls due, and is judged, so many seconds from now."""
    now = real_now()
    word = a_word(now=now, due_at=now + timedelta(seconds=seconds), **more)
    return promises.make_promise(case.pk, word, now=now)


def wait_until(happened: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait for something to happen."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, f"it did not happen within {seconds} seconds"
        time.sleep(0.01)


def is_broken(promise: Promise) -> bool:
    """Whether the clock has broken it by now."""
    return Promise.objects.filter(pk=promise.pk, outcome="broken").exists()


def listeners() -> list[int]:
    """The sessions of the database that listen for the bell, and are idle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'makegood clock' AND state = 'idle'"
        )
        return [row[0] for row in cursor.fetchall()]
