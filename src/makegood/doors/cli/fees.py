"""`makegood fees FILE`: billing tells what customers were charged, so that our own is found."""

import csv
from collections.abc import Iterator
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
        for number, row in _rows(file):
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
    typer.echo(f"{taken} fees are known.")
    if wrong:
        raise typer.Exit(1)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise RowError(f"it lacks the column {missing[0]}; needed are {', '.join(NEEDED)}.")
        for row in reader:
            cells = {name: (row.get(name) or "").replace("\0", "").strip() for name in NEEDED}
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
        charged_at=_moment(row["charged_at"], now=now),
        source=row["source"],
        external_id=row["id"],
    )
    return _customer(row["customer"]), charge


def _moment(given: str, *, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError as wrong:
        raise RowError("charged_at is a day or a moment, such as 2026-06-01.") from wrong
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise RowError("charged_at lies ahead; give the moment when it was charged.")
    return at


def _customer(given: str) -> Customer:
    try:
        found = Customer.objects.filter(uuid=UUID(given)).first()
    except ValueError as wrong:
        raise RowError("customer is their id, as payments name it.") from wrong
    if found is None:
        raise RowError(f"no customer has the id {given}.")
    return found
