"""How a claim ends, and what it keeps from ending meanwhile. The caller holds the case's lock."""

from datetime import datetime

from django.db.models import QuerySet

from makegood.actions import timeline
from makegood.records.models import Claim, Contact, Promise
from makegood.rules.claims import ClaimOpenError, ClaimOutcome, TakesBackError


def open_claims(case_id: int) -> QuerySet[Claim]:
    """What the customer of a case was promised, and nobody has decided on yet."""
    return Claim.objects.filter(case=case_id, settled_at=None)


def check_none_open(case_id: int) -> None:
    """Refuse to close a case before what its customer was promised is honoured.

    :raises ClaimOpenError: if a claim is open.
    """
    if open_claims(case_id).exists():
        raise ClaimOpenError


def check_not_claimed(promise: Promise) -> None:
    """Refuse to take a promise back whose ladder was not walked.

    :raises TakesBackError: if an open claim is about it.
    """
    if Claim.objects.filter(promise=promise, settled_at=None).exists():
        raise TakesBackError


def let_go_by(claim: Claim, contact: Contact, *, now: datetime) -> None:
    """Settle an open claim by what its customer said: they want it no longer."""
    claim.let_go_by = contact
    settle(claim, ClaimOutcome.LET_GO, facts={"contact": contact.pk}, now=now)


def let_all_go(contact: Contact, *, now: datetime) -> None:
    """The customer says on their own page that all is right: they want nothing more of it.

    What somebody of the staff heard is not enough: then each claim is settled first.

    :raises ClaimOpenError: if a claim is open, and not the customer's own page says so.
    """
    if contact.staff_id is not None:
        check_none_open(contact.case_id)
        return
    for claim in open_claims(contact.case_id).filter(heard_at__lte=contact.happened_at):
        let_go_by(claim, contact, now=now)


def settle(claim: Claim, outcome: ClaimOutcome, *, facts: dict[str, object], now: datetime) -> None:
    """Write how a claim ended."""
    claim.outcome, claim.settled_at = outcome.value, now
    claim.save(update_fields=["outcome", "settled_at", "let_go_by"])
    about = {"claim": claim.pk, "outcome": outcome.value, "article": claim.article_id}
    timeline.append(
        case_id=claim.case_id, kind="claim_settled", at=now, now=now, facts=about | facts
    )
