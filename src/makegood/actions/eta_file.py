"""Expected arrivals from a supplier's file: good rows count, bad rows are listed, none is lost."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from makegood.actions import parts
from makegood.language import sentences
from makegood.records.models import EtaSource, PartOrder, Staff
from makegood.rules import promises
from makegood.rules.calendars import CalendarError, to_utc
from makegood.rules.visits import VisitError

ROWS_MAX = 5_000
NUMBER = ("order", "order number", "number", "bestellung", "bestellnummer")
SUPPLIER = ("supplier", "vendor", "lieferant")
ETA = ("eta", "expected", "arrives", "date", "liefertermin", "datum")


class EtaFileError(Exception):
    """This file cannot be read; the message says what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BadRow:
    """A row that could not be taken: where, what stood there, and why."""

    line: int
    row: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a file."""

    moved: int
    same: int
    bad: tuple[BadRow, ...]
    case: int | None = None
    """That of the first order that was named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class From:
    """Where rows come from: by which way, by whom, and of which supplier alone, if of one."""

    source: EtaSource
    by: Staff | None
    supplier: str | None = None


def take_file(text: str, *, zone: ZoneInfo, by: Staff | None, now: datetime) -> Taken:
    """Record each row's arrival in a transaction of its own; each moves its visits at once.

    A day without a time is the end of that day in `zone`.

    :raises EtaFileError: if there is no column of orders or of arrivals, or too much.
    """
    return take_rows(text, From(source=EtaSource.FILE, by=by), zone=zone, now=now)


def take_rows(text: str, of: From, *, zone: ZoneInfo, now: datetime) -> Taken:
    """As `take_file`, from wherever it comes.

    :raises EtaFileError: if there is no column of orders or of arrivals, or too much.
    """
    rows = _rows(text)
    names = [name.strip().lower() for name in next(rows, [])]
    number, eta, by = _column(names, NUMBER), _column(names, ETA), _column(names, SUPPLIER)
    if number is None or eta is None:
        raise EtaFileError("The first line must name a column “order” and a column “eta”.")
    moved = same = 0
    case: int | None = None
    bad: list[BadRow] = []
    for line, cells in enumerate(rows, start=2):
        if line > ROWS_MAX:
            raise EtaFileError(f"A file has at most {ROWS_MAX} rows; send the rest as another one.")
        if not any(cell.strip() for cell in cells):
            continue
        try:
            named = cells[by].strip() if by is not None and by < len(cells) else ""
            supplier = of.supplier or named or None
            order, moment = _read_row(cells, number, eta, zone=zone, supplier=supplier)
            case = case or order.diagnosis.case_id
            if parts.record_eta(order.pk, moment, source=of.source, by=of.by, now=now):
                moved += 1
            else:
                same += 1
        except (ValueError, VisitError) as wrong:
            bad.append(
                BadRow(line=line, row=", ".join(cells)[:200], why=sentences.said(str(wrong)))
            )
    return Taken(moved=moved, same=same, bad=tuple(bad), case=case)


def _rows(text: str) -> Iterator[list[str]]:
    plain = text.lstrip("\ufeff").replace("\x00", "")
    first = plain.splitlines()[0] if plain.strip() else ""
    return csv.reader(io.StringIO(plain), delimiter=max(",;\t", key=first.count))


def _column(names: list[str], known: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _read_row(
    cells: list[str], number: int, eta: int, *, zone: ZoneInfo, supplier: str | None
) -> tuple[PartOrder, datetime]:
    if len(cells) <= max(number, eta):
        raise ValueError("The row is too short.")
    wanted = cells[number].strip()
    found = PartOrder.objects.filter(number=wanted, received_at=None, cancelled_at=None)
    if supplier is not None:
        found = found.filter(supplier__iexact=supplier)
    orders = list(found.select_related("diagnosis").order_by("pk")[:2]) if wanted else []
    shown = wanted or "(empty)"
    if not orders and supplier is not None:
        raise ValueError(f"No order with the number {shown} is expected from {supplier}.")
    if not orders:
        raise ValueError(f"No order with the number {shown} is expected.")
    if len(orders) > 1:
        raise ValueError(
            f"The number {wanted} is of two suppliers' orders; name the supplier in a column."
        )
    return orders[0], _moment(cells[eta].strip(), zone=zone)


def _moment(given: str, *, zone: ZoneInfo) -> datetime:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return _instant(given, zone=zone)
    return to_utc(promises.end_of_day(day, zone))


def _instant(given: str, *, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(given)
        return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    except (CalendarError, ValueError) as wrong:
        raise ValueError(
            f"{given or '(empty)'} is no date; write it as 2026-06-05 or 2026-06-05T14:00."
        ) from wrong
