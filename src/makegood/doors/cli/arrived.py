"""`makegood arrived FILE`: accounting tells which payments have reached their customers."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from makegood.actions import payments
from makegood.actions.payments import Arrival
from makegood.rules import money
from makegood.rules.money import MoneyError
from makegood.rules.promises import PromiseError
from makegood.rules.remedies import RemedyError

NEEDED = ("key", "arrived_at", "amount", "currency")
_EXIT_BAD_INPUT = 2


class RowError(ValueError):
    """A row that cannot be taken; the message says what would be right."""


def arrived(
    file: Annotated[
        Path,
        typer.Argument(help="CSV with the columns key, arrived_at, amount, currency, reference."),
    ],
) -> None:
    """Record what has arrived. Rows that were taken before change nothing; wrong rows are said."""
    taken, wrong = 0, 0
    now = datetime.now(UTC)
    try:
        for number, row in _rows(file):
            try:
                payments.record_arrival(_arrival(row, now=now), now=now)
                taken += 1
            except (RowError, RemedyError, PromiseError) as why:
                wrong += 1
                typer.echo(f"{file.name}, line {number}: {why}", err=True)
    except (OSError, UnicodeDecodeError, csv.Error, RowError) as why:
        typer.echo(f"{file}: {' '.join(str(why).split())}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from why
    typer.echo(f"Payments that have arrived: {taken}.")
    if wrong:
        raise typer.Exit(1)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise RowError(f"it lacks the column {missing[0]}; needed are {', '.join(NEEDED)}.")
        for row in reader:
            cells = {name: row.get(name) or "" for name in (*NEEDED, "reference")}
            yield reader.line_num, {name: cell.replace("\0", "") for name, cell in cells.items()}


def _arrival(row: dict[str, str], *, now: datetime) -> Arrival:
    try:
        at = datetime.fromisoformat(row["arrived_at"].strip())
        minor = money.parse(row["amount"], row["currency"].strip())
    except MoneyError as wrong:
        raise RowError(str(wrong)) from wrong
    except ValueError as wrong:
        raise RowError("arrived_at is a day or a moment, such as 2026-06-01.") from wrong
    return Arrival(
        key=row["key"].strip(),
        at=min(at if at.tzinfo else at.replace(tzinfo=UTC), now),
        evidence=f"Accounting confirmed it: {row['reference'].strip() or row['key'].strip()}.",
        amount_minor=minor,
        currency=row["currency"].strip(),
        reference=row["reference"].strip(),
    )
