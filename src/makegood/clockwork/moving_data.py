"""Imports and exports, in a thread of its own beside the sweeps: no promise waits for a file.

How far an import has come stands in its row; here is only what was read of the file. What ends in
the middle goes on where it stood, or begins anew where nothing was kept.
"""

import time
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from threading import Event
from typing import Any

import structlog

from makegood.actions import exports, importing, imports
from makegood.actions.importing import Became, Importing, Reading
from makegood.actions.intake import NoOwnerError
from makegood.actions.loading import Owners
from makegood.clockwork.beside import beside
from makegood.queries import import_files
from makegood.queries.exporting import ArchiveHolder, write_all
from makegood.queries.import_files import ImportFileError
from makegood.records.export_tables import export_tables
from makegood.records.models import Export, Import, ImportState
from makegood.records.trouble import is_passing
from makegood.rules.importing.columns import What
from makegood.rules.importing.rows import Defaults, Row
from makegood.rules.severity import Function

EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
BATCH = 50
LONGEST_SECONDS = 30.0
"""After so long it begins anew with the moment that it is then."""


log = structlog.get_logger(__name__)


def moving_data(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Import and export for as long as the block runs."""
    return beside(
        move_data, name="data", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


def move_data(now: datetime, ending: Event) -> bool:
    """Work on one file, and forget what is due; tells whether there may be more."""
    imports.forget_due(now=now)
    exports.forget_due(now=now)
    coming = imports.at_work()
    if coming is not None:
        _bring_in(coming, now=now, ending=ending)
        return True
    leaving = exports.waiting()
    return leaving is not None and _write_alone(leaving, now=now)


def _bring_in(row: Import, *, now: datetime, ending: Event) -> None:
    try:
        content = bytes(Import.objects.values_list("content", flat=True).get(pk=row.pk))
        if not content:
            imports.give_up(row.pk, why=imports.NO_FILE, now=now)
            return
        _Run(row, content, now=now).go(ending)
    except (ImportFileError, NoOwnerError) as wrong:
        imports.give_up(row.pk, why=" ".join(str(wrong).split()), now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("import_broke_off", number=row.pk)
        place = Import.objects.values_list("place", flat=True).get(pk=row.pk)
        imports.give_up(row.pk, why=f"{imports.BROKE_OFF}{place + 1}", now=now)


class _Run:
    """One file being tried or taken in, from where it stands to its end."""

    def __init__(self, row: Import, content: bytes, *, now: datetime) -> None:
        self._row, self._content, self._now = row, content, now
        self._keep = row.state == ImportState.LOADING
        self._seen: set[str] = set()
        self._importing = Importing(
            source=row.source,
            owners=Owners(row.team.name if row.team else ""),
            now=now,
            number=row.pk,
        )

    def go(self, ending: Event) -> None:
        place = self._row.place if self._keep else 0
        if not self._keep and not imports.start_trying(self._row.pk, total=self._count()):
            return
        began = time.monotonic()
        with import_files.laid_out(self._content, name=self._row.name) as path:
            lines = islice(self._lines(path), place, None)
            while batch := list(islice(lines, BATCH)):
                is_long = self._keep and time.monotonic() - began > LONGEST_SECONDS
                if is_long or ending.is_set() or not self._take(batch, place):
                    return
                place += len(batch)
        imports.finish(self._row.pk, state=self._row.state, now=self._now)

    def _count(self) -> int:
        with import_files.laid_out(self._content, name=self._row.name) as path:
            return sum(1 for _ in self._lines(path))

    def _lines(self, path: Any) -> Iterator[Any]:  # noqa: ANN401 - rows or mails
        if self._row.form == imports.MAILS:
            return enumerate(import_files.read_mails(path), start=1)
        return import_files.read_rows(path, form=self._row.form)

    def _take(self, batch: list[Any], place: int) -> bool:
        is_mail = self._row.form == imports.MAILS
        return imports.take_batch(
            self._row.pk,
            batch,
            place=place,
            state=self._row.state,
            take=self._take_mail if is_mail else self._take_row,
            number_of=(lambda line: line[0]) if is_mail else (lambda line: line.number),
        )

    def _take_mail(self, line: tuple[int, bytes]) -> Became:
        return importing.take_mail(line[1], source=self._row.source, now=self._now, keep=self._keep)

    def _take_row(self, row: Row) -> Became:
        reading = Reading(
            what=What(self._row.what),
            mapping=self._row.mapping,
            defaults=Defaults(
                zone=self._row.zone, function=Function(self._row.function), now=self._now
            ),
        )
        became = importing.take_row(
            row, reading=reading, importing=self._importing, keep=self._keep
        )
        return became if self._keep else self._once(row, became)

    def _once(self, row: Row, became: Became) -> Became:
        """In a dry run nothing stays, so it has to be remembered what the file says twice."""
        if became is not Became.NEW:
            return became
        number = row.cells.get(self._row.mapping["id"], "")
        if number in self._seen:
            return Became.KNOWN
        self._seen.add(number)
        return became


def _write_alone(row: Export, *, now: datetime) -> bool:
    """Write it if no other clock does; what one has just written is not written again."""
    with exports.writing(row.pk) as is_ours:
        if is_ours and exports.is_waiting(row.pk):
            _write(row, now=now)
        return is_ours


def _write(row: Export, *, now: datetime) -> None:
    tables = len(export_tables())
    done = 0

    def tell(_table: str) -> None:
        nonlocal done
        exports.say_progress(row.pk, place=done, total=tables)
        done += 1

    try:
        with TemporaryFile() as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                counts = write_all(ArchiveHolder(archive), now=now, told=tell)
            file.seek(0)
            exports.keep_file(row.pk, file, rows=sum(counts.values()), now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("export_failed", number=row.pk)
        exports.fail(row.pk, why=exports.UNWRITTEN)
