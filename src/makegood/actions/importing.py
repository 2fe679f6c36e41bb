"""What another system knows comes in: customers, assets and open cases, each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Final

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import QuerySet

from makegood.actions import customers, intake, mails, promises
from makegood.actions.cases import Failure
from makegood.actions.customers import NewCustomer
from makegood.actions.drafts import Word
from makegood.actions.intake import News
from makegood.actions.loading import Owners
from makegood.actions.mails import Came
from makegood.records.models import (
    Asset,
    Case,
    Customer,
    ImportedCase,
    Mail,
    Origin,
    PromiseKind,
    Report,
    Staff,
)
from makegood.rules.importing import rows
from makegood.rules.importing.columns import What
from makegood.rules.importing.rows import (
    Defaults,
    Row,
    RowError,
    WantedAsset,
    WantedCase,
    WantedCustomer,
)
from makegood.rules.incoming.parsing import RAW_MAX
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Harm


class Became(StrEnum):
    """What became of a row."""

    NEW = "new"
    KNOWN = "known"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Importing:
    """From where, whose cases they are if they say nothing of it, and when.

    `number` is that of the import, where one is kept.
    """

    source: str
    owners: Owners
    now: datetime
    number: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the rows of a file are, and which column is what."""

    what: What
    mapping: Mapping[str, str]
    defaults: Defaults

    def wanted(self, row: Row) -> WantedCustomer | WantedAsset | WantedCase | None:
        """What a row wishes; None if it is over there.

        :raises RowError: if it cannot be read.
        """
        if row.wrong:
            raise RowError(row.wrong)
        cells = {field: row.cells.get(column, "") for field, column in self.mapping.items()}
        return _READERS[self.what](cells, defaults=self.defaults)


_READERS: Final[Mapping[What, Callable[..., WantedCustomer | WantedAsset | WantedCase | None]]] = {
    What.CUSTOMERS: rows.read_customer,
    What.ASSETS: rows.read_asset,
    What.CASES: rows.read_case,
}


def take_row(row: Row, *, reading: Reading, importing: Importing, keep: bool = True) -> Became:
    """Take one row in, with every law asked at once; `keep=False` only tries it.

    :raises RowError: if it cannot be taken.
    """
    wanted = reading.wanted(row)
    if wanted is None:
        return Became.CLOSED
    act = act_of(wanted, importing=importing)
    try:
        return _settled(act) if keep else in_a_try(partial(_settled, act))
    except RowError:
        raise
    except (DataError, IntegrityError, ValueError, OverflowError) as wrong:
        said = " ".join(str(wrong).split("\n", 1)[0].split()).rstrip(".")
        raise RowError(f"the desk cannot keep it: {said[:200]}.") from wrong


def take_mail(raw: bytes, *, source: str, now: datetime, keep: bool = True) -> Became:
    """Take a mail of an archive to the mail desk, since nothing proves who wrote it."""
    came = Came(
        raw=raw[:RAW_MAX],
        source=source[:100],
        place=sha256(raw).hexdigest(),
        is_cut=len(raw) > RAW_MAX,
        is_archived=True,
    )
    if Mail.objects.filter(source=came.source, place=came.place).exists():
        return Became.KNOWN
    if keep:
        mails.receive(came, now=now)
    return Became.NEW


@transaction.atomic
def _settled(do: Callable[[], Became]) -> Became:
    """Do it, and ask now what is otherwise asked when all is over: no row spoils the others."""
    became = do()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return became


@transaction.atomic
def import_customer(wanted: WantedCustomer, *, importing: Importing) -> Became:
    """Register a customer of another system, once."""
    _found, became = _customer(wanted, importing=importing)
    return became


@transaction.atomic
def import_asset(wanted: WantedAsset, *, importing: Importing) -> Became:
    """Register what a customer depends on, once.

    :raises RowError: if the customer did not come from the same system.
    """
    if _origins(importing, wanted.id).filter(asset__isnull=False).exists():
        return Became.KNOWN
    theirs = _origins(importing, wanted.customer).filter(customer__isnull=False).first()
    if theirs is None or theirs.customer is None:
        raise RowError(f"no customer {wanted.customer} was imported: import customers first.")
    asset = Asset.objects.create(
        customer=theirs.customer,
        name=wanted.name,
        place=wanted.place,
        function=wanted.function.value,
        external_id=wanted.id,
    )
    _remember(importing, wanted.id, asset=asset)
    return Became.NEW


