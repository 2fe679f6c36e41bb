"""`makegood found FILE`: what was found of customers' is pushed to them, each once."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from makegood.actions import found_things
from makegood.actions.found_things import Where
from makegood.actions.intake import NoOwnerError
from makegood.doors.cli.fees import RowError, customer_of, moment_of, rows_of
from makegood.rules import money
from makegood.rules.found_things import Found, FoundError, FoundKind
from makegood.rules.money import MoneyError

NEEDED = ("customer", "source", "id", "kind", "what", "amount", "currency", "found_at")
_EXIT_BAD_INPUT = 2
_LONGEST = {"what": 200, "source": 50, "id": 200}


def found(
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {', '.join(NEEDED)}.")],
) -> None:
    """Push found property and unclaimed money to customers. Rows taken before change nothing."""
    taken, wrong = 0, 0
    now = datetime.now(UTC)
    try:
        for number, row in rows_of(file, NEEDED):
            try:
                thing, where = _thing(row, now=now)
                found_things.push(customer_of(row["customer"]), thing, where, now=now)
                taken += 1
            except (RowError, FoundError, NoOwnerError) as why:
                wrong += 1
                typer.echo(f"{file.name}, line {number}: {why}", err=True)
    except (OSError, UnicodeDecodeError, csv.Error, RowError) as why:
        typer.echo(f"{file}: {' '.join(str(why).split())}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from why
    typer.echo(f"Found things with their customers' cases: {taken}.")
    if wrong:
        raise typer.Exit(1)


def _thing(row: dict[str, str], *, now: datetime) -> tuple[Found, Where]:
    for name, longest in _LONGEST.items():
        if not 0 < len(row[name]) <= longest:
            raise RowError(f"{name} has 1 to {longest} characters.")
    if row["kind"] not in set(FoundKind):
        raise RowError(f"kind is one of {', '.join(FoundKind)}.")
    kind = FoundKind(row["kind"])
    is_money = kind is not FoundKind.PROPERTY
    try:
        minor = money.parse(row["amount"], row["currency"]) if is_money else 0
    except MoneyError as wrong:
        raise RowError(str(wrong)) from wrong
    currency = row["currency"] if is_money else ""
    where = Where(
        source=row["source"],
        external_id=row["id"],
        found_at=moment_of(row["found_at"], name="found_at", now=now),
    )
    return Found(kind=kind, what=row["what"], amount_minor=minor, currency=currency), where
