"""Data on its way in and out: imports, exports, and who did what with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from makegood.language import sentences
from makegood.queries.settings import wording
from makegood.records.models import (
    DataAct,
    DataDeed,
    ErasedBecause,
    Erasure,
    Export,
    ExportPiece,
    Import,
    ImportState,
)
from makegood.records.models.importing import AT_WORK, OVER
from makegood.rules.importing.columns import What

SHOWN: Final = 50
BAD_SHOWN: Final = 20

STATES: Final[Mapping[str, Lazy]] = {
    ImportState.LOOKED: lazy("waits for you to say what is what"),
    ImportState.TRYING: lazy("being tried"),
    ImportState.TRIED: lazy("tried, nothing kept yet"),
    ImportState.LOADING: lazy("coming in"),
    ImportState.DONE: lazy("done"),
    ImportState.GIVEN_UP: lazy("ended early"),
}
FORMS: Final[Mapping[str, str | Lazy]] = {
    "csv": lazy("CSV file"),
    "zendesk": "Zendesk",
    "freshdesk": "Freshdesk",
    "mbox": lazy("Archive of mails (mbox)"),
    "makegood": lazy("Export of Makegood"),
}
WHATS: Final[Mapping[str, Lazy]] = {
    What.CUSTOMERS: lazy("Customers"),
    What.ASSETS: lazy("Assets"),
    What.CASES: lazy("Open cases"),
}
MAILS: Final = lazy("Mails")
_WHYS: Final[Mapping[str, Lazy]] = {
    "by_hand": lazy("%(what)s ended it."),
    "broke_off": lazy("It broke off at line %(what)s: the log of the clock says why."),
    "no_file": lazy("Its file is not here: send it again."),
    "abandoned": lazy("Nobody went on with it for a week."),
    "unwritten": lazy("It could not be written: the log of the clock says why."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What became of the rows of a file."""

    rows: int
    new: int
    known: int
    closed: int
    bad: int
    checked: int | None

    @property
    def adds_up(self) -> bool:
        """Whether each row became something, and what came in stands in the desk."""
        is_whole = self.rows == self.new + self.known + self.closed + self.bad
        return is_whole and self.checked in {None, self.new}


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportCard:
    """One import."""

    id: int
    name: str
    source: str
    form: str
    form_words: str
    what: str
    what_words: str
    state: str
    state_words: str
    size: int
    by: str
    at: str
    ended: str
    total: int
    place: int
    tried: Counts
    counts: Counts
    bad: tuple[tuple[int, str], ...]
    bad_kept: int
    why: str
    columns: Mapping[str, str]
    mapping: Mapping[str, str]
    team: int | None
    zone: str
    function: str

    @property
    def percent(self) -> int:
        """How far it has come."""
        return min(100 * self.place // self.total, 100) if self.total else 0

    @property
    def is_at_work(self) -> bool:
        """Whether the clock works on it."""
        return self.state in AT_WORK

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in OVER


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportCard:
    """One export."""

    id: int
    state: str
    by: str
    at: str
    percent: int
    rows: int
    size: int
    sha256: str
    expires: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActLine:
    """Something that was done with data: who, what and when; `customer` may be looked at."""

    by: str
    words: str
    at: str
    iso: str
    customer: str


def imports(*, zone: ZoneInfo) -> tuple[ImportCard, ...]:
    """The latest imports."""
    rows = Import.objects.defer("content", "bad", "columns").select_related("made_by")
    found = rows.order_by("-pk")[:SHOWN]
    return tuple(_card(row, bad=[], columns={}, zone=zone) for row in found)


def one_import(import_id: int, *, zone: ZoneInfo) -> ImportCard | None:
    """One import; None if there is none."""
    rows = Import.objects.defer("content").select_related("made_by")
    row = rows.filter(pk=import_id).first()
    return None if row is None else _card(row, bad=row.bad, columns=row.columns, zone=zone)


def bad_rows(import_id: int) -> Iterator[tuple[int, str]]:
    """The rows of a file that could not be taken: each with its line and the reason."""
    found = Import.objects.filter(pk=import_id).values_list("bad", flat=True).first()
    for line, why in found or ():
        yield int(line), sentences.said(str(why))


def exports(*, zone: ZoneInfo) -> tuple[ExportCard, ...]:
    """The latest exports."""
    rows = Export.objects.select_related("made_by").order_by("-pk")[:SHOWN]
    return tuple(_export(row, zone=zone) for row in rows)


def pieces_of(export_id: int) -> Iterator[bytes]:
    """The file of an export, a piece at a time, each in a moment of its own."""
    pieces = ExportPiece.objects.filter(of_export=export_id)
    number = 0
    while True:
        found = pieces.filter(number=number).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)
        number += 1


