"""What the clock sleeps by: until a moment, or until the database rings for an earlier one.

The database rings on the channel `makegood_due` for what falls due within a minute. A ring is only
a hint: one that is lost costs as much as the clock would have slept anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import psycopg
from django.db import connection as django_connection

CHANNEL = "makegood_due"
SLICE_SECONDS = 0.25
"""How soon a sleeping clock sees that it should end."""

CONNECT_SECONDS = 10
EPOCH = datetime.fromtimestamp(0, UTC)


class Bell:
    """A connection that listens."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection

    def sleep_until(self, moment: datetime, *, ending: Event) -> None:
        """Sleep until the moment, an earlier one that the database names, or the end.

        :raises psycopg.OperationalError: if the connection is lost.
        """
        while not ending.is_set():
            left = (moment - datetime.now(UTC)).total_seconds()
            if left <= 0:
                return
            rings = self._connection.notifies(timeout=min(left, SLICE_SECONDS), stop_after=1)
            for ring in rings:
                moment = min(moment, _named(ring.payload))


@contextmanager
def listening(database_url: str | None = None) -> Iterator[Bell]:
    """Listen on a connection of its own: to this database, or to the one that Django knows."""
    given = _parameters() if database_url is None else {"conninfo": database_url}
    with psycopg.connect(
        **given, autocommit=True, application_name="makegood clock", connect_timeout=CONNECT_SECONDS
    ) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield Bell(connection)


def _parameters() -> dict[str, Any]:
    known = django_connection.settings_dict
    parameters = {
        "dbname": known["NAME"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "host": known["HOST"],
        "port": known["PORT"],
    }
    return {name: value for name, value in parameters.items() if value}


def _named(payload: str) -> datetime:
    """The moment that a ring names; anybody may ring, so one that makes no sense means now."""
    try:
        return EPOCH + timedelta(microseconds=int(payload))
    except (ValueError, OverflowError):
        return EPOCH
