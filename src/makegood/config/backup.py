"""`makegood backup` and `restore`: the whole desk in one file, and out of it into a new desk.

The file is a ZIP archive: PostgreSQL's own dump, the secret that signs links where it is our own,
and last the manifest, so that half a file is known by what it lacks.
"""

import hashlib
import importlib.metadata
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from makegood.config.database import server_version
from makegood.config.database_facts import DatabaseFacts, read_facts, unknown_migrations
from makegood.config.environment import SECRET_FILE, Environment, read_environment
from makegood.config.upkeep import has_missing_migrations, migrate_database, open_database
from makegood.gateways import postgres_dumps
from makegood.gateways.embedded_postgres import embedded_url

FORMAT = 1
MANIFEST, DUMP, SECRET = "manifest.json", "database.dump", "secret-key"
_MANIFEST_LONGEST = 4 << 20
_SECRET_LONGEST = 1000

Told = Callable[[str], None]


class BackupError(Exception):
    """A backup that cannot be made or read; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    makegood: str
    postgresql: int
    made_at: str
    sha256: str
    size: int
    facts: DatabaseFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What came of restoring."""

    manifest: Manifest
    migrated: bool
    secret: bool
    checks: int
    faults: list[str]


def back_up(file: Path, *, now: datetime, told: Told) -> Manifest:
    """Write everything into a file that nobody else can read; a failure leaves no file behind.

    :raises BackupError: if there is such a file already.
    :raises DumpError: if PostgreSQL cannot dump the database.
    """
    open_database(must_be_migrated=True)
    if file.exists():
        raise BackupError(f"{file} exists already: name a new file, or remove it first.")
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            with zipfile.ZipFile(out, "w") as archive:
                manifest = _write(archive, now=now, told=told)
            out.flush()
            os.fsync(out.fileno())
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)
    return manifest


def restore(file: Path, *, told: Told) -> Restored:
    """Load a backup into a new desk, and check every law.

    :raises BackupError: if the file is no whole backup, or is newer than this program, or if
        there is anything in the database.
    :raises DumpError: if PostgreSQL cannot load it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _restore(archive, told=told)
    except zipfile.BadZipFile as wrong:
        raise BackupError(
            f"{file} is no backup of Makegood, or only half of one: take another copy of it."
        ) from wrong


def _write(archive: zipfile.ZipFile, *, now: datetime, told: Told) -> Manifest:
    environment = read_environment()
    url = _url(environment)
    major = server_version(url)
    counted = hashlib.sha256()
    size = 0
    with connection.cursor() as cursor:
        # The counts and the dump see one and the same moment, while the desk goes on.
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        told("Counting what there is ...")
        facts = read_facts()
        with archive.open(DUMP, "w", force_zip64=True) as out:
            for piece in postgres_dumps.dump(url, major=major, snapshot=snapshot):
                counted.update(piece)
                size += len(piece)
                out.write(piece)
                told(f"Dumping: {size / 1e6:,.0f} MB ...")
        cursor.execute("ROLLBACK")
    if secret := _own_secret(environment):
        archive.writestr(SECRET, secret)
    manifest = Manifest(
        format=FORMAT,
        makegood=importlib.metadata.version("makegood"),
        postgresql=major,
        made_at=now.isoformat(),
        sha256=counted.hexdigest(),
        size=size,
        facts=facts,
    )
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _restore(archive: zipfile.ZipFile, *, told: Told) -> Restored:
    manifest = _read_manifest(archive)
    told("Checking the file ...")
    _require_whole(archive, manifest)
    open_database()
    _require_known(manifest)
    _require_new()
    environment = read_environment()
    url = _url(environment)
    connection.close()
    told("Loading the database ...")
    postgres_dumps.load(_pieces(archive, told), url=url, major=server_version(url))
    told("Comparing what came with what was kept ...")
    _require_same(manifest)
    secret = _keep_secret(archive, environment)
    if migrated := has_missing_migrations():
        told("Bringing the tables up to date ...")
        migrate_database()
    from makegood.queries import verify  # noqa: PLC0415 - needs Django to be ready

    faults = verify.run(lambda check: told(f"Law {check.law}: {check.asks}?"))
    return Restored(
        manifest=manifest,
        migrated=migrated,
        secret=secret,
        checks=len(verify.checks()),
        faults=[str(fault) for fault in faults],
    )


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist() or DUMP not in archive.namelist():
        raise BackupError(
            "This archive has no manifest of Makegood, so it is no backup: restore reads what"
            " makegood backup wrote; makegood import reads what makegood export wrote."
        )
    if archive.getinfo(MANIFEST).file_size > _MANIFEST_LONGEST:
        raise BackupError("The manifest of this archive is too long to be one of Makegood.")
    try:
        given: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if given["format"] > FORMAT:
            raise BackupError(
                f"This backup was written by Makegood {given['makegood']}, which is newer: install"
                " that version, then restore."
            )
        return Manifest(**{**given, "facts": DatabaseFacts.of(given["facts"])})
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BackupError("The manifest of this archive is no manifest of Makegood.") from wrong


def _require_whole(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    counted = hashlib.sha256()
    for piece in _pieces(archive, lambda _: None):
        counted.update(piece)
    if counted.hexdigest() != manifest.sha256:
        raise BackupError(
            "The dump in this backup is not the one that was written (its SHA-256 differs):"
            " take another copy of the file."
        )


def _pieces(archive: zipfile.ZipFile, told: Told) -> Iterator[bytes]:
    whole, done = archive.getinfo(DUMP).file_size, 0
    with archive.open(DUMP) as dumped:
        while piece := dumped.read(postgres_dumps.PIECE):
            done += len(piece)
            told(f"Loading: {done / 1e6:,.0f} of {whole / 1e6:,.0f} MB ...")
            yield piece


def _require_known(manifest: Manifest) -> None:
    unknown = unknown_migrations(manifest.facts.migrations)
    if unknown:
        raise BackupError(
            f"This backup was written by Makegood {manifest.makegood}, whose tables are newer"
            f" ({unknown[0]}): install that version, then restore."
        )


def _require_new() -> None:
    if connection.introspection.table_names():
        raise BackupError(
            "There are tables in this database already, and a restore never writes over anything:"
            " set MAKEGOOD_DATA to a new folder, or MAKEGOOD_DATABASE_URL to an empty database."
        )


def _require_same(manifest: Manifest) -> None:
    if read_facts() != manifest.facts:
        raise BackupError(
            "What was loaded is not what the backup says: do not use this database; remove it,"
            " and restore another copy."
        )


def _own_secret(environment: Environment) -> str:
    """The secret that signs links, where we made it ourselves; a given one is kept by its giver."""
    if os.environ.get("MAKEGOOD_SECRET_KEY"):
        return ""
    path = environment.data_dir / SECRET_FILE
    return path.read_text().strip() if path.exists() else ""


def _keep_secret(archive: zipfile.ZipFile, environment: Environment) -> bool:
    if SECRET not in archive.namelist() or os.environ.get("MAKEGOOD_SECRET_KEY"):
        return False
    if archive.getinfo(SECRET).file_size > _SECRET_LONGEST:
        raise BackupError("The secret in this archive is too long to be one of Makegood.")
    path = environment.data_dir / SECRET_FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f"{SECRET_FILE}.restored")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(archive.read(SECRET))
    half.rename(path)
    return True


def _url(environment: Environment) -> str:
    return environment.database_url or embedded_url(environment.data_dir)