@transaction.atomic
def import_case(wanted: WantedCase, *, importing: Importing) -> Became:
    """Open a case that is open elsewhere, once: with an owner, and a promise of what comes next."""
    if Report.objects.filter(source=importing.source, external_id=wanted.id).exists():
        return Became.KNOWN
    owner = _owner(wanted.owner, importing=importing)
    customer, _became = _customer(wanted.customer, importing=importing)
    received = intake.receive_report(
        _news(wanted, customer, importing=importing), owner=owner, apart=True, now=importing.now
    )
    if wanted.promised_by is not None:
        _promise(received.case, wanted, importing=importing)
    if importing.number is not None:
        ImportedCase.objects.create(of_import_id=importing.number, case=received.case)
    return Became.NEW


def in_a_try(do: Callable[[], Became]) -> Became:
    """Do all of it, and let nothing of it stay: a dry run."""
    with transaction.atomic():
        became = do()
        transaction.set_rollback(True)
    return became


def act_of(
    wanted: WantedCustomer | WantedAsset | WantedCase, *, importing: Importing
) -> Callable[[], Became]:
    """What imports this."""
    if isinstance(wanted, WantedCustomer):
        return partial(import_customer, wanted, importing=importing)
    if isinstance(wanted, WantedAsset):
        return partial(import_asset, wanted, importing=importing)
    return partial(import_case, wanted, importing=importing)


def _customer(wanted: WantedCustomer, *, importing: Importing) -> tuple[Customer, Became]:
    known = _origins(importing, wanted.id).filter(customer__isnull=False).first()
    if known is not None and known.customer is not None:
        return known.customer, Became.KNOWN
    new = customers.draft(
        NewCustomer(
            name=wanted.name,
            zone=wanted.zone,
            phone=wanted.phone,
            email=wanted.email,
            address=wanted.address,
            postcode=wanted.postcode,
            vulnerable=wanted.vulnerable,
            language=wanted.language,
        ),
        now=importing.now,
    )
    new.save()
    _remember(importing, wanted.id, customer=new)
    return new, Became.NEW


def _owner(address: str, *, importing: Importing) -> Staff:
    if not address:
        return importing.owners.next()
    found = Staff.objects.people().filter(email=address, is_active=True).first()
    # Somebody of theirs who does not work here: the case goes to whoever has the fewest.
    return found or importing.owners.next()


def _news(wanted: WantedCase, customer: Customer, *, importing: Importing) -> News:
    return News(
        source=importing.source,
        external_id=wanted.id,
        channel=Channel.SIGNAL,  # a row of a file is no contact with the customer
        raw={
            "id": wanted.id,
            "title": wanted.title,
            "words": wanted.words,
            "opened_at": wanted.opened_at.isoformat(),
        },
        note=wanted.words,
        failure=Failure(
            customer=customer,
            title=wanted.title,
            function=wanted.function,
            harm=Harm.DEGRADED,
            failed_at=wanted.opened_at,
            known_at=wanted.opened_at,
        ),
    )


def _promise(case: Case, wanted: WantedCase, *, importing: Importing) -> None:
    """What they were promised elsewhere binds us; if its time has passed, the clock breaks it."""
    if wanted.promised_by is None:
        return
    word = Word(
        kind=PromiseKind.OTHER,
        words=wanted.promised or wanted.title,
        speaker=Speaker.SYSTEM,
        speaker_name=importing.source[:200],
        channel=Channel.WEB,
        said_at=wanted.opened_at,
        due_at=wanted.promised_by,
    )
    promises.make_promise(case.pk, word, now=importing.now)


def _origins(importing: Importing, external_id: str) -> "QuerySet[Origin]":
    return Origin.objects.filter(source=importing.source, external_id=external_id)


def _remember(
    importing: Importing,
    external_id: str,
    *,
    customer: Customer | None = None,
    asset: Asset | None = None,
) -> None:
    Origin.objects.create(
        source=importing.source,
        external_id=external_id,
        customer=customer,
        asset=asset,
        imported_at=importing.now,
        of_import_id=importing.number,
    )
