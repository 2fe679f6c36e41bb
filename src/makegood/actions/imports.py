"""A file of another system, from the moment it is sent to the report of what became of its rows.

The clock does the work, a batch in a transaction together with how far it has come: after a crash
or on two machines no row is taken twice and none is left out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import transaction

from makegood.actions import data_acts
from makegood.actions.importing import Became
from makegood.records.models import (
    DataDeed,
    Import,
    ImportedCase,
    ImportState,
    Mail,
    Origin,
    Staff,
)
from makegood.records.models.importing import AT_WORK, OVER
from makegood.rules.importing.rows import RowError

FILE_MAX: Final = 50 << 20
BAD_MAX: Final = 1_000
"""So many bad rows are listed; all are counted."""

ABANDONED_AFTER: Final = timedelta(days=7)
QUOTED_FOR: Final = timedelta(days=30)
MAILS: Final = "mbox"
BY_HAND: Final = "by_hand:"
BROKE_OFF: Final = "broke_off:"
NO_FILE: Final = "no_file:"
ABANDONED: Final = "abandoned:"
"""Why an import ended early, with the name or line that belongs to it; else it is a sentence."""

_Line = TypeVar("_Line")


class BringingInError(Exception):
    """Base of what an import refuses; the message says what would be right."""


class ImportOverError(BringingInError):
    """This import is over: send the file again for another one."""


class NotTriedError(BringingInError):
    """Try it first: nothing is brought in that was not tried."""


class NothingNewError(BringingInError):
    """There is nothing new in this file that could be brought in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewImport:
    """A file that was sent, and what is known of it: its columns, each with an example."""

    name: str
    form: str
    source: str
    content: bytes
    what: str
    columns: Mapping[str, str]
    mapping: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """How the rows of a file are read."""

    what: str
    mapping: Mapping[str, str]
    team: int | None
    zone: str
    function: str


def receive(new: NewImport, *, by: Staff, now: datetime) -> Import:
    """Keep a file that was sent, until the import is over or nobody goes on with it."""
    return Import.objects.create(
        name=new.name[-200:],
        form=new.form,
        source=new.source[:100],
        content=new.content,
        size=len(new.content),
        what=new.what,
        columns=dict(new.columns),
        mapping=dict(new.mapping),
        state=ImportState.LOOKED,
        made_by=by,
        made_at=now,
        forget_at=now + ABANDONED_AFTER,
    )


@transaction.atomic
def try_out(import_id: int, chosen: Chosen, *, now: datetime) -> None:
    """Let the clock try every row, and keep nothing.

    :raises ImportOverError: if the import is over, or is being loaded.
    """
    row = _lock(import_id)
    if row.state not in {ImportState.LOOKED, ImportState.TRYING, ImportState.TRIED}:
        raise ImportOverError(ImportOverError.__doc__)
    row.what, row.mapping, row.team_id = chosen.what, dict(chosen.mapping), chosen.team
    row.zone, row.function = chosen.zone, chosen.function
    row.state, row.forget_at = ImportState.TRYING, now + ABANDONED_AFTER
    row.total, row.place, row.tried, row.bad = 0, 0, {}, []
    row.save(
        update_fields=[
            *("what", "mapping", "team", "zone", "function", "state", "forget_at"),
            *("total", "place", "tried", "bad"),
        ]
    )


@transaction.atomic
def begin(import_id: int, *, by: Staff, now: datetime) -> None:
    """Let the clock bring in what was tried; asked twice, it is begun once.

    :raises NotTriedError: if it was not tried.
    :raises NothingNewError: if nothing would come of it.
    :raises ImportOverError: if it is over.
    """
    row = _lock(import_id)
    if row.state == ImportState.LOADING:
        return
    _require_open(row)
    if row.state != ImportState.TRIED:
        raise NotTriedError(NotTriedError.__doc__)
    if not row.tried.get(Became.NEW):
        raise NothingNewError(NothingNewError.__doc__)
    row.state, row.begun_by, row.begun_at = ImportState.LOADING, by, now
    row.place, row.bad, row.forget_at = 0, [], None
    row.counts = {"before": _mails(row)} if row.form == MAILS else {}
    row.save(update_fields=["state", "begun_by", "begun_at", "place", "bad", "forget_at", "counts"])
    data_acts.note(DataDeed.IMPORTED, row.pk, by=by, now=now)


