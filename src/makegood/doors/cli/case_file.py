"""`makegood case-file REF`: the file of one case, for an ombudsman, as JSON and on paper."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from makegood.queries.case_file import get_case_file
from makegood.records.models import Case
from makegood.rules import case_file as rules

_EXIT_BAD_INPUT = 2


def case_file(
    reference: Annotated[str, typer.Argument(help="The case, such as 4F7K-2M9P.")],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path(),
    roles: Annotated[bool, typer.Option("--roles", help="Call the staff by their role.")] = False,
) -> None:
    """Write the file of a case: REF.json, which checks itself, and REF.pdf, to read and print."""
    from makegood.doors.papers import case_pdf  # noqa: PLC0415 - slow to import, and only for this

    case = Case.objects.filter(reference=reference.upper(), is_canary=False).first()
    if case is None:
        typer.echo(
            f"There is no case {reference}; give its reference as its page shows it.", err=True
        )
        raise typer.Exit(_EXIT_BAD_INPUT)
    by_role = roles or not settings.CASE_FILE_NAMES
    document = get_case_file(case.pk, now=datetime.now(UTC), by_role=by_role)
    try:
        (out / f"{case.reference}.json").write_text(rules.text(document), encoding="utf-8")
        (out / f"{case.reference}.pdf").write_bytes(case_pdf.render(document))
    except OSError as wrong:
        typer.echo(f"{out}: {wrong.strerror}; give a folder that can be written to.", err=True)
        raise typer.Exit(_EXIT_BAD_INPUT) from wrong
    typer.echo(f"{out / case.reference}.json")
    typer.echo(f"{out / case.reference}.pdf")
    typer.echo(f"Seal {document['seal']}")
