"""The whole desk goes into one file, and comes back out of it into a new desk, lawful."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from busy_day import a_busy_day
from makegood.config import backup
from makegood.config.backup import BackupError
from makegood.gateways import postgres_programs
from makegood.gateways.postgres_programs import ProgramMissingError

NEW = "a_new_desk"


@pytest.fixture
def new_url(database_url):
    """A database without anything in it, on the server of the tests."""
    parts = conninfo_to_dict(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = sql.Identifier(NEW)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield f"postgresql://{parts['user']}@/{NEW}?host={parts['host']}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def makegood(*arguments: object, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: text for name, text in os.environ.items() if "MAKEGOOD" not in name}
    told = {
        "MAKEGOOD_DATABASE_URL": url,
        "MAKEGOOD_LOCAL": "1",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return subprocess.run(
        [sys.executable, "-m", "makegood", *map(str, arguments)],
        env=environment | told | more,
        capture_output=True,
        text=True,
        check=False,
    )


def a_backup_that_says(file: Path, **facts: object) -> Path:
    manifest = {"format": 1, "makegood": "9.9", "postgresql": 18, "made_at": "2026-06-01"}
    manifest |= {"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
    manifest |= {"size": 0, "facts": {"migrations": [], "counts": {}, "chains": 0, "heads": ""}}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("database.dump", b"")
        archive.writestr("manifest.json", json.dumps(manifest | facts))
    return file


@pytest.mark.usefixtures("committed_db")
def test_a_backup_is_restored_into_a_new_desk_in_which_every_law_holds(
    database_url, new_url, tmp_path
):
    a_busy_day()
    file, home = tmp_path / "desk.backup", tmp_path / "new home"
    old_home = tmp_path / "old home"
    old_home.mkdir()
    (old_home / "secret-key").write_text("a secret that signs the links of customers")

    made = makegood("backup", file, url=database_url, MAKEGOOD_DATA=str(old_home))
    restored = makegood("restore", file, url=new_url, MAKEGOOD_DATA=str(home))
    verified = makegood("verify", url=new_url, MAKEGOOD_DATA=str(home))
    again = makegood("restore", file, url=new_url, MAKEGOOD_DATA=str(home))
    over = makegood("backup", file, url=database_url)
    half = tmp_path / "half.backup"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "each chain ends where it ended" in restored.stdout
    assert "Every law holds" in restored.stdout
    assert verified.returncode == 0, verified.stdout
    assert (home / "secret-key").read_text() == (old_home / "secret-key").read_text()
    with psycopg.connect(database_url) as old, psycopg.connect(new_url) as new:
        asked = "SELECT md5(string_agg(t::text, '/' ORDER BY id)) FROM records_promise t"
        assert old.execute(asked).fetchone() == new.execute(asked).fetchone()
    assert again.returncode == 1
    assert "There are tables in this database already" in again.stderr
    assert again.stderr.count("\n") == 1
    assert "exists already" in over.stderr
    assert not list(tmp_path.glob("*.half"))
    with pytest.raises(BackupError, match="only half of one"):
        backup.restore(half, told=lambda _: None)


def test_a_file_of_something_else_is_no_backup(tmp_path):
    text, archive = tmp_path / "letter.txt", tmp_path / "photos.zip"
    text.write_text("Dear Sir or Madam")
    with zipfile.ZipFile(archive, "w") as photos:
        photos.writestr("cat.jpg", b"meow")

    with pytest.raises(BackupError, match="is no backup of Makegood"):
        backup.restore(text, told=lambda _: None)
    with pytest.raises(BackupError, match="no manifest"):
        backup.restore(archive, told=lambda _: None)


@pytest.mark.parametrize("wrong", [{"format": "x"}, {"facts": 7}, {"facts": {}}, {"other": 1}])
def test_a_manifest_that_says_something_else_is_refused(tmp_path, wrong):
    file = a_backup_that_says(tmp_path / "odd.backup", **wrong)

    with pytest.raises(BackupError, match="no manifest of Makegood"):
        backup.restore(file, told=lambda _: None)


def test_a_dump_that_was_changed_is_not_loaded(tmp_path):
    file = a_backup_that_says(tmp_path / "changed.backup", sha256="0" * 64)

    with pytest.raises(BackupError, match="SHA-256 differs"):
        backup.restore(file, told=lambda _: None)


@pytest.mark.django_db
def test_a_backup_of_a_newer_makegood_is_refused(tmp_path, monkeypatch, database_url):
    monkeypatch.setenv("MAKEGOOD_DATABASE_URL", database_url)
    facts = {"migrations": ["records.0999_future"], "counts": {}, "chains": 0, "heads": ""}
    later = a_backup_that_says(tmp_path / "later.backup", facts=facts)
    other = a_backup_that_says(tmp_path / "other.backup", format=2)

    with pytest.raises(BackupError, match="whose tables are newer"):
        backup.restore(later, told=lambda _: None)
    with pytest.raises(BackupError, match="which is newer"):
        backup.restore(other, told=lambda _: None)


def test_a_program_older_than_the_server_is_not_used(monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho pg_dump '(PostgreSQL)' 14.2\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    found = postgres_programs.find_program("pg_dump", major=15)

    assert found != old
    assert shutil.which("pg_dump") == str(old)
    with pytest.raises(ProgramMissingError, match="PostgreSQL 99 or newer"):
        postgres_programs.find_program("pg_dump", major=99)
