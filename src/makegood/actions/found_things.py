"""Found things: pushed to their customer as a case with a promise, and told by letter (R45).

Also what a scheme owes on a case that closed before anybody gave it: nobody has to claim it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast

from makegood.actions import (
    cases,
    entitlements,
    intake,
    letters,
    promises,
    redress,
    remedies,
    timeline,
)
from makegood.actions.cases import Failure
from makegood.actions.drafts import Word
from makegood.actions.letter_gate import LetterStoppedError
from makegood.actions.letters import Draft, LetterError
from makegood.language import choice, moments
from makegood.language import found_things as said
from makegood.records.models import (
    Case,
    Customer,
    Entitlement,
    FoundThing,
    Message,
    Promise,
    PromiseKind,
    Remedy,
    Staff,
)
from makegood.rules.found_things import BROUGHT_WITHIN, OF_A_SCHEME, BadFoundError, Found, FoundKind
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.remedies import RemedyKind, Source, Terms, telling_of
from makegood.rules.severity import Function, Harm

CLOSED_FOR: Final = timedelta(days=1)
"""So long after a case closed, what nobody gave on it counts as unclaimed."""
_FUNCTIONS: Final = {FoundKind.PROPERTY: Function.GOODS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """Which found thing it is, by source and id, and since when it is known."""

    source: str
    external_id: str
    found_at: datetime


@transaction.atomic
def push(
    customer: Customer, found: Found, where: Where, *, now: datetime, owner: Staff | None = None
) -> FoundThing:
    """Open a case with a promise to bring it, and tell the customer; once by source and id.

    :param owner: who sees to it; without one, whoever has the fewest open cases.
    :raises BadFoundError: if it was found in the future.
    :raises NoOwnerError: if nobody can own it.
    """
    if where.found_at > now:
        raise BadFoundError("It cannot have been found in the future.")
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    known = FoundThing.objects.filter(source=where.source, external_id=where.external_id).first()
    if known is not None:
        return known
    case = _open(customer, found, where, owner or intake.choose_any_owner(now=now), now=now)
    promise = _promise(case, found, now=now)
    thing = FoundThing.objects.create(
        case=case,
        kind=found.kind.value,
        what=found.what.strip(),
        amount_minor=found.amount_minor,
        currency=found.currency,
        source=where.source,
        external_id=where.external_id,
        found_at=where.found_at,
        recorded_at=now,
    )
    paid = _pay(thing, found, promise, now=now) if found.is_money else None
    facts = {"found": thing.pk, "promise": promise.pk, "remedy": paid.pk if paid else None}
    timeline.append(case_id=case.pk, kind="found_pushed", at=where.found_at, now=now, facts=facts)
    _tell(case, promise, remedy=paid, now=now)
    return thing


def unclaimed(*, now: datetime, limit: int) -> list[int]:
    """What schemes owe on cases that closed before it was given, and nobody has pushed.

    Whoever was erased cannot be found any more to be given it.
    """
    rows = Entitlement.objects.filter(
        raised_at__isnull=False,
        amount_minor__gt=F("granted_minor"),
        case__closed_at__lt=now - CLOSED_FOR,
        case__is_canary=False,
        case__customer__erasures=None,
    )
    pushed = FoundThing.objects.filter(
        source=OF_A_SCHEME, external_id=Cast(OuterRef("pk"), CharField())
    )
    waiting = rows.exclude(Exists(pushed)).order_by("raised_at", "pk")
    return list(waiting.values_list("pk", flat=True)[:limit])


@transaction.atomic
def push_unclaimed(entitlement_id: int, *, now: datetime) -> FoundThing:
    """Push what a scheme owes on a closed case to its customer; on that case it counts as given."""
    row = Entitlement.objects.select_related("case__customer", "case__owner").get(pk=entitlement_id)
    found = Found(
        kind=FoundKind.BALANCE,
        what=row.case.reference,
        amount_minor=(row.amount_minor or 0) - row.granted_minor,
        currency=row.currency,
    )
    where = Where(source=OF_A_SCHEME, external_id=str(row.pk), found_at=row.raised_at or now)
    owner = row.case.owner if row.case.owner.is_active else None
    thing = push(row.case.customer, found, where, owner=owner, now=now)
    entitlements.count_given(row.case_id, row.scheme, found.amount_minor, now=now)
    return thing


def _open(customer: Customer, found: Found, where: Where, owner: Staff, *, now: datetime) -> Case:
    failure = Failure(
        customer=customer,
        title=said.title(found, language=customer.language)[:300],
        function=_FUNCTIONS.get(found.kind, Function.MONEY),
        harm=Harm.COSMETIC,
        failed_at=where.found_at,
        known_at=where.found_at,
    )
    case = cases.open_case(failure, owner=owner, now=now)
    return Case.objects.select_related("customer", "team__calendar").get(pk=case.pk)


def _promise(case: Case, found: Found, *, now: datetime) -> Promise:
    due = redress.due_within(BROUGHT_WITHIN, case=case, now=now, at_most=None)
    language, zone = case.customer.language, ZoneInfo(case.customer.zone)
    with choice.speaking(language):
        when = moments.day_in_words(due.at, zone=zone)
    words = said.sentence(found, when=when, language=language)
    if found.is_money:
        return redress.promise_found(case, words, due, now=now)
    word = Word(
        kind=PromiseKind.DELIVERY,
        words=words,
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        due_at=due.at,
        precision=Precision.DATE,
        trace=due.trace,
    )
    return promises.make_promise(case.pk, word, now=now)


def _pay(thing: FoundThing, found: Found, promise: Promise, *, now: datetime) -> Remedy:
    """Send their money back by the gateway, as all that is granted (law 7)."""
    terms = Terms(
        kind=RemedyKind.REFUND,
        source=Source.FOUND,
        amount_minor=found.amount_minor,
        currency=found.currency,
        because=thing.what,
    )
    return remedies.write_found(thing.case, terms, promise, key=f"found:{thing.pk}", now=now)


def _tell(case: Case, promise: Promise, *, remedy: Remedy | None, now: datetime) -> None:
    """By letter where there is an address; else it stands with its owner as promised."""
    if not case.customer.email:
        return
    duty = Message.objects.get(about=telling_of(remedy.pk)) if remedy else None
    draft = Draft(words=promise.words, tells=promise, duty=duty)
    try:
        with transaction.atomic():
            letters.write(case.pk, draft, now=now)
    except (LetterError, LetterStoppedError) as refused:
        facts = {"why": type(refused).__name__}
        timeline.append(case_id=case.pk, kind="letter_not_written", at=now, now=now, facts=facts)
