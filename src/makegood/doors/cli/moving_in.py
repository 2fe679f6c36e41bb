"""What `makegood import --from makegood` does: a whole company comes into an empty desk."""

from pathlib import Path

from django.db import transaction
from rich.console import Console

from makegood.actions.moving_in import BadExportError, moving_in, take_rows
from makegood.queries import verify
from makegood.queries.export_files import opened
from makegood.records.export_tables import export_tables


def move_in(path: Path, *, dry_run: bool) -> dict[str, int]:
    """Take everything in, check the counts and every law, and keep it unless this is a dry run.

    :raises ExportFileError: if the files are no whole export.
    :raises BadExportError: if a row is none, a count differs, or a law does not hold.
    :raises NotEmptyError: if there is anything in the desk.
    """
    counts: dict[str, int] = {}
    with (
        opened(path) as files,
        Console(stderr=True).status("Reading ...") as status,
        transaction.atomic(),
    ):
        with moving_in():
            for table in export_tables():
                if table.name in files.counts:
                    status.update(f"Loading {table.name} ...")
                    counts[table.name] = take_rows(table, files.lines(table.name))
        _require_whole(counts, dict(files.counts))
        status.update("Checking the laws ...")
        if faults := verify.run(lambda check: status.update(f"Law {check.law}: {check.asks}?")):
            raise BadExportError(f"A law does not hold, so nothing was taken in. {faults[0]}.")
        if dry_run:
            transaction.set_rollback(True)
    return counts


def _require_whole(came: dict[str, int], said: dict[str, int]) -> None:
    for name, count in said.items():
        if came[name] != count:
            raise BadExportError(
                f"{name}.jsonl has {came[name]} rows, the manifest says {count}: rows are missing."
            )
