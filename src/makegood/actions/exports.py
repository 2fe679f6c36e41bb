"""Everything as one file: asked for by an administrator, written by the clock, gone after a day."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Final

from django.db import connection, transaction

from makegood.actions import data_acts
from makegood.records.models import DataDeed, Export, ExportPiece, ExportState, Staff

LIVES_FOR: Final = timedelta(days=1)
PIECE: Final = 1 << 20
UNWRITTEN: Final = "unwritten:"
"""Why there is no file: the log of the clock says more."""


class ExportGoneError(Exception):
    """This file is not there any more: ask for a new export."""


@transaction.atomic
def ask(*, by: Staff, now: datetime) -> Export:
    """Ask for everything; while one is being written, that one is meant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('makegood export'))")
    waiting = Export.objects.filter(state=ExportState.ASKED).first()
    if waiting is not None:
        return waiting
    asked = Export.objects.create(made_by=by, made_at=now, state=ExportState.ASKED)
    data_acts.note(DataDeed.EXPORTED, asked.pk, by=by, now=now)
    return asked


@transaction.atomic
def take(export_id: int, *, by: Staff, now: datetime) -> Export:
    """Somebody downloads the file.

    :raises ExportGoneError: if it is not ready, or has expired.
    """
    row = Export.objects.get(pk=export_id)
    is_there = row.state == ExportState.READY and row.expires_at is not None
    if not is_there or (row.expires_at and row.expires_at <= now):
        raise ExportGoneError(ExportGoneError.__doc__)
    data_acts.note(DataDeed.TAKEN, row.pk, by=by, now=now)
    return row


def waiting() -> Export | None:
    """The export that has waited longest to be written."""
    return Export.objects.filter(state=ExportState.ASKED).order_by("pk").first()


def is_waiting(export_id: int) -> bool:
    """Whether one is still to be written."""
    return Export.objects.filter(pk=export_id, state=ExportState.ASKED).exists()


@contextmanager
def writing(export_id: int) -> Iterator[bool]:
    """Whether this export is ours to write; no other clock begins it while the block runs.

    A lock of the connection, and no column: it goes with a clock that crashes.
    """
    place = ("makegood export file", export_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", place)
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", place)


def say_progress(export_id: int, *, place: int, total: int) -> None:
    """Say how far it is, beside the transaction in which everything is read at one moment."""
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE records_export SET place = %s, total = %s WHERE id = %s AND state = %s",
                [place, total, export_id, ExportState.ASKED],
            )
    finally:
        beside.close()


@transaction.atomic
def keep_file(export_id: int, file: IO[bytes], *, rows: int, now: datetime) -> None:
    """Keep the file that was written, in pieces; what was given up or kept meanwhile stays."""
    row = Export.objects.select_for_update().get(pk=export_id)
    if row.state != ExportState.ASKED:
        return
    digest = hashlib.sha256()
    for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
        digest.update(piece)
        row.size += len(piece)
        ExportPiece.objects.create(of_export=row, number=number, content=piece)
    row.state, row.rows, row.sha256 = ExportState.READY, rows, digest.hexdigest()
    row.ready_at, row.expires_at = now, now + LIVES_FOR
    row.save(update_fields=["state", "rows", "size", "sha256", "ready_at", "expires_at"])


def fail(export_id: int, *, why: str) -> None:
    """It could not be written: say why, and let somebody ask again."""
    rows = Export.objects.filter(pk=export_id, state=ExportState.ASKED)
    rows.update(state=ExportState.FAILED, why=why[:300])


@transaction.atomic
def forget_due(*, now: datetime) -> int:
    """Take the files away whose time is over; returns how many."""
    due = Export.objects.select_for_update(skip_locked=True)
    rows = list(due.filter(state=ExportState.READY, expires_at__lte=now))
    ExportPiece.objects.filter(of_export__in=rows).delete()
    Export.objects.filter(pk__in=[row.pk for row in rows]).update(state=ExportState.GONE)
    return len(rows)
