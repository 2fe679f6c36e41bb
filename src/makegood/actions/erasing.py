"""Erasing a person: their words go, what happened stays, and every chain still verifies."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case as Choose
from django.db.models import F, Q, QuerySet, TextField, Value, When

from makegood.records.models import (
    Attachment,
    Case,
    CaseLink,
    Conflict,
    Customer,
    ErasedBecause,
    Erasure,
    Letter,
    Mail,
    Mute,
    SettingsChange,
    SettingsWords,
    Staff,
    Thing,
)
from makegood.records.personal import OF_A_PERSON, Personal, mail_without_a_case
from makegood.rules import phones
from makegood.rules.phones import PhoneError


class ErasingError(Exception):
    """Base of what erasing refuses; the message says why."""


class OpenCaseError(ErasingError):
    """They have an open case: what they were promised comes first; close it, then erase."""


class LetterOnItsWayError(ErasingError):
    """A letter to them is still on its way: erase when it has arrived."""


class AlreadyErasedError(ErasingError):
    """Their data was erased before."""


class OtherNameError(ErasingError):
    """The name typed is not theirs: nothing was erased."""


@transaction.atomic
def erase_confirmed(customer_id: int, *, name: str, by: Staff, now: datetime) -> Erasure:
    """Erase a person whose name was typed once more.

    :raises OtherNameError: if it is not their name.
    :raises OpenCaseError: if they have an open case.
    :raises AlreadyErasedError: if they were erased before.
    """
    found = Customer.objects.get(pk=customer_id)
    if " ".join(name.split()).casefold() != " ".join(found.name.split()).casefold():
        raise OtherNameError(OtherNameError.__doc__)
    return erase(customer_id, because=ErasedBecause.ASKED, by=by, now=now)


@transaction.atomic
def erase(
    customer_id: int, *, because: ErasedBecause, now: datetime, by: Staff | None = None
) -> Erasure:
    """Take a person's words out of everything that the desk has of them.

    :raises OpenCaseError: if they have an open case.
    :raises LetterOnItsWayError: if a letter to them waits to be sent.
    :raises AlreadyErasedError: if they were erased before.
    """
    customer = Customer.objects.select_for_update().get(pk=customer_id)
    cases = list(Case.objects.select_for_update(no_key=True).filter(customer=customer))
    if any(case.closed_at is None for case in cases):
        raise OpenCaseError(OpenCaseError.__doc__)
    if Erasure.objects.filter(customer=customer).exists():
        raise AlreadyErasedError(AlreadyErasedError.__doc__)
    if Letter.objects.filter(case__in=cases, send_at__isnull=False).exists():
        raise LetterOnItsWayError(LetterOnItsWayError.__doc__)
    CaseLink.objects.filter(case__in=cases, revoked_at=None).update(revoked_at=now)
    erasure = Erasure.objects.create(customer=customer, because=because, erased_at=now, by=by)
    _say_that_we_erase("yes")
    _forget_beside(customer)
    for personal in OF_A_PERSON:
        _empty(personal, customer)
    _say_that_we_erase("")
    return erasure


def _empty(personal: Personal, customer: Customer) -> None:
    rows: QuerySet[Any] = QuerySet(personal.record).filter(**{personal.way: customer.pk})
    if personal.removed:
        rows.delete()
    elif personal.empties:
        rows.update(**{name: _emptied(name, gone) for name, gone in personal.empties.items()})


def _emptied(name: str, gone: Any) -> Any:  # noqa: ANN401 - of any column
    """What is empty stays empty; words of which something must be left become a dash."""
    if not isinstance(gone, str) or gone == "":
        return gone
    return Choose(
        When(Q(**{name: ""}), then=F(name)), default=Value(gone), output_field=TextField()
    )


def _forget_beside(customer: Customer) -> None:
    strays = Mail.objects.filter(mail_without_a_case(customer))
    mails = next(personal for personal in OF_A_PERSON if personal.record is Mail)
    numbers = list(strays.values_list("pk", flat=True))
    Attachment.objects.filter(mail__in=numbers).update(name="—")
    Mail.objects.filter(pk__in=numbers).update(**mails.empties)
    Conflict.objects.filter(customer=customer).delete()
    _forget_in_settings(customer)
    with suppress(PhoneError):
        Mute.objects.filter(number=phones.read_number(customer.phone)).delete()


def _forget_in_settings(customer: Customer) -> None:
    assets = [str(pk) for pk in customer.assets.values_list("pk", flat=True)]
    SettingsWords.objects.filter(change__thing=Thing.ASSET, change__key__in=assets).delete()
    ending = f"/{customer.pk}"
    for change in SettingsChange.objects.filter(thing=Thing.CONFLICT, key__endswith=ending):
        SettingsChange.objects.filter(pk=change.pk).update(
            key=f"{change.key.removesuffix(ending)}/0",
            before=_without_customer(change.before),
            after=_without_customer(change.after),
        )


def _without_customer(facts: dict[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if name != "customer"}


def _say_that_we_erase(word: str) -> None:
    """The guards of what has happened look for this, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('makegood.erasing', %s, true)", [word])
