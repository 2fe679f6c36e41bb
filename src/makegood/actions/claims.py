"""Promises that come to light late: recorded as claimed, believed, looked up, and answered.

The caller never asks the customer for proof: what the company holds is searched in the same act,
and what is found stands with the claim. An answer is promised at once, so the clock watches it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from makegood.actions import (
    askings,
    cases,
    claim_ends,
    contacts,
    doubts,
    drafts,
    promises,
    reopening,
    silence,
    timeline,
)
from makegood.actions.contacts import Touch
from makegood.actions.doubts import Statement
from makegood.records import found_beside
from makegood.records.models import (
    Attachment,
    Case,
    Claim,
    Contact,
    Direction,
    Promise,
    PromiseKind,
    Staff,
)
from makegood.rules.claims import ClaimSettledError, Source
from makegood.rules.likeness import ALIKE, likeness
from makegood.rules.promises import AlreadySettledError

_ANSWERS = gettext_noop("%(owner)s tells you by %(moment)s how we keep what you were promised.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A promise as somebody tells of it: which words, how it came to light, who gave it and when.

    Whatever is not known is left out; nobody is asked to prove it.
    """

    words: str
    source: Source
    speaker_name: str = ""
    said_at: datetime | None = None
    attachment: Attachment | None = None


@transaction.atomic
def hear(
    case_id: int, told: Told, *, touch: Touch | None, by: Staff | None, now: datetime
) -> Claim:
    """Record a promise that came to light late; the customer is promised an answer.

    A closed case opens again by what its customer said.

    :param touch: the contact in which the customer said so; None if the company found it itself.
    :raises ClosedCaseError: if the case is closed, and no customer said anything.
    :raises NotYetHappenedError: if it lies in the future.
    """
    contact = None
    if touch is not None:
        inbound = touch.direction == Direction.INBOUND
        contact = contacts.record_contact(case_id, touch, now=now, is_answer=inbound)
    return record(case_id, told, contact=contact, by=by, now=now)


@transaction.atomic
def record(
    case_id: int, told: Told, *, contact: Contact | None, by: Staff | None, now: datetime
) -> Claim:
    """As `hear`, of a contact that is on record; nobody in `by` is the customer on their page."""
    cases.lock(case_id)
    case = Case.objects.select_related("customer", "owner", "team__calendar").get(pk=case_id)
    if contact is not None and reopening.ended_at(case) is not None:
        reopening.reopen_case(case_id=case_id, answer=contact, now=now)
    else:
        promises.promise_from_page(case, drafts.word_of_owner(case, _ANSWERS, now=now), now=now)
    if contact is not None and contact.direction == Direction.INBOUND:
        silence.heard(case_id, now=now)  # the answer is promised: no other news need be
    claim = _write(case, told, contact=contact, by=by, now=now)
    said = Statement(case=case_id, words=told.words, said_at=told.said_at or now, claim=claim)
    _link_article(claim, doubts.look(said, now=now))
    return claim


@transaction.atomic
def own_up(promise_id: int, *, why: str, by: Staff, now: datetime) -> Claim:
    """Say that we gave a word that we should not have; the customer is honoured for it.

    Until that is decided, nobody takes the promise back.

    :raises AlreadySettledError: if the promise is settled.
    """
    case_id = Promise.objects.values_list("case_id", flat=True).get(pk=promise_id)
    case = cases.lock(case_id)
    promise = Promise.objects.get(pk=promise_id)
    if promise.outcome is not None:
        raise AlreadySettledError(f"This promise was {promise.outcome} already.")
    known = Claim.objects.filter(promise=promise, settled_at=None).first()
    if known is not None:
        return known
    told = Told(
        words=promise.words,
        source=Source.MISTAKE,
        speaker_name=promise.speaker_name,
        said_at=promise.said_at,
    )
    return _write(case, told, contact=None, by=by, now=now, promise=promise, why=why)


@transaction.atomic
def let_go(claim_id: int, touch: Touch, *, now: datetime) -> Claim:
    """Settle a claim because the customer said that they want it no longer.

    :raises ClaimSettledError: if it is settled.
    :raises NotYetHappenedError: if it lies in the future.
    """
    claim = lock_open(claim_id)
    contact = contacts.record_contact(claim.case_id, touch, now=now)
    claim_ends.let_go_by(claim, contact, now=now)
    askings.look(claim.case, now=now)
    return claim


def lock_open(claim_id: int) -> Claim:
    """Take an open claim and its case for this transaction.

    :raises ClaimSettledError: if it is settled.
    """
    cases.lock(Claim.objects.values_list("case_id", flat=True).get(pk=claim_id))
    claim = Claim.objects.get(pk=claim_id)
    if claim.settled_at is not None:
        raise ClaimSettledError
    return claim


def _write(
    case: Case,
    told: Told,
    *,
    contact: Contact | None,
    by: Staff | None,
    now: datetime,
    promise: Promise | None = None,
    why: str = "",
) -> Claim:
    beside = found_beside.read_beside(case.pk, told.words, said_at=told.said_at, before=now)
    claim = Claim.objects.create(
        case=case,
        words=told.words,
        source=told.source.value,
        speaker_name=told.speaker_name,
        said_at=told.said_at,
        heard_at=contact.happened_at if contact else now,
        recorded_at=now,
        recorded_by=by,
        contact=contact,
        attachment=told.attachment,
        promise=promise or _same_word(case, told.words),
        found=[one.key for one in beside if one.alike >= ALIKE],
    )
    facts = {
        "claim": claim.pk,
        "source": claim.source,
        "promise": claim.promise_id,
        "found": len(claim.found),
        "by": by.pk if by else None,
    }
    timeline.append(
        case_id=case.pk, kind="claim_heard", at=claim.heard_at, now=now, facts=facts,
        words=why or told.words,
    )  # fmt: skip
    askings.look(case, now=now)  # what they were promised is still to be decided
    return claim


def _same_word(case: Case, words: str) -> Promise | None:
    """The open promise that says the same, so that nothing takes it back meanwhile."""
    claimed = Claim.objects.filter(case=case, settled_at=None, promise__isnull=False)
    open_ = case.promises.still_open().exclude(kind__in=[PromiseKind.NEWS, PromiseKind.REDRESS])
    near = [
        (likeness(words, one.words), one) for one in open_.exclude(pk__in=claimed.values("promise"))
    ]
    best = max(near, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= ALIKE else None


def _link_article(claim: Claim, raised: tuple[object, ...]) -> None:
    """Which article it goes against: where the error came from, for those who learn from it."""
    article = next((getattr(doubt, "article", None) for doubt in raised), None)
    if article is not None:
        claim.article = article
        claim.save(update_fields=["article"])
