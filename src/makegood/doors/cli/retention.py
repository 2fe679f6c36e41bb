"""`makegood retention`: for how long what is kept, and what would go now."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from makegood.actions import retaining
from makegood.actions.changes import Editor, FieldError
from makegood.queries.retention import get_terms
from makegood.records.models import Kept

_EXIT_BAD_INPUT = 2


def retention(
    kind: Annotated[Kept | None, typer.Argument(help="What to keep for a time.")] = None,
    *,
    days: Annotated[int | None, typer.Option(help="After so many days it goes.")] = None,
    for_good: Annotated[bool, typer.Option("--for-good", help="It stays.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, alone.")] = False,
) -> None:
    """Say for how long what is kept and how much is over its time; or set it for one kind."""
    now = datetime.now(UTC)
    if kind is not None and (days is not None or for_good) and not dry_run:
        try:
            retaining.keep_for(kind, None if for_good else days, editor=Editor(by=None, now=now))
        except FieldError as wrong:
            typer.echo(str(wrong), err=True)
            raise typer.Exit(_EXIT_BAD_INPUT) from wrong
    wanted = {kind: days} if kind is not None and dry_run else {}
    for term in get_terms(now=now, instead=wanted):
        how_long = "for good" if term.days is None else f"for {term.days} days"
        typer.echo(f"{term.kind.value}: {how_long}; {term.over_time} over their time.")
