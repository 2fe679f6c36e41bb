"""`makegood fees FILE`: billing tells what customers were charged, so that our own is found."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from makegood.actions import fees as fee_actions
from makegood.actions.fees import Charge
from makegood.records.models import Customer
from makegood.rules import money
from makegood.rules.money import MoneyError

NEEDED = ("customer", "source", "id", "what", "amount", "currency", "charged_at")
_EXIT_BAD_INPUT = 2
_LONGEST = {"what": 200, "source": 50, "id": 200}


class RowError(ValueError):
    """A row that cannot be taken; the message says what would be right."""


def fees(
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {', '.join(NEEDED)}.")],
) -> None:
    """Record what customers were charged. Rows taken before change nothing; wrong rows are said."""
    taken, wrong = 0, 0
    now = datetime.now(UTC)
    try:
        for number, row in rows_of(file, NEEDED):
            try:
                customer, charge = _charge(row, now=now)
                fee_actions.record_fee(customer, charge, now=now)
                taken += 1
            except RowError as why:
                wrong += 1
                typer.echo(f"{file.name}, line {number}: {why}", err=True)
    except (OSError, UnicodeDecodeError, csv.Error, RowError) as why:
        typer.echo(f"{file}: {' '.join(str(why).split())}", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from why
    typer.echo(f"Fees that are known: {taken}.")
    if wrong:
        raise typer.Exit(1)


def rows_of(file: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with their lines, and of each the needed columns.

    :raises RowError: if a column is missing.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in needed if name not in (reader.fieldnames or [])]
        if missing:
            raise RowError(f"it lacks the column {missing[0]}; needed are {', '.join(needed)}.")
        for row in reader:
            cells = {name: (row.get(name) or "").replace("\0", "").strip() for name in needed}
            yield reader.line_num, cells


def _charge(row: dict[str, str], *, now: datetime) -> tuple[Customer, Charge]:
    for name, longest in _LONGEST.items():
        if not 0 < len(row[name]) <= longest:
            raise RowError(f"{name} has 1 to {longest} characters.")
    try:
        minor = money.parse(row["amount"], row["currency"])
    except MoneyError as wrong:
        raise RowError(str(wrong)) from wrong
    if minor <= 0:
        raise RowError("amount is above zero.")
    charge = Charge(
        what=row["what"],
        amount_minor=minor,
        currency=row["currency"],
        charged_at=moment_of(row["charged_at"], name="charged_at", now=now),
        source=row["source"],
        external_id=row["id"],
    )
    return customer_of(row["customer"]), charge


def moment_of(given: str, *, name: str, now: datetime) -> datetime:
    """A day or a moment that has passed.

    :raises RowError: if it is none.
    """
    try:
        at = datetime.fromisoformat(given)
    except ValueError as wrong:
        raise RowError(f"{name} is a day or a moment, such as 2026-06-01.") from wrong
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise RowError(f"{name} lies ahead; give the moment when it was.")
    return at


def customer_of(given: str) -> Customer:
    """The customer of an id.

    :raises RowError: if there is none.
    """
    try:
        found = Customer.objects.filter(uuid=UUID(given)).first()
    except ValueError as wrong:
        raise RowError("customer is their id, as payments name it.") from wrong
    if found is None:
        raise RowError(f"no customer has the id {given}.")
    return found
