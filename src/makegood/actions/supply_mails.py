"""A mail of a supplier whom we know, proven to be theirs: what it says of their orders counts.

It moves nothing but their own orders. Whatever cannot be read leaves the mail to a person.
"""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from makegood.actions import eta_file, intake
from makegood.actions.eta_file import EtaFileError, From, Taken
from makegood.actions.intake import NoOwnerError
from makegood.records.models import Case, EtaSource
from makegood.rules.incoming import arrivals, quoting
from makegood.rules.incoming.parsing import File, Parsed

FILE_MAX = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Supplied:
    """What became of it: a case that it was about, and whether all of it could be taken."""

    case: Case | None
    is_whole: bool


def supplier_of(address: str) -> str | None:
    """The supplier whose address it is, by name."""
    known: dict[str, str] = settings.SUPPLIERS
    return known.get(address.lower())


def take(mail: Parsed, supplier: str, *, now: datetime) -> Supplied:
    """Take the dates of a supplier's orders, from its files and its lines."""
    try:
        zone = ZoneInfo(intake.choose_any_owner(now=now).team.calendar.zone)
    except NoOwnerError:
        return Supplied(case=None, is_whole=False)
    of = From(source=EtaSource.MAIL, by=None, supplier=supplier)
    lines = arrivals.read_lines(quoting.split(mail.text).words)
    texts = [_text(file) for file in mail.files if _is_table(file)]
    if lines.read:
        texts.append(_table(lines.read))
    taken = [_take(text, of, zone=zone, now=now) for text in texts]
    good = [each for each in taken if each is not None]
    case_ids = [each.case for each in good if each.case is not None]
    return Supplied(
        case=Case.objects.get(pk=case_ids[0]) if case_ids else None,
        is_whole=bool(case_ids)
        and not lines.unread
        and len(good) == len(taken)
        and not any(each.bad for each in good),
    )


def _take(text: str, of: From, *, zone: ZoneInfo, now: datetime) -> Taken | None:
    try:
        return eta_file.take_rows(text, of, zone=zone, now=now)
    except (EtaFileError, csv.Error):
        return None


def _is_table(file: File) -> bool:
    return file.said.lower().startswith("text/csv") or file.name.lower().endswith(".csv")


def _text(file: File) -> str:
    return file.content[:FILE_MAX].decode("utf-8", errors="replace")


def _table(read: tuple[arrivals.Arrival, ...]) -> str:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerows([("order", "eta"), *((each.number, each.eta) for each in read)])
    return table.getvalue()