def acts(*, zone: ZoneInfo, limit: int = SHOWN) -> tuple[ActLine, ...]:
    """The latest of what was done: brought in, taken out, copied and erased."""
    done = DataAct.objects.select_related("by", "customer").order_by("-at", "-pk")[:limit]
    gone = Erasure.objects.select_related("by", "customer").order_by("-erased_at")[:limit]
    lines = [*((row.at, _act(row, zone)) for row in done)]
    lines += [(row.erased_at, _erasure(row, zone)) for row in gone]
    lines.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(line for _at, line in lines[:limit])


def _card(
    row: Import, *, bad: list[list[object]], columns: Mapping[str, str], zone: ZoneInfo
) -> ImportCard:
    is_mail = row.form == "mbox"
    return ImportCard(
        id=row.pk,
        name=row.name,
        source=row.source,
        form=row.form,
        form_words=str(FORMS.get(row.form, row.form)),
        what=row.what,
        what_words=str(MAILS if is_mail else WHATS.get(row.what, row.what)),
        state=row.state,
        state_words=str(STATES[row.state]),
        size=row.size,
        by=row.made_by.name,
        at=wording.moment(row.made_at, zone=zone),
        ended=wording.moment(row.ended_at, zone=zone) if row.ended_at else "",
        total=row.total,
        place=row.place,
        tried=_counts(row.tried, rows=row.total),
        counts=_counts(row.counts, rows=row.place),
        bad=tuple((int(str(line)), sentences.said(str(why))) for line, why in bad[:BAD_SHOWN]),
        bad_kept=len(bad),
        why=_why(row.why),
        columns=columns,
        mapping=row.mapping,
        team=row.team_id,
        zone=row.zone,
        function=row.function,
    )


def _why(text: str) -> str:
    code, _colon, what = text.partition(":")
    return str(_WHYS[code]) % {"what": what} if code in _WHYS else sentences.said(text)


def _counts(given: Mapping[str, int], *, rows: int) -> Counts:
    return Counts(
        rows=rows,
        new=given.get("new", 0),
        known=given.get("known", 0),
        closed=given.get("closed", 0),
        bad=given.get("bad", 0),
        checked=given.get("checked"),
    )


def _export(row: Export, *, zone: ZoneInfo) -> ExportCard:
    return ExportCard(
        id=row.pk,
        state=row.state,
        by=row.made_by.name,
        at=wording.moment(row.made_at, zone=zone),
        percent=100 * row.place // row.total if row.total else 0,
        rows=row.rows,
        size=row.size,
        sha256=row.sha256,
        expires=wording.moment(row.expires_at, zone=zone) if row.expires_at else "",
        why=_why(row.why),
    )


_DEEDS: Final[Mapping[str, Lazy]] = {
    DataDeed.IMPORTED: lazy("brought in a file (import %(number)s)"),
    DataDeed.EXPORTED: lazy("had everything exported"),
    DataDeed.TAKEN: lazy("downloaded an export of everything"),
    DataDeed.COPIED: lazy("took a copy of the data of %(name)s"),
}


def _act(row: DataAct, zone: ZoneInfo) -> ActLine:
    name = row.customer.name if row.customer else ""
    return ActLine(
        by=row.by.name if row.by else _("the command line"),
        words=str(_DEEDS[row.deed]) % {"number": row.number, "name": name},
        at=wording.moment(row.at, zone=zone),
        iso=row.at.isoformat(timespec="seconds"),
        customer=str(row.customer.uuid) if row.customer else "",
    )


def _erasure(row: Erasure, zone: ZoneInfo) -> ActLine:
    is_asked = row.because == ErasedBecause.ASKED
    return ActLine(
        by=row.by.name if row.by else _whoever(row),
        words=_("erased the data of a person who had asked for it")
        if is_asked
        else _("erased the data of a person after its time"),
        at=wording.moment(row.erased_at, zone=zone),
        iso=row.erased_at.isoformat(timespec="seconds"),
        customer=str(row.customer.uuid),
    )


def _whoever(row: Erasure) -> str:
    is_clock = row.because == ErasedBecause.RETENTION
    return _("the clock") if is_clock else _("the command line")
