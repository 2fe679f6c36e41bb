"""All that the desk has of one person, as an archive that they may have: JSON, and their mail."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from makegood.records.models import Case, Customer, Erasure, Letter, Mail
from makegood.records.personal import OF_A_PERSON, Personal, mail_without_a_case

_CHUNK = 500
_RAW = frozenset({"raw"})


class NoSuchPersonError(Exception):
    """No customer has this id; it is the one that the API and payments know them by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPage:
    """What an administrator sees before they export or erase."""

    id: int
    uuid: str
    name: str
    counts: tuple[tuple[str, int], ...]
    open_cases: tuple[str, ...]
    letters_waiting: int
    is_erased: bool


def find_person(given: str) -> Customer:
    """Whom an id means.

    :raises NoSuchPersonError: if nobody has it.
    """
    try:
        return Customer.objects.get(uuid=UUID(given))
    except (ValueError, Customer.DoesNotExist) as wrong:
        raise NoSuchPersonError(NoSuchPersonError.__doc__) from wrong


def get_person_page(customer: Customer) -> PersonPage:
    """How much there is of them, and what stands in the way of erasing."""
    cases = Case.objects.filter(customer=customer)
    counted = [
        (one.record._meta.verbose_name_plural or "", _rows(one, customer).count())  # noqa: SLF001 - Django's public name for it
        for one in OF_A_PERSON
        if one.record is not Customer
    ]
    return PersonPage(
        id=customer.pk,
        uuid=str(customer.uuid),
        name=customer.name,
        counts=tuple((str(name), count) for name, count in counted if count),
        open_cases=tuple(cases.filter(closed_at=None).values_list("reference", flat=True)),
        letters_waiting=Letter.objects.filter(case__in=cases, send_at__isnull=False).count(),
        is_erased=Erasure.objects.filter(customer=customer).exists(),
    )


def write_person_file(customer: Customer, out: IO[bytes]) -> dict[str, int]:
    """Write the archive; returns how many rows of each kind stand in it."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("person.json", "w", force_zip64=True) as file:
            for piece in _as_json(customer, counts):
                file.write(piece.encode())
        mails = Mail.objects.filter(case__customer=customer) | Mail.objects.filter(
            mail_without_a_case(customer)
        )
        for pk, raw in mails.values_list("pk", "raw").iterator(chunk_size=10):
            if raw:
                archive.writestr(f"mail/{pk}.eml", bytes(raw))
    return counts


def _as_json(customer: Customer, counts: dict[str, int]) -> Iterator[str]:
    """One object: the name of each kind, and the list of its rows; a row at a time."""
    yield "{"
    for number, one in enumerate(OF_A_PERSON):
        name = one.record.__name__
        yield f"{',' if number else ''}\n{json.dumps(name)}: ["
        for count, row in enumerate(_rows(one, customer).values().iterator(chunk_size=_CHUNK)):
            counts[name] = count + 1
            line = json.dumps(_plain(row, one), cls=DjangoJSONEncoder, ensure_ascii=False)
            yield f"{',' if count else ''}\n{line}"
        yield "]"
    yield "}\n"


def _rows(one: Personal, customer: Customer) -> "QuerySet[Any]":
    rows: QuerySet[Any] = QuerySet(one.record).filter(**{one.way: customer.pk})
    if one.record is Mail:
        rows = rows | QuerySet(Mail).filter(mail_without_a_case(customer))
    return rows.order_by("pk")


def _plain(row: Mapping[str, Any], one: Personal) -> dict[str, Any]:
    hidden = one.secrets if one.record is not Mail else _RAW
    return {
        name: bytes(value).hex() if isinstance(value, bytes | memoryview) else value
        for name, value in row.items()
        if name not in hidden
    }
