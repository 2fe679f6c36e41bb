"""From the URL of a PostgreSQL server to Django's settings, and the check that it is new enough."""

from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

OLDEST_SERVER = 15
CONNECT_SECONDS = 10


class DatabaseUnreachableError(Exception):
    """The database does not answer; the message says what it said."""


def database_settings(url: str, *, pool_size: int = 0) -> dict[str, Any]:
    """Turn the URL into an entry of Django's DATABASES.

    :raises ImproperlyConfigured: if the URL is not one of PostgreSQL.
    """
    parts = _parts(url)
    options: dict[str, Any] = {"application_name": "makegood", **parts}
    known = {name: options.pop(name, "") for name in ("dbname", "user", "password", "host", "port")}
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": CONNECT_SECONDS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"] or known["user"],
        "USER": known["user"],
        "PASSWORD": known["password"],
        "HOST": known["host"],
        "PORT": str(known["port"]),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,  # actions hold the transactions
        "CONN_HEALTH_CHECKS": True,
    }


def server_version(url: str) -> int:
    """Ask the server for its major version.

    :raises DatabaseUnreachableError: if it does not answer.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            return connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        first_line = str(error).split("\n", 1)[0]
        raise DatabaseUnreachableError(
            f"The database does not answer: {first_line}. Check MAKEGOOD_DATABASE_URL and that"
            " the server runs."
        ) from error


def require_supported_server(url: str) -> None:
    """Refuse a server that lacks what the constraints need.

    :raises ImproperlyConfigured: if the server is older than PostgreSQL 15.
    :raises DatabaseUnreachableError: if it does not answer.
    """
    _parts(url)
    version = server_version(url)
    if version < OLDEST_SERVER:
        raise ImproperlyConfigured(
            f"The database server is PostgreSQL {version}; Makegood needs {OLDEST_SERVER} or newer."
        )


def _parts(url: str) -> dict[str, Any]:
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            "MAKEGOOD_DATABASE_URL must begin with postgresql://, such as"
            " postgresql://makegood:password@db.example.com/makegood."
        )
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(
            f"MAKEGOOD_DATABASE_URL cannot be read: {str(error).strip()}."
        ) from error
