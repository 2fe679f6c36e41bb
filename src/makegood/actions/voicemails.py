"""Voicemails: what somebody said to a machine is a task with an owner and a clock, not a recording.

Each is taken once, as a contact of whoever the number belongs to, and a call back is promised
within an hour that lies in the office's hours. Nothing but that call, or the customer's word that
they no longer need it, ends the promise.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import callbacks, cases, customers, intake
from makegood.actions.cases import Failure
from makegood.actions.customers import NewCustomer
from makegood.actions.intake import News
from makegood.records import dialled
from makegood.records.models import Case, Customer, Promise, Staff
from makegood.rules import phones
from makegood.rules.promises import Channel, NotYetHappenedError
from makegood.rules.severity import Function, Harm

SOURCE = "voicemail"
_TITLE = "A voicemail waits for our call"


@dataclass(frozen=True, kw_only=True, slots=True)
class Voicemail:
    """What somebody left: from which number, when, and in which words, if those are known.

    `external_id` is the number that the phone system gave it, so that it counts once.
    """

    phone: str
    at: datetime
    external_id: str
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """The case that it belongs to, and the call that is promised for it, if it had one."""

    case: Case
    promise: Promise | None


@transaction.atomic
def take(left: Voicemail, *, now: datetime) -> Heard:
    """Take a voicemail: of the customer whose number it is, else of somebody new.

    It joins the newest open case of that customer; without one, a case opens.

    :raises PhoneError: if what is given is no number.
    :raises NotYetHappenedError: if it lies ahead.
    :raises NoOwnerError: if nobody can own it.
    """
    number = phones.read_number(left.phone)
    if left.at > now:
        raise NotYetHappenedError
    customer = _customer(number, now=now)
    open_ = Case.objects.filter(customer=customer.pk, closed_at=None) if customer.pk else None
    joins = open_.order_by("-pk").values_list("pk", flat=True).first() if open_ else None
    owner = None if customer.pk else intake.choose_any_owner(now=now)
    received = customers.take_report(_news(left, customer), owner=owner, joins=joins, now=now)
    if received.seen_before:
        return Heard(case=received.case, promise=callbacks.promised(received.case))
    case = cases.lock(received.case.pk)
    return Heard(case=case, promise=callbacks.promise_next(case, number, now=now))


@transaction.atomic
def note(case_id: int, words: str, *, at: datetime, by: Staff, now: datetime) -> Heard:
    """Somebody at the desk listened to a voicemail about a case; its number is the one on record.

    :raises NumberMissingError: if no number is on record.
    :raises ClosedCaseError: if the case is closed.
    :raises NotYetHappenedError: if it lies ahead.
    """
    case = cases.lock(case_id)
    callbacks.record_voicemail(case, words, at=at, by=by, now=now)
    return Heard(case=case, promise=callbacks.promise_next(case, case.customer.phone, now=now))


def _customer(number: str, *, now: datetime) -> Customer:
    """Whose number it is, if it is but one's; else somebody whom the desk has to recognise."""
    known = dialled.whose(number)
    if len(known) == 1:
        return Customer.objects.get(pk=known[0])
    owner = intake.choose_any_owner(now=now)
    fresh = NewCustomer(name=number, zone=owner.team.calendar.zone, phone=number, is_verified=False)
    return customers.draft(fresh, now=now)


def _news(left: Voicemail, customer: Customer) -> News:
    failure = Failure(
        customer=customer,
        title=_TITLE,
        function=Function.INFORMATION,
        harm=Harm.DELAYED,
        failed_at=left.at,
        known_at=left.at,
    )
    return News(
        source=SOURCE,
        external_id=left.external_id,
        channel=Channel.PHONE,
        raw={},
        failure=failure,
        note=left.words,
        happened_at=left.at,
    )
