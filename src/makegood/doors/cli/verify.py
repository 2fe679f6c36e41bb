"""`makegood verify`: check every law and every hash chain, or the file of one case."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from makegood.rules import case_file
from makegood.rules.case_file import CaseFileError

MOST_FAULTS_SHOWN = 50
_EXIT_BAD_INPUT = 2


def verify(
    *,
    file: Annotated[
        Path | None, typer.Option(help="Check the file of a case instead, without a database.")
    ] = None,
) -> None:
    """Check every law and every hash chain; exits with 1 if anything fails."""
    if file is not None:
        _verify_file(file)
        return
    _verify_desk()


def _verify_desk() -> None:
    from makegood.queries import verify as laws  # noqa: PLC0415 - a file is checked without Django

    console = Console(stderr=True)
    with console.status("Checking the laws ...") as status:
        faults = laws.run(lambda check: status.update(f"Law {check.law}: {check.asks}?"))
    for fault in faults[:MOST_FAULTS_SHOWN]:
        typer.echo(str(fault))
    if len(faults) > MOST_FAULTS_SHOWN:
        typer.echo(f"... and {len(faults) - MOST_FAULTS_SHOWN} more.")
    if faults:
        typer.echo(f"{len(faults)} faults found in {len(laws.checks())} checks.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Every law holds: {len(laws.checks())} checks, no fault.")


def _verify_file(file: Path) -> None:
    try:
        document = case_file.read(file.read_text(encoding="utf-8-sig"))
        faults = case_file.faults(document)
    except (OSError, UnicodeDecodeError, CaseFileError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        typer.echo(f"{file}: {why}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from wrong
    for fault in faults[:MOST_FAULTS_SHOWN]:
        typer.echo(f"{file.name}: {fault}.")
    if faults:
        typer.echo(f"{len(faults)} faults found.", err=True)
        raise typer.Exit(1)
    count = len(document["timeline"])
    typer.echo(f"{file.name} is as it was exported: {count} entries, sealed {document['seal']}.")
