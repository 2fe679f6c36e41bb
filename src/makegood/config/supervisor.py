"""`makegood up`: database, tables, sample, pages and clock on one machine, watched until Ctrl-C."""

import fcntl
import http.client
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Never

from makegood.config import lifeline
from makegood.config.children import BackOff, Child
from makegood.config.environment import find_data_dir, keep_secret
from makegood.config.ports import HOST, BusyPortError, Ports
from makegood.gateways.embedded_postgres import EmbeddedPostgresError, Server

READY_SECONDS = 120  # of a small machine that is busy otherwise
TEND_EVERY_SECONDS = 0.2
CHILDREN_STOP_SECONDS = 2


class StartError(Exception):
    """Makegood cannot come up; the message says why and what to do."""


class _StopAskedError(Exception):
    """Ctrl-C, or a polite kill."""


def run_everything(*, port: int, sample: bool, clock: bool, agents: bool = False) -> None:
    """Bring everything up, and keep it up until told to stop.

    :raises StartError: if it cannot come up.
    :raises EmbeddedPostgresError: if its database cannot.
    """
    data_dir = find_data_dir()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / "up.lock").open("a+") as lock:
        if not _take(lock.fileno()):
            _say(_describe_the_other(data_dir))
            return
        with _signals_raised(), suppress(_StopAskedError):
            _Everything(data_dir=data_dir, port=port, clock=clock, agents=agents).run(sample=sample)


