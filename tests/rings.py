"""What the database has rung so far, without waiting for what may never come."""

import psycopg
from django.db import connection

LAST = "that is all"
PATIENCE = 150.0
"""How many seconds a ring may take on the busiest machine."""


def rung(listening: psycopg.Connection, channel: str) -> list[str]:
    """The payloads of all rings up to now: they come in the order in which they were rung."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, LAST])
    found: list[str] = []
    for notice in listening.notifies(timeout=PATIENCE):
        if notice.payload == LAST:
            return found
        found.append(notice.payload)
    raise AssertionError(f"After {found} nothing came any more.")
