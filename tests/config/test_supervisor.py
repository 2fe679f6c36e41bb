"""`makegood up` as a whole: it comes up, mends what dies, and leaves nothing behind."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import kept_database

pytestmark = pytest.mark.processes

PATIENCE = 150.0
"""How many seconds anything may take on the busiest machine."""


def clean_environment(data_dir: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MAKEGOOD_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(sys.path), "MAKEGOOD_DATA": str(data_dir)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(happened: Callable[[], bool], *, or_else: str = "it did not happen in time") -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, or_else
        time.sleep(0.05)


class Up:
    """A running `makegood up`, and what it said."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "makegood", "up", "--port", str(self.port), *options],
            env=clean_environment(data_dir),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            self.said.extend(lines)

    def heard(self, words: str) -> bool:
        return words in "".join(self.said)

    def wait_until_up(self) -> None:
        wait_until(lambda: self.heard("Makegood is up") or self.has_ended())
        assert not self.has_ended(), "".join(self.said)

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill(self, words: str) -> None:
        """Kill the one of its children whose command line holds these words."""

        def found_and_killed() -> bool:
            for one in psutil.Process(self.process.pid).children():
                with suppress(psutil.Error):
                    if words in " ".join(one.cmdline()):
                        one.kill()
                        return True
            return False

        wait_until(found_and_killed)

    def get(self, path: str) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Send the signal, and wait until it has ended."""
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE)
        self._reader.join()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="makegood-") as folder:
        yield Path(folder)


@pytest.fixture
def up_again(data_dir: Path) -> Iterator[Up]:
    """On a database that has its tables already, as from the second start on."""
    kept_database.put_into(data_dir)
    yield from started(data_dir)


@pytest.fixture
def up(data_dir: Path) -> Iterator[Up]:
    """From nothing, as at the first start."""
    yield from started(data_dir)


def started(data_dir: Path) -> Iterator[Up]:
    running = Up(data_dir)
    try:
        running.wait_until_up()
        yield running
    finally:
        if not running.has_ended():
            running.end()


def still_alive(family: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_it_says_where_it_is_and_asked_to_stop_it_ends_all(up: Up) -> None:
    assert up.heard(f"http://127.0.0.1:{up.port}/")
    assert up.heard("AI agents (MCP)    with makegood up --mcp")
    assert (up.get("/healthz"), up.get("/readyz")) == (200, 200)
    second = subprocess.run(
        [sys.executable, "-m", "makegood", "up"],
        capture_output=True,
        check=True,
        env=clean_environment(up.data_dir),
        text=True,
    )
    assert "already running" in second.stdout
    assert f"http://127.0.0.1:{up.port}/" in second.stdout
    assert (up.data_dir / "up.json").stat().st_mode & 0o777 == 0o600
    family = up.family()
    assert len(family) > 5

    up.end(signal.SIGINT)

    assert up.process.returncode == 0
    assert still_alive(family) == []


def test_what_dies_comes_back_and_is_said_and_nothing_outlives_the_whole(up_again: Up) -> None:
    up_again.kill("granian")
    wait_until(lambda: up_again.heard("web ended (signal SIGKILL); it starts again in 0.5 s."))
    wait_until(lambda: up_again.get("/readyz") == 200)

    up_again.kill("pgdata")
    wait_until(lambda: up_again.heard("PostgreSQL ended; it starts again and recovers."))
    wait_until(lambda: up_again.get("/readyz") == 200)

    up_again.kill("makegood clock")
    wait_until(lambda: up_again.heard("clock ended (signal SIGKILL)"))

    family = up_again.family()
    up_again.end(signal.SIGKILL)
    wait_until(lambda: still_alive(family) == [], or_else="something outlives one that was killed")


def test_a_busy_port_is_said_with_what_to_do(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = subprocess.run(
            [sys.executable, "-m", "makegood", "up", "--port", str(port)],
            capture_output=True,
            check=False,
            env=clean_environment(data_dir),
            text=True,
        )
    assert ran.returncode == 1
    assert f"Port {port} of 127.0.0.1 is used by another program" in ran.stderr
    assert ran.stderr.count("\n") == 1
