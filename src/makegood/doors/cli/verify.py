"""`makegood verify`: check every law and every hash chain on the database."""

import typer
from rich.console import Console

from makegood.queries import verify as laws

MOST_FAULTS_SHOWN = 50


def verify() -> None:
    """Check every law and every hash chain; exits with 1 if anything fails."""
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
