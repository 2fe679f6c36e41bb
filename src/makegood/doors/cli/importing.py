"""`makegood import`: customers, assets and open cases of another system, or a whole company."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from django.db import transaction
from rich.console import Console

from makegood.actions import importing
from makegood.actions.importing import Became, Importing, Reading
from makegood.actions.intake import NoOwnerError
from makegood.actions.loading import Owners
from makegood.actions.moving_in import BadExportError, NotEmptyError
from makegood.doors.cli.moving_in import move_in
from makegood.queries import import_files
from makegood.queries.calendar_sources import zone_named
from makegood.queries.export_files import ExportFileError
from makegood.queries.import_files import ImportFileError
from makegood.records.models import Origin, Report
from makegood.rules.calendars import CalendarError
from makegood.rules.importing.columns import MappingError, What, guess_what, read_mapping
from makegood.rules.importing.rows import Defaults, Row, RowError
from makegood.rules.severity import Function

_EXIT_BAD_INPUT = 2
_MOST_SHOWN = 200


class From(StrEnum):
    """What the file comes from."""

    CSV = "csv"
    ZENDESK = "zendesk"
    FRESHDESK = "freshdesk"
    MBOX = "mbox"
    MAKEGOOD = "makegood"


def import_(  # noqa: PLR0913 - a command's options are its arguments
    file: Annotated[Path, typer.Argument(exists=True, help="The file, or an export's folder.")],
    *,
    come_from: Annotated[From, typer.Option("--from", help="What wrote it.")],
    what: Annotated[What | None, typer.Option(help="What its rows are; else guessed.")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="field=column, as often as needed.")
    ] = None,
    source: Annotated[str, typer.Option(help="Your name for that system.")] = "",
    team: Annotated[str, typer.Option(help="Whose cases they become.")] = "",
    zone: Annotated[str, typer.Option("--tz", help="Where a row has no time zone.")] = "UTC",
    function: Annotated[
        Function, typer.Option(help="Where a row has none.")
    ] = Function.INFORMATION,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Try all, keep nothing.")] = False,
) -> None:
    """Bring in what another system knows; a second time brings in nothing twice."""
    now = datetime.now(UTC)
    try:
        if come_from is From.MAKEGOOD:
            counts = move_in(file, dry_run=dry_run)
            typer.echo(f"{_said(dry_run)} {sum(counts.values()):,} rows; every law holds.")
        elif come_from is From.MBOX:
            _take_mails(file, source=source or f"mbox {file.name}", dry_run=dry_run, now=now)
        else:
            zone_named(zone)
            columns = import_files.columns_of(file, form=come_from)
            kind = what or import_files.what_is_in(file, form=come_from) or guess_what(columns)
            mapped = read_mapping(mapping or [], columns=columns, what=kind)
            chosen = Importing(source=(source or come_from)[:100], owners=Owners(team), now=now)
            defaults = Defaults(zone=zone, function=function, now=now)
            typer.echo(f"{kind}: " + ", ".join(f"{field}={name}" for field, name in mapped.items()))
            found = import_files.read_rows(file, form=come_from)
            reading = Reading(what=kind, mapping=mapped, defaults=defaults)
            _take_rows(found, reading, chosen, dry_run=dry_run)
    except (
        ImportFileError, ExportFileError, BadExportError, NotEmptyError, MappingError,
        NoOwnerError, CalendarError,
    ) as wrong:  # fmt: skip
        _refuse(wrong)


def _take_rows(found: Iterator[Row], reading: Reading, chosen: Importing, *, dry_run: bool) -> None:
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    before = _there(chosen.source)
    with Console(stderr=True).status("Reading ...") as status:
        for row in found:
            counts["rows"] += 1
            try:
                became = importing.take_row(
                    row, reading=reading, importing=chosen, keep=not dry_run
                )
                number = row.cells.get(reading.mapping["id"], "")
                counts[_once(became, number, seen) if dry_run else became] += 1
            except RowError as why:
                counts["bad"] += 1
                if counts["bad"] <= _MOST_SHOWN:
                    typer.echo(f"line {row.number}: {why}", err=True)
            status.update(f"{counts['rows']:,} rows ...")
    _report(counts, came=_there(chosen.source) - before, dry_run=dry_run)


def _once(became: Became, number: str, seen: set[str]) -> Became:
    """In a dry run nothing stays, so it has to be remembered what the file says twice."""
    if became is not Became.NEW:
        return became
    if number in seen:
        return Became.KNOWN
    seen.add(number)
    return became


def _there(source: str) -> int:
    """How much of a system the desk knows."""
    return (
        Origin.objects.filter(source=source).count() + Report.objects.filter(source=source).count()
    )


def _report(counts: Counter[str], *, came: int, dry_run: bool) -> None:
    typer.echo(
        f"{_said(dry_run)} {counts['new']:,} of {counts['rows']:,} rows; {counts['known']:,} were"
        f" here before, {counts['closed']:,} are closed there, {counts['bad']:,} cannot be taken."
    )
    if counts["bad"] > _MOST_SHOWN:
        typer.echo(f"... and {counts['bad'] - _MOST_SHOWN:,} more like these.", err=True)
    if counts["rows"] != counts["new"] + counts["known"] + counts["closed"] + counts["bad"]:
        typer.echo("The counts do not add up: look at the desk before going on.", err=True)
        raise typer.Exit(1)
    if not dry_run and came < counts["new"]:
        typer.echo(f"Only {came:,} of them are in the database: look before going on.", err=True)
        raise typer.Exit(1)
    if counts["bad"]:
        raise typer.Exit(1)


def _take_mails(file: Path, *, source: str, dry_run: bool, now: datetime) -> None:
    """Mail of an archive goes to the mail desk; none is lost."""
    counts: Counter[str] = Counter()
    with Console(stderr=True).status("Reading ...") as status, transaction.atomic():
        for raw in import_files.read_mails(file):
            counts[importing.take_mail(raw, source=source, now=now)] += 1
            status.update(f"{counts.total():,} mails ...")
        if dry_run:
            transaction.set_rollback(True)
    typer.echo(
        f"{_said(dry_run)} {counts['new']:,} of {counts.total():,} mails; {counts['known']:,} were"
        " here before. They wait on the mail desk."
    )


def _said(dry_run: bool) -> str:  # noqa: FBT001 - one of two words
    return "Would take in" if dry_run else "Took in"


def _refuse(wrong: Exception) -> NoReturn:
    typer.echo(" ".join(str(wrong).split()) or str(type(wrong).__doc__), err=True)
    raise typer.Exit(_EXIT_BAD_INPUT)