@transaction.atomic
def give_up(import_id: int, *, why: str, now: datetime) -> None:
    """End an import where it stands; what came in stays.

    :raises ImportOverError: if it is over.
    """
    row = _lock(import_id)
    _require_open(row)
    if row.begun_at is not None:
        row.counts["checked"] = _came(row)
    row.why = why[:300]
    _end(row, ImportState.GIVEN_UP, now=now)


def at_work() -> Import | None:
    """The import that has waited longest for the clock, without its bytes."""
    return Import.objects.filter(state__in=AT_WORK).defer("content").order_by("pk").first()


def start_trying(import_id: int, *, total: int) -> bool:
    """A dry run begins at the first row, also after a crash; False if it is wanted no more."""
    rows = Import.objects.filter(pk=import_id, state=ImportState.TRYING)
    return bool(rows.update(total=total, place=0, tried={}, bad=[]))


@transaction.atomic
def take_batch(
    import_id: int,
    lines: Sequence[_Line],
    *,
    place: int,
    state: str,
    take: Callable[[_Line], Became],
    number_of: Callable[[_Line], int],
) -> bool:
    """Take the lines that follow `place`, and move on behind them.

    False if the import is not in this state any more, or somebody else has moved it on.
    """
    rows = Import.objects.select_for_update(skip_locked=True).defer("content")
    row = rows.filter(pk=import_id, state=state, place=place).first()
    if row is None:
        return False
    column = "tried" if state == ImportState.TRYING else "counts"
    counts = Counter(getattr(row, column))
    for line in lines:
        try:
            counts[take(line)] += 1
        except RowError as why:
            counts["bad"] += 1
            if len(row.bad) < BAD_MAX:
                row.bad.append([number_of(line), str(why)])
    setattr(row, column, {str(name): count for name, count in counts.items()})
    row.place = place + len(lines)
    row.save(update_fields=[column, "bad", "place"])
    return True


@transaction.atomic
def finish(import_id: int, *, state: str, now: datetime) -> None:
    """All rows are through: it was tried, or is done and counted once more in the desk."""
    row = _lock(import_id)
    if row.state != state:
        return
    if state == ImportState.TRYING:
        row.state = ImportState.TRIED
        row.save(update_fields=["state"])
        return
    row.counts["checked"] = _came(row)
    _end(row, ImportState.DONE, now=now)


def forget_due(*, now: datetime) -> int:
    """Give up what nobody went on with, and drop what quotes old files; returns how many."""
    done = 0
    for row in Import.objects.filter(forget_at__lte=now).defer("content"):
        if row.state in OVER:
            Import.objects.filter(pk=row.pk).update(bad=[], forget_at=None)
        else:
            give_up(row.pk, why=ABANDONED, now=now)
        done += 1
    return done


def _end(row: Import, state: ImportState, *, now: datetime) -> None:
    row.state, row.ended_at, row.content, row.columns = state, now, b"", {}
    row.forget_at = now + QUOTED_FOR
    changed = ["state", "ended_at", "content", "columns", "forget_at", "counts", "why"]
    row.save(update_fields=changed)


def _lock(import_id: int) -> Import:
    return Import.objects.select_for_update().defer("content").get(pk=import_id)


def _require_open(row: Import) -> None:
    if row.state in OVER:
        raise ImportOverError(ImportOverError.__doc__)


def _came(row: Import) -> int:
    """How much of it stands in the desk: counted there, not while it came."""
    if row.form == MAILS:
        return _mails(row) - int(row.counts.get("before", 0))
    if row.what == "cases":
        return ImportedCase.objects.filter(of_import=row).count()
    origins = Origin.objects.filter(of_import=row)
    return origins.filter(**{_KINDS[row.what]: False}).count()


_KINDS: Final = {"customers": "customer__isnull", "assets": "asset__isnull"}


def _mails(row: Import) -> int:
    return Mail.objects.filter(source=row.source).count()
