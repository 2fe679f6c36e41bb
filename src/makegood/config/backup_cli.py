"""What `makegood backup` and `makegood restore` say while they work, and at the end."""

from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console

from makegood.config import backup

MOST_FAULTS_SHOWN = 50


def back_up_to(file: Path) -> None:
    """Back up into the file."""
    with Console(stderr=True).status("Opening the database ...") as status:
        made = backup.back_up(file, now=datetime.now(UTC), told=status.update)
    cases, chains = made.facts.counts.get("records_case", 0), made.facts.chains
    typer.echo(
        f"{file}: {cases:,} cases with {chains:,} chains, {made.size / 1e6:,.1f} MB,"
        f" SHA-256 {made.sha256}."
    )


def restore_from(file: Path) -> None:
    """Restore from the file; exits with 1 if a law does not hold."""
    with Console(stderr=True).status("Reading the file ...") as status:
        done = backup.restore(file, told=status.update)
    facts = done.manifest.facts
    typer.echo(
        f"Restored what stood on {done.manifest.made_at}: {facts.counts.get('records_case', 0):,}"
        f" cases, {sum(facts.counts.values()):,} rows; each chain ends where it ended."
    )
    if done.migrated:
        typer.echo("The tables were older than this program, and are up to date now.")
    if done.secret:
        typer.echo("The secret that signs customers' links came with it: their links still work.")
    for fault in done.faults[:MOST_FAULTS_SHOWN]:
        typer.echo(fault)
    if done.faults:
        typer.echo(f"{len(done.faults)} faults found in {done.checks} checks.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Every law holds: {done.checks} checks, no fault.")
