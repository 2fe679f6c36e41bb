"""Reports by the public form: claims of strangers, each taken as a case of its own.

Nothing is looked up by a name, an address or a number, so nobody can learn who is a customer, and
nobody gets into a case that is not theirs. Only the failure of a service in a district brings
cases together, under one owner.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.actions import cases, customers, intake, letters, links, promises, timeline
from makegood.actions.cases import Failure
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.actions.drafts import Word
from makegood.actions.intake import News, NoOwnerError
from makegood.language import choice
from makegood.language.moments import in_words
from makegood.records.models import (
    Case,
    KnownFailure,
    Promise,
    PromiseKind,
    Service,
    Staff,
    Team,
)
from makegood.rules import known, places
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Function, Harm

SOURCE = "public form"
TITLE_MAX = 120
SOON = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What somebody says is broken. `form` is the number of the form that they filled in.

    `thing` is what they call it; `service` is the company's own name for it, if it has one.
    """

    form: UUID
    name: str
    email: str
    phone: str
    thing: str
    what: str
    function: Function
    harm: Harm
    words: str
    address: str
    postcode: str
    service: Service | None = None
    language: str = ""
    joins: bool = False
    source: str = SOURCE


@transaction.atomic
def take_claim(claim: Claim, *, now: datetime) -> str:
    """Open a case for a claim, and give the key to its page. The same form twice is one case.

    :raises NoOwnerError: if nobody can own it.
    """
    failure = _known_failure(claim)
    lead = _lead(failure)
    owner = _common_owner(failure, lead, claim) or _choose_owner(claim, now=now)
    received = customers.take_report(
        _news(claim, owner, now=now), owner=owner, now=now, asset=_asset(claim)
    )
    if received.opened:
        _put_beside(received.case, failure, lead, claim, now=now)
        letters.write_receipt(received.case, now=now)
    return links.mint_link(received.case.pk, now=now)


@transaction.atomic
def say_publicly(case_id: int, *, is_public: bool, by: Staff, now: datetime) -> None:
    """Tell others who report the same failure in the same district that it is known, or do not.

    :raises CaseError: if the case belongs to no such failure.
    """
    case = cases.lock(case_id)
    if case.known_failure_id is None:
        raise cases.CaseError("This case stands alone: it is no failure of a whole district.")
    changed = KnownFailure.objects.filter(pk=case.known_failure_id).exclude(is_public=is_public)
    if not changed.update(is_public=is_public):
        return
    kind = "failure_made_public" if is_public else "failure_kept_private"
    _note(case, kind, by, now=now)


@transaction.atomic
def recognise(case_id: int, *, by: Staff, now: datetime) -> None:
    """Somebody of the staff has made sure that the customer of a case is who they say they are."""
    case = cases.lock(case_id)
    if case.customer.is_verified:
        return
    case.customer.is_verified = True
    case.customer.save(update_fields=["is_verified"])
    _note(case, "customer_recognised", by, now=now)


def _note(case: Case, kind: str, by: Staff, *, now: datetime) -> None:
    timeline.append(case_id=case.pk, kind=kind, at=now, now=now, facts={"by": by.pk})


def _known_failure(claim: Claim) -> KnownFailure | None:
    area = places.area_of(claim.postcode)
    if not area:
        return None
    return KnownFailure.objects.get_or_create(what=claim.what, area=area)[0]


def _lead(failure: KnownFailure | None) -> Case | None:
    """The oldest open case of the same failure."""
    if failure is None or not failure.pk:
        return None
    rows = Case.objects.filter(known_failure=failure, closed_at=None).select_related("owner")
    return rows.order_by("pk").first()


def _common_owner(failure: KnownFailure | None, lead: Case | None, claim: Claim) -> Staff | None:
    """The owner of the others' cases, where it is one failure for all of the district."""
    if failure is None or lead is None or not lead.owner.is_active:
        return None
    is_one = known.is_of_areas(claim.function) or failure.is_public
    return lead.owner if is_one else None


def _choose_owner(claim: Claim, *, now: datetime) -> Staff:
    if claim.service is not None:
        return intake.choose_owner(claim.service.team_id, now=now)
    team = Team.objects.filter(members__in=Staff.objects.people().filter(is_active=True))
    first = team.order_by("pk").first()
    if first is None:
        raise NoOwnerError(NoOwnerError.__doc__)
    return intake.choose_owner(first.pk, now=now)


def _news(claim: Claim, owner: Staff, *, now: datetime) -> News:
    customer = NewCustomer(
        name=claim.name,
        zone=owner.team.calendar.zone,
        phone=claim.phone,
        email=claim.email,
        address=claim.address,
        postcode=claim.postcode,
        is_verified=False,
        language=claim.language,
    )
    failure = Failure(
        customer=customers.draft(customer, now=now),
        title=_title(claim.words),
        function=claim.function,
        harm=claim.harm,
        failed_at=now,
        known_at=now,
    )
    return News(
        source=claim.source,
        external_id=claim.form.hex,
        channel=Channel.WEB,
        raw=_raw(claim),
        failure=failure,
        note=claim.words,
    )


def _raw(claim: Claim) -> dict[str, object]:
    return {
        "name": claim.name,
        "email": claim.email,
        "phone": claim.phone,
        "what": claim.what,
        "harm": claim.harm.value,
        "words": claim.words,
        "address": claim.address,
        "postcode": claim.postcode,
        "joins": claim.joins,
    }


def _title(words: str) -> str:
    """The first line of what they wrote, cut between words."""
    line = " ".join(words.strip().splitlines()[0].split())
    if len(line) <= TITLE_MAX:
        return line
    return f"{line[:TITLE_MAX].rpartition(' ')[0] or line[:TITLE_MAX]}…"


def _asset(claim: Claim) -> NewAsset:
    return NewAsset(
        name=claim.thing,
        function=claim.function,
        place=", ".join(part for part in (claim.address, claim.postcode) if part),
        service=claim.service,
    )


def _put_beside(
    case: Case, failure: KnownFailure | None, lead: Case | None, claim: Claim, *, now: datetime
) -> None:
    """Let the case stand with the others of its failure, and hear what they hear, when they do."""
    if failure is None:
        return
    others = Case.objects.filter(known_failure=failure, closed_at=None).count()
    case.known_failure = failure
    case.save(update_fields=["known_failure"])
    is_said = known.is_said(is_public=failure.is_public, function=claim.function, open_cases=others)
    if lead is None:
        # What was decided was about the failure before, which is over.
        KnownFailure.objects.filter(pk=failure.pk).update(is_public=None)
    elif claim.joins and is_said:
        _promise_their_news(case, lead, now=now)


def _promise_their_news(case: Case, lead: Case, *, now: datetime) -> None:
    theirs = Promise.objects.still_open().filter(
        case=lead, kind=PromiseKind.NEWS, due_at__gt=now + SOON
    )
    first = theirs.order_by("due_at").first()
    own = case.promises.still_open().order_by("due_at").first()
    if first is None or (own is not None and own.due_at <= first.due_at):
        return
    with choice.speaking(case.customer.language):
        words = _("You hear what we then know from %(owner)s by %(moment)s.") % {
            "owner": case.owner.name,
            "moment": in_words(first.due_at, zone=ZoneInfo(case.customer.zone)),
        }
    word = Word(
        kind=PromiseKind.NEWS,
        words=words,
        speaker=Speaker.SYSTEM,
        speaker_name="Makegood",
        channel=Channel.WEB,
        said_at=now,
        due_at=first.due_at,
        trace=("The same time as for the others who reported this failure.",),
    )
    promises.promise_from_page(cases.lock(case.pk), word, now=now)
