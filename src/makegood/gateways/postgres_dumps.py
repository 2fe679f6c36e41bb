"""PostgreSQL's own dump of a database, as a stream out of `pg_dump` and into `pg_restore`.

Nothing is kept beside it: what comes out goes on in pieces, so that its size costs no memory.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from makegood.gateways import postgres_programs

PIECE = 1 << 20
_SHOWN = 300


class DumpError(Exception):
    """PostgreSQL could not dump or load the database; the message says what it said."""


def dump(url: str, *, major: int, snapshot: str) -> Iterator[bytes]:
    """Dump the database as it stands in an exported snapshot, piece by piece.

    :raises ProgramMissingError: if there is no `pg_dump` as new as the server.
    :raises DumpError: if it fails.
    """
    program = postgres_programs.find_program("pg_dump", major=major)
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    where, environment = _reached(url)
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [program, *options, where], stdout=subprocess.PIPE, stderr=said, env=environment
        ) as running:
            assert running.stdout is not None  # noqa: S101 - by PIPE, for mypy
            while piece := running.stdout.read(PIECE):
                yield piece
        _require_success(running.returncode, said, doing="dump")


def load(pieces: Iterable[bytes], *, url: str, major: int) -> None:
    """Load a dump into an empty database: all of it, or nothing.

    :raises ProgramMissingError: if there is no `pg_restore` as new as the server.
    :raises DumpError: if it fails.
    """
    program = postgres_programs.find_program("pg_restore", major=major)
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    where, environment = _reached(url)
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [program, *options, where], stdin=subprocess.PIPE, stderr=said, env=environment
        ) as running:
            assert running.stdin is not None  # noqa: S101 - by PIPE, for mypy
            with suppress(BrokenPipeError):  # it has ended, and says below why
                for piece in pieces:
                    running.stdin.write(piece)
                running.stdin.close()
        _require_success(running.returncode, said, doing="load")


def _reached(url: str) -> tuple[str, dict[str, str]]:
    """The option that names the database, and an environment that holds its password unseen."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    return f"--dbname={make_conninfo('', **parts)}", environment


def _require_success(code: int, said: IO[bytes], *, doing: str) -> None:
    if code == 0:
        return
    said.seek(0)
    lines = said.read().decode(errors="replace").split("\n")
    told = [line.strip() for line in lines if line.strip()] or ["it said nothing"]
    raise DumpError(f"PostgreSQL could not {doing} the database: {told[0][:_SHOWN]}")
