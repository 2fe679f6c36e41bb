"""The ground to measure on: a PostgreSQL of its own that keeps every commit on disk, migrated.

Product and baseline run on the same server, on the same tables, in the same run.
"""

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from makegood.config.database import database_settings
from makegood.gateways.embedded_postgres import Server

RESULTS = Path(__file__).resolve().parents[1] / "build" / "bench.json"


@contextmanager
def server(kept: Path | None = None) -> Iterator[str]:
    """Start an embedded PostgreSQL with the settings that `makegood up` gives it.

    Its data lies in the folder `kept` and stays there, or is thrown away at the end.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="makegood-bench-"))
    running = Server(folder)
    try:
        yield running.start()
    finally:
        running.stop()
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def ground(kept: Path | None = None) -> Iterator[str]:
    """Give a migrated database and Django set up for it; empty, or what `kept` holds already."""
    with server(kept) as url:
        use(url)
        call_command("migrate", verbosity=0)
        yield url


def use(url: str) -> None:
    """Point Django, and every process that is started from here, at a database."""
    os.environ["MAKEGOOD_DATABASE_URL"] = url
    connections["default"].close()
    connections.settings["default"].update(database_settings(url))
    del connections["default"]


def record(name: str, result: dict[str, Any]) -> None:
    """Keep a result beside those of the other benchmarks."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[name] = result | {"machine": machine()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(known, indent=2) + "\n")


def machine() -> str:
    """What it ran on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    system = f"Linux {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} x {model}, {system}"


def table(title: str, rows: list[tuple[Any, ...]]) -> None:
    """Print rows in columns; the first row is the head."""
    text = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in text) for column in range(len(text[0]))]
    print(f"\n{title}")
    for row in text:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
