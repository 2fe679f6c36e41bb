"""`makegood person export` and `erase`: what the desk has of one customer, out or gone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from makegood.actions import data_acts, erasing
from makegood.actions.erasing import AlreadyErasedError, LetterOnItsWayError, OpenCaseError
from makegood.doors.papers.person import papers
from makegood.queries import person_file
from makegood.queries.person_file import NoSuchPersonError
from makegood.records.models import ErasedBecause

_EXIT_BAD_INPUT = 2

Id = Annotated[str, typer.Argument(help="Their id, as the API and payments know them by.")]


def export(
    person: Id,
    file: Annotated[Path, typer.Argument(help="A new ZIP file.")],
) -> None:
    """Write all that the desk has of one customer into a file that they may have."""
    try:
        customer = person_file.find_person(person)
        with file.open("xb") as out:
            now = datetime.now(UTC)
            beside = papers(customer, now=now)
            counts = person_file.write_person_file(customer, out, papers=beside)
        data_acts.note_copy(customer.pk, by=None, now=now)
    except NoSuchPersonError as wrong:
        _refuse(wrong)
    file.chmod(0o600)
    typer.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} kinds.")


def erase(
    person: Id,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Take one customer's personal data out of everything. It cannot be taken back."""
    try:
        customer = person_file.find_person(person)
        if not yes:
            typer.confirm(f"Erase everything that {customer.name} said and was told?", abort=True)
        now = datetime.now(UTC)
        erasing.erase(customer.pk, because=ErasedBecause.ASKED, now=now)
    except (NoSuchPersonError, OpenCaseError, LetterOnItsWayError, AlreadyErasedError) as wrong:
        _refuse(wrong)
    typer.echo("Erased. What happened stays, without their words; every chain still verifies.")


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(" ".join(str(wrong).split()), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT)
