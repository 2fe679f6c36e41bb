"""All that the desk has of one person, as an archive that they may have: JSON, and their mail."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from makegood.records import canary
from makegood.records.models import Case, Customer, Erasure, Letter, Mail
from makegood.records.personal import OF_A_PERSON, Personal, mail_without_a_case

_CHUNK = 500
_RAW = frozenset({"raw"})


KINDS: Final[Mapping[str, Lazy]] = {
    "Asset": _("Things they depend on"),
    "Origin": _("Their ids in other systems"),
    "Case": _("Cases"),
    "Report": _("Reports as they came"),
    "Contact": _("Contacts"),
    "Promise": _("Promises"),
    "PromiseRevision": _("Moved dates"),
    "Choice": _("Other times offered"),
    "Message": _("Things to be said"),
    "Letter": _("Letters"),
    "Attachment": _("Files in mails"),
    "Mail": _("Mails"),
    "Reply": _("Replies on their page"),
    "Want": _("Things they want"),
    "Parting": _("Partings"),
    "Review": _("Decisions from outside"),
    "Claim": _("Words they held us to"),
    "ClaimStep": _("Answers to those words"),
    "Doubt": _("Doubts"),
    "Diagnosis": _("Diagnoses"),
    "Visit": _("Visits"),
    "Signal": _("Signals of their devices"),
    "Slot": _("Times held for visits"),
    "ApprovalRequest": _("Requests for approval"),
    "Remedy": _("Things granted"),
    "Payment": _("Payments"),
    "Fee": _("Fees"),
    "LedgerEntry": _("Bookings"),
    "FoundThing": _("Things found of theirs"),
    "Entitlement": _("Things owed by a scheme"),
    "Asking": _("Questions whether it is right"),
    "TimelineEntry": _("Events"),
    "TimelineText": _("Words beside events"),
    "Customer": _("Their details"),
}
"""What each record is called on a page."""


class NoSuchPersonError(Exception):
    """No customer has this id; it is the one that the API and payments know them by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPage:
    """What an administrator sees before they export or erase."""

    id: int
    uuid: str
    name: str
    email: str
    phone: str
    address: str
    since: datetime
    counts: tuple[tuple[str, int], ...]
    cases: tuple[tuple[str, str, bool], ...]
    open_cases: tuple[str, ...]
    letters_waiting: int
    is_erased: bool

    @property
    def may_be_erased(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.is_erased or self.open_cases or self.letters_waiting)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Somebody who may be meant."""

    uuid: str
    name: str
    says: str


def find_person(given: str) -> Customer:
    """Whom an id means.

    :raises NoSuchPersonError: if nobody has it.
    """
    try:
        return Customer.objects.get(uuid=UUID(given))
    except (ValueError, Customer.DoesNotExist) as wrong:
        raise NoSuchPersonError(NoSuchPersonError.__doc__) from wrong


def sought(words: str, *, limit: int = 20) -> tuple[Found, ...]:
    """Customers by name, address of e-mail, phone, postcode, id, or a case of theirs."""
    typed = words.strip()
    if not typed:
        return ()
    asked = Q(name__icontains=typed) | Q(email__iexact=typed) | Q(phone=typed)
    asked |= Q(postcode__iexact=typed) | Q(pk__in=_by_reference(typed))
    with suppress(ValueError):
        asked |= Q(uuid=UUID(typed))
    rows = Customer.objects.filter(asked).exclude(uuid=canary.CUSTOMER).order_by("name", "pk")
    return tuple(
        Found(
            uuid=str(row.uuid),
            name=row.name,
            says=", ".join(part for part in (row.address, row.postcode, row.email) if part),
        )
        for row in rows[:limit]
    )


def _by_reference(typed: str) -> "QuerySet[Case, int]":
    return Case.objects.filter(reference=typed.upper()).values_list("customer_id", flat=True)


def get_person_page(customer: Customer) -> PersonPage:
    """How much there is of them, and what stands in the way of erasing."""
    cases = Case.objects.filter(customer=customer).order_by("-known_at")
    counted = [
        (str(KINDS[one.record.__name__]), _rows(one, customer).count())
        for one in OF_A_PERSON
        if one.record is not Customer
    ]
    listed = cases.values_list("reference", "title", "closed_at")
    return PersonPage(
        id=customer.pk,
        uuid=str(customer.uuid),
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        address=", ".join(part for part in (customer.address, customer.postcode) if part),
        since=customer.since,
        counts=tuple((name, count) for name, count in counted if count),
        cases=tuple((ref, title, closed is None) for ref, title, closed in listed),
        open_cases=tuple(ref for ref, _title, closed in listed if closed is None),
        letters_waiting=Letter.objects.filter(case__in=cases, send_at__isnull=False).count(),
        is_erased=Erasure.objects.filter(customer=customer).exists(),
    )


def write_person_file(
    customer: Customer, out: IO[bytes], *, papers: Iterable[tuple[str, bytes]] = ()
) -> dict[str, int]:
    """Write the archive; returns how many rows of each kind stand in it.

    :param papers: names and contents of what stands beside it for people to read.
    """
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
        for name, content in papers:
            archive.writestr(name, content)
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
