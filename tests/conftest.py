"""What every test can ask for. A database is started only when the first test wants one."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from django.db.backends.postgresql.creation import DatabaseCreation
from hypothesis import HealthCheck
from hypothesis import settings as given_settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

import kept_database
import told_once
from examples import examples
from makegood.config.database import database_settings
from makegood.gateways.embedded_postgres import Server

# A busy machine is slow now and then, which says nothing of the code.
given_settings.register_profile(
    "any machine",
    deadline=None,
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.too_slow],
)
given_settings.load_profile("any machine")

_drop = DatabaseCreation._destroy_test_db


def _drop_with_sessions(
    creation: DatabaseCreation, test_database_name: str, verbosity: int
) -> None:
    """A thread of a test that has ended may still hold a session, and the database would stay."""
    with creation._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [test_database_name],
        )
    _drop(creation, test_database_name, verbosity)


DatabaseCreation._destroy_test_db = _drop_with_sessions

_gather = WhiteNoiseMiddleware.add_files_from_finders
_gathered: dict[str, Any] = {}


def _gather_once(middleware: WhiteNoiseMiddleware) -> None:
    """Each client of a test makes the desk anew, whose static files are the same every time."""
    if not _gathered:
        _gather(middleware)
        _gathered.update(middleware.files)
    middleware.files.update(_gathered)


WhiteNoiseMiddleware.add_files_from_finders = _gather_once

TRIES = 5  # at emptying the database while something may still write to it
POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")


def pytest_configure() -> None:
    """Let a person's password cost nothing, which has to cost something everywhere else."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it in the end."""
    items.sort(key=lambda item: not _takes_long(item))


def pytest_collection_finish() -> None:
    """What is there by now stays until the end: let nobody look through it for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # tests come and go: as much garbage, found in fewer looks


def _takes_long(item: pytest.Item) -> bool:
    needs = getattr(item, "fixturenames", ())
    return bool(set(item.keywords) & {"browser", "processes"}) or "shared_data" in needs


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real logs and texts beside the repository; skips where there is none."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs real data in {folder}")
    return folder


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder that the server's account can reach; root's tmp_path is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The URL of a PostgreSQL for tests: a given one, or an embedded one that ends with them."""
    if given := os.environ.get("MAKEGOOD_TEST_DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="makegood-tests-"))
    kept_database.put_into(folder, binaries=_wanted_binaries())
    server = Server(folder, throwaway=True, binaries=_wanted_binaries())
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the schema is there already; pytest-django then only looks whether it is complete."""
    return "MAKEGOOD_TEST_DATABASE_URL" not in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str, django_db_keepdb: bool) -> None:
    """Point Django at the server of the tests; pytest-django calls this before it migrates."""
    entry = connections.settings["default"]
    entry.update(database_settings(database_url))
    if django_db_keepdb:
        entry["TEST"]["NAME"] = entry["NAME"]
    # pytest-django's own threads and ours each open a connection; a pool would outlive the tests.
    entry["OPTIONS"].pop("pool", None)


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database on which several sessions really commit; emptied when the test is over."""


@pytest.fixture
def transactional_db(
    django_db_setup: None,  # noqa: ARG001 - the database has to be there
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """As pytest-django's own of this name, by which it knows that a test needs its database.

    Django's flush cannot empty it: what happened is never deleted, says the database, unless a
    superuser looks away.
    """
    with django_db_blocker.unblock():
        yield
        for tries_left in reversed(range(TRIES)):
            try:
                _empty_the_database()
                break
            except OperationalError:  # a page or a process of the test still writes: a deadlock
                if not tries_left:
                    raise
            finally:
                connection.close()


def _empty_the_database() -> None:
    """Row by row: TRUNCATE makes each table and index anew, and takes ten times as long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        if names := told_once.filled(told_once.tables_of_tests()):
            # Whoever still writes there ends first.
            cursor.execute(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("; ".join(f"DELETE FROM {name}" for name in names))


def _wanted_binaries() -> Path | None:
    wanted = os.environ.get("MAKEGOOD_TEST_POSTGRES")
    if wanted is None:
        return None
    if wanted != "15" or not POSTGRES_15.is_dir():
        pytest.fail(f"MAKEGOOD_TEST_POSTGRES={wanted}: only 15, in {POSTGRES_15}, is known.")
    return POSTGRES_15
