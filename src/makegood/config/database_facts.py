"""By what a restored database is recognised: its migrations, its counts and its chains' heads."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

_HEADS = """
    SELECT DISTINCT ON (case_id) case_id, seq, hash FROM records_timelineentry
     ORDER BY case_id, seq DESC
"""
_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseFacts:
    """`chains` is the number of cases' chains, `heads` the SHA-256 over the last link of each."""

    migrations: list[str]
    counts: dict[str, int]
    chains: int
    heads: str

    @classmethod
    def of(cls, given: dict[str, Any]) -> "DatabaseFacts":
        """From a manifest.

        :raises TypeError: if it does not say just these.
        """
        return cls(**given)


def read_facts() -> DatabaseFacts:
    """Look at the database as this connection sees it."""
    chains, heads = _heads()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counts[table] = cursor.fetchone()[0]
    return DatabaseFacts(migrations=migrations, counts=counts, chains=chains, heads=heads)


def unknown_migrations(names: list[str]) -> list[str]:
    """Those that this program has never heard of: whoever applied them is newer."""
    known = MigrationLoader(None).disk_migrations or {}
    ours = {f"{app}.{name}" for app, name in known}
    return [name for name in names if name not in ours and name.startswith("records.")]


def _heads() -> tuple[int, str]:
    found, chains = hashlib.sha256(), 0
    connection.ensure_connection()
    with connection.connection.transaction(), connection.connection.cursor(name="heads") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(_HEADS)
        for case, seq, head in cursor:
            found.update(f"{case}/{seq}/".encode() + bytes(head))
            chains += 1
    return chains, found.hexdigest()
