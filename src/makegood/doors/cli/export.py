"""`makegood export`: the whole company as files that anybody can read, and Makegood reads again."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from makegood.actions import data_acts
from makegood.queries.exporting import ArchiveHolder, FolderHolder, write_all
from makegood.records.models import DataDeed

_EXIT_BAD_INPUT = 2


def export(
    into: Annotated[Path, typer.Argument(help="A new folder, or a new file that ends in .zip.")],
) -> None:
    """Write everything that the desk has as JSON Lines and CSV; see docs/export.md."""
    if into.exists():
        typer.echo(f"{into} exists already: name a new folder or file.", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT)
    now = datetime.now(UTC)
    half = into.with_name(f"{into.name}.half")
    try:
        with Console(stderr=True).status("Writing ...") as status:
            write = _write_archive if into.suffix == ".zip" else _write_folder
            counts = write(half, now=now, told=status.update)
        half.rename(into)
    finally:
        if half.is_dir():
            shutil.rmtree(half)
        half.unlink(missing_ok=True)
    data_acts.note(DataDeed.EXPORTED, by=None, now=now)
    typer.echo(f"{into}: {sum(counts.values()):,} rows in {len(counts)} tables.")


def _write_archive(half: Path, *, now: datetime, told: Callable[[str], None]) -> dict[str, int]:
    with zipfile.ZipFile(half, "x", zipfile.ZIP_DEFLATED) as archive:
        counts = write_all(ArchiveHolder(archive), now=now, told=told)
    half.chmod(0o600)
    return counts


def _write_folder(half: Path, *, now: datetime, told: Callable[[str], None]) -> dict[str, int]:
    half.mkdir(mode=0o700)
    return write_all(FolderHolder(half), now=now, told=told)
