"""`makegood live` as a process of its own on the database of the tests, and a page that listens."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from makegood.records.models import Case, Staff

START_SECONDS = 120
END_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def url_of_the_database() -> str:
    known = connection.settings_dict
    user = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    return f"postgresql://{user}@/{known['NAME']}?host={known['HOST']}{port}"


@contextmanager
def live_process(*, desk: str = "http://127.0.0.1:8000") -> Iterator[int]:
    """Runs for the block; gives the port."""
    port = free_port()
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MAKEGOOD_")}
    told = {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "MAKEGOOD_LOCAL": "1",
        "MAKEGOOD_BASE_URL": desk,
        "MAKEGOOD_SECRET_KEY": settings.SECRET_KEY,
        "MAKEGOOD_DATABASE_URL": url_of_the_database(),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "makegood", "live", "--port", str(port)], env=kept | told
    )
    try:
        _wait_until_it_listens(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=END_SECONDS)


def _wait_until_it_listens(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while _status(port) != http.client.OK:
        assert process.poll() is None, "it ended"
        assert time.monotonic() < deadline, "it did not come up"
        time.sleep(0.1)


def _status(port: int) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/live/healthz")
        return asked.getresponse().status
    except OSError:
        return 0
    finally:
        asked.close()


def a_session(person: Staff) -> str:
    """The key of a session in which this person has signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    assert store.session_key
    return store.session_key


@dataclass
class Page:
    """A page that listens; closes with the block."""

    port: int
    session: str = ""
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}
        self.connection.request("GET", f"/live/events{self.query}", headers=cookie | self.headers)
        self.answer = self.connection.getresponse()
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()
        self.connection.close()

    def next(self, *, beats: bool = False) -> tuple[str, dict]:
        """The next event, past beats unless they are wanted."""
        name, data = "", ""
        while line := self.answer.readline().decode():
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                data = line[5:].strip()
            elif line == "\n" and name:
                if name != "beat" or beats:
                    return name, json.loads(data)
                name = ""
        return "end", {}

    def news_of(self, case: Case) -> dict:
        """The next news of this case, past what other tests have left on its way."""
        while True:
            name, news = self.next()
            assert name == "news", name
            if case.pk in news.get("changed", []):
                return news