class _Everything:
    """The database, and the processes around it."""

    def __init__(self, *, data_dir: Path, port: int, clock: bool, agents: bool) -> None:
        self._links_file = data_dir / "up.json"
        self._data_dir = data_dir
        self._port = port
        self._ports = Ports()
        self._live_port = 0
        self._with_clock = clock
        self._with_agents = agents
        self._agents_port = 0
        self._server: Server | None = None
        self._back_off = BackOff()
        self._children: list[Child] = []

    def run(self, *, sample: bool) -> None:
        try:
            links = self._start(sample=sample)
            self._links_file.touch(mode=0o600)  # it names the sample's password
            self._links_file.write_text(json.dumps(links))
            _say("\n".join(["Makegood is up.", *links, "Ctrl-C stops it."]))
            while True:
                self._tend()
                time.sleep(TEND_EVERY_SECONDS)
        finally:
            self._stop()

    def _start(self, *, sample: bool) -> list[str]:
        self._links_file.unlink(missing_ok=True)
        self._take_ports()
        self._set_environment()
        self._start_database()
        from makegood.config import upkeep  # noqa: PLC0415 - it reads the settings just made

        upkeep.open_database()
        _say("Bringing the tables up to date.")
        upkeep.migrate_database()
        told = _load_sample(base_url=os.environ["MAKEGOOD_BASE_URL"]) if sample else how_to_begin()
        upkeep.close_database()
        self._start_children()
        self._wait_until_ready()
        return [
            f"  The desk           {os.environ['MAKEGOOD_BASE_URL']}/",
            *told,
            f"  AI agents (MCP)    {self._of_agents()}",
        ]

    def _of_agents(self) -> str:
        if self._with_agents:
            return f"http://{HOST}:{self._agents_port}/mcp, each with a token of its own"
        return "with makegood up --mcp, or by makegood mcp (docs/mcp.md)"

    def _take_ports(self) -> None:
        try:
            self._ports.take(self._port)
            self._live_port = self._ports.take_next(after=self._port)
            if self._with_agents:
                self._agents_port = self._ports.take_next(after=self._live_port)
        except BusyPortError as busy:
            raise StartError(
                f"Port {busy} of {HOST} is used by another program: stop that one, or choose"
                f" another port with `makegood up --port {self._port + 1}`."
            ) from busy

    def _set_environment(self) -> None:
        """Say what is true of this machine, to ourselves and to the children."""
        os.environ["MAKEGOOD_LOCAL"] = "1"
        os.environ["MAKEGOOD_DATA"] = str(self._data_dir)
        os.environ.setdefault("MAKEGOOD_BASE_URL", f"http://{HOST}:{self._port}")
        os.environ.setdefault("MAKEGOOD_LIVE_URL", f"http://{HOST}:{self._live_port}/live/events")
        os.environ[lifeline.PARENT_VARIABLE] = str(os.getpid())
        keep_secret(self._data_dir)

    def _start_database(self) -> None:
        if os.environ.get("MAKEGOOD_DATABASE_URL"):
            _say("Using the PostgreSQL of MAKEGOOD_DATABASE_URL.")
            return
        _say(f"Starting PostgreSQL on {self._data_dir}.")
        self._server = Server(self._data_dir, say=_say)
        os.environ["MAKEGOOD_DATABASE_URL"] = self._server.start()

    def _start_children(self) -> None:
        commands = {
            "web": ["web", "--host", HOST, "--port", str(self._port)],
            "live": ["live", "--host", HOST, "--port", str(self._live_port)],
        }
        if self._with_clock:
            commands["clock"] = ["clock"]
        if self._with_agents:
            commands["agents"] = _mcp(os.environ["MAKEGOOD_BASE_URL"], port=self._agents_port)
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        for name, arguments in commands.items():
            command = [sys.executable, "-m", "makegood", *arguments]
            child = Child(name=name, command=command, environment=environment, say=_say)
            self._children.append(child)
            child.start()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not _is_ready(self._port):
            if time.monotonic() > deadline:
                raise StartError(
                    f"The pages were not ready within {READY_SECONDS} seconds; their lines above"
                    " say why."
                )
            self._tend()
            time.sleep(TEND_EVERY_SECONDS)

    def _tend(self) -> None:
        for child in self._children:
            child.tend()
        if self._server is not None and not self._server.is_running():
            _say("PostgreSQL ended; it starts again and recovers.")
            try:
                self._server.start()
            except EmbeddedPostgresError as error:
                delay = self._back_off.next_delay(ran_for=0)
                _say(f"{error} The next try is in {delay:g} s.")
                time.sleep(delay)

    def _stop(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping is not stopped
        if self._children:
            _say("Stopping.")
        for child in self._children:
            child.ask_to_stop()
        until = time.monotonic() + CHILDREN_STOP_SECONDS
        for child in self._children:
            child.wait_or_kill(until=until)
        if self._server is not None:
            self._server.stop()
        self._links_file.unlink(missing_ok=True)
        self._ports.close()
        if self._children:
            _say("Stopped.")


def _mcp(address: str, *, port: int) -> list[str]:
    return ["mcp", "--http", "--url", address, "--host", HOST, "--port", str(port)]


def _load_sample(*, base_url: str) -> list[str]:
    from makegood.clockwork import sample  # noqa: PLC0415 - it needs Django to be ready

    _say("Loading the sample company, if the desk is empty.")
    links = sample.load_if_empty(now=datetime.now(UTC))
    if links is None:
        return []
    return [
        f"  Sign in as         {links.sign_in}  with the password  {links.password}",
        f"  In other roles     {links.others}, the same password",
        f"  A customer's page  {base_url}{links.customer_path}",
    ]


def how_to_begin() -> list[str]:
    """What lets the first person in, as long as nobody can sign in."""
    from makegood.records.models import Staff  # noqa: PLC0415 - it needs Django to be ready

    if Staff.objects.people().filter(is_active=True).exists():
        return []
    return [
        "  Nobody can sign in yet. Say in another terminal who you are, and where (GB-ENG, DE-BE):",
        '    makegood person you@example.org --name "Your Name" --team Office \\',
        "      --role administrator --calendar GB-ENG",
    ]


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _describe_the_other(data_dir: Path) -> str:
    with suppress(OSError, ValueError):
        links = json.loads((data_dir / "up.json").read_text())
        return "\n".join([f"Makegood is already running on {data_dir}.", *links])
    return f"Makegood is just starting or stopping on {data_dir}; try again in a moment."


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _signals_raised() -> Iterator[None]:
    """Turn the polite signals into an exception, wherever we are."""

    def ask_to_stop(_: int, __: FrameType | None) -> Never:
        raise _StopAskedError

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    yield


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        print(text, flush=True)  # noqa: T201 - the command's own output
