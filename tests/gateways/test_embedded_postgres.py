"""The embedded PostgreSQL starts, stops, and comes back from every kind of crash."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from makegood.gateways.embedded_postgres import EmbeddedPostgresError, Server
from makegood.gateways.postgres_programs import wheel_binaries

pytestmark = pytest.mark.processes

START = """
import pathlib, sys, time
from makegood.gateways.embedded_postgres import Server
Server(pathlib.Path(sys.argv[1])).start()
print("up", flush=True)
time.sleep(60)
"""


def with_our_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One directory for all: to make the data costs most of a second."""
    with tempfile.TemporaryDirectory(prefix="makegood-") as folder:
        yield Path(folder)


@pytest.fixture
def server(data_dir: Path) -> Iterator[Server]:
    made = Server(data_dir, throwaway=True)
    yield made
    made.stop()


def pid_of(server: Server) -> int:
    return int((server.pgdata / "postmaster.pid").read_text().split("\n")[0])


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS word; CREATE TABLE word (given text)")
        connection.execute("INSERT INTO word VALUES ('we will call at five')")


def rows(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT given FROM word").fetchall()


def wait_until(happened: Callable[[], bool], *, seconds: float = 150) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_second_start_finds_the_running_server(server: Server) -> None:
    url = server.start()
    first = pid_of(server)
    assert Server(server.data_dir, throwaway=True).start() == url
    assert pid_of(server) == first


def test_data_is_kept_between_runs(server: Server) -> None:
    write_a_row(server.start())
    server.stop()
    assert not server.is_running()
    assert rows(server.start()) == [("we will call at five",)]


def test_it_serves_a_private_socket_and_no_network(server: Server) -> None:
    with psycopg.connect(server.start()) as connection:
        asked = connection.execute("SHOW listen_addresses").fetchone()
    folder = server.data_dir / "run"
    assert asked == ("",)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_text_is_unicode_and_times_are_utc(server: Server) -> None:
    with psycopg.connect(server.start()) as connection:
        assert connection.info.encoding == "utf-8"
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
        assert connection.execute("SELECT upper('ä')").fetchone() == ("Ä",)


def test_a_killed_server_recovers_with_its_data(data_dir: Path) -> None:
    server = Server(data_dir)
    try:
        write_a_row(server.start())
        os.kill(pid_of(server), signal.SIGKILL)
        wait_until(lambda: not server.is_running())
        assert rows(server.start()) == [("we will call at five",)]
    finally:
        server.stop()


def test_orphans_that_hang_after_a_crash_are_ended(server: Server) -> None:
    server.start()
    postmaster = psutil.Process(pid_of(server))
    worker = postmaster.children()[0]
    worker.suspend()
    postmaster.kill()
    server.start()
    assert not psutil.pid_exists(worker.pid) or worker.status() == psutil.STATUS_ZOMBIE


def test_a_lock_file_of_a_dead_process_is_no_obstacle(server: Server) -> None:
    server.start()
    server.stop()
    (server.pgdata / "postmaster.pid").write_text("4194304\n")
    server.start()
    assert server.is_running()


@pytest.mark.parametrize("text", ["", "12", "not a number\n"])
def test_a_truncated_lock_file_is_no_obstacle(server: Server, text: str) -> None:
    server.start()
    server.stop()
    (server.pgdata / "postmaster.pid").write_text(text)
    server.start()
    assert server.is_running()


def test_a_lock_file_with_the_number_of_another_program_is_no_obstacle(server: Server) -> None:
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"], user=server.pgdata.stat().st_uid)
    try:
        lines = [stranger.pid, server.pgdata, 1, 5432, "", "", "", "ready"]
        (server.pgdata / "postmaster.pid").write_text("\n".join(map(str, lines)))
        assert not server.is_running()
        server.start()
        assert server.is_running()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_running_server_whose_lock_file_was_damaged_is_replaced(server: Server) -> None:
    server.start()
    first = pid_of(server)
    (server.pgdata / "postmaster.pid").write_text("")
    server.start()
    assert pid_of(server) != first


def test_data_of_another_major_version_is_refused_in_one_sentence(server: Server) -> None:
    server.start()
    server.stop()
    version_file = server.pgdata / "PG_VERSION"
    right = version_file.read_text()
    version_file.write_text("14\n")
    try:
        with pytest.raises(EmbeddedPostgresError, match=r"written by PostgreSQL 14, and this is"):
            server.start()
    finally:
        version_file.write_text(right)


def test_a_start_that_was_cut_short_is_begun_again(private_folder: Path) -> None:
    server = Server(private_folder, throwaway=True)
    half = server.home / "pgdata.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    try:
        server.start()
    finally:
        server.stop()
    assert not half.exists()


def test_a_path_too_long_for_a_socket_is_no_obstacle(private_folder: Path) -> None:
    deep = private_folder / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    for folder in (private_folder, deep.parent):
        folder.chmod(0o755)
    server = Server(deep, throwaway=True)
    try:
        write_a_row(server.start())
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_programs_that_the_account_cannot_reach_are_copied(private_folder: Path) -> None:
    closed = private_folder / "closed"
    closed.mkdir(mode=0o700)
    package = wheel_binaries().parent.parent
    for folder in package.parent.glob(f"{package.name}*"):
        (closed / folder.name).symlink_to(folder)
    programs = closed / package.name / "pginstall" / "bin"
    reached = Server(private_folder, throwaway=True, binaries=programs)
    try:
        reached.start()
        assert reached._binaries.is_relative_to(private_folder)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        reached.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_is_told_when_the_account_cannot_reach_the_data(private_folder: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="who cannot reach"):
        Server(private_folder / "deeper").start()


def test_a_data_directory_that_is_a_file_is_refused_in_one_sentence(private_folder: Path) -> None:
    (private_folder / "file").write_text("")
    with pytest.raises(EmbeddedPostgresError, match="cannot be used"):
        Server(private_folder / "file").start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_server_does_not_outlive_a_killed_parent(server: Server) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START, server.data_dir],
        env=with_our_path(),
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"up\n"
        assert server.is_running()
        parent.kill()
    wait_until(lambda: not server.is_running())


def test_a_start_while_the_server_stops_waits_and_starts_it_again(server: Server) -> None:
    url = server.start()
    first = pid_of(server)
    with psycopg.connect(url):
        psutil.Process(first).send_signal(signal.SIGTERM)  # smart: waits for our connection to end
        starting = subprocess.Popen(
            [sys.executable, "-c", START, server.data_dir], env=with_our_path()
        )
        time.sleep(0.5)
    try:
        wait_until(lambda: server.is_running() and pid_of(server) != first)
    finally:
        starting.kill()
        starting.wait()
