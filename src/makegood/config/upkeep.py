"""Reach the database from a command, starting the embedded one if need be, and keep it migrated."""

import atexit

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from makegood.config.database import require_supported_server
from makegood.config.environment import read_environment
from makegood.gateways.embedded_postgres import Server

MIGRATION_LOCK = 0x6D616B65  # "make": any number that nobody else takes


class NotMigratedError(Exception):
    """The tables are not those that this program knows."""


def open_database(*, must_be_migrated: bool = False) -> None:
    """Make the database reachable for the rest of this process, and Django ready.

    :raises NotMigratedError: if its migrations are wanted and missing.
    :raises ImproperlyConfigured: if the server is too old or its URL malformed.
    """
    environment = read_environment()
    if environment.database_url is not None:
        require_supported_server(environment.database_url)
    else:
        _start_for_this_process(Server(environment.data_dir))
    django.setup()
    if must_be_migrated and has_missing_migrations():
        raise NotMigratedError(
            "The tables of the database are older than the program: run `makegood migrate`."
        )


def has_missing_migrations() -> bool:
    """Tell whether a migration waits to be applied."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_database() -> None:
    """Apply what is missing; of several machines that start at once, one does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def close_database() -> None:
    """Let go of the connection; this process does without from here on."""
    connection.close()


def _start_for_this_process(server: Server) -> None:
    """Start the embedded server, and stop it at the end if we did."""
    ran_already = server.is_running()
    server.start()
    if not ran_already:
        atexit.register(server.stop)
