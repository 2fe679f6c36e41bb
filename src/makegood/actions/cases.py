"""What can happen to a case: it opens, changes hands by acceptance, closes, and opens again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from makegood.actions import (
    asking_why,
    askings,
    claim_ends,
    entitlements,
    fees,
    promises,
    timeline,
)
from makegood.actions.drafts import Word
from makegood.records.models import (
    ApprovalRequest,
    Asking,
    Asset,
    Case,
    Contact,
    Criticality,
    Customer,
    Handover,
    Parting,
    Staff,
    Visit,
)
from makegood.rules.askings import AskingEnd
from makegood.rules.severity import Assessment, Exposure, Function, Harm, assess
from makegood.rules.undoing import OvertakenByEventsError

# No vowels and no look-alikes: references are read out on the phone, and should spell nothing.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
CLOSING: Final = ["closed_at", "closed_by_contact", "closed_by_asking", "closed_by_parting"]


class CaseError(Exception):
    """Base of every refusal about a case; the message is one clear sentence."""


class CaseClosedError(CaseError):
    """The case is closed; reopen it first, or open a new one."""


class HandoverError(CaseError):
    """A hand-over that cannot be done as asked."""


class StillPromisedError(CaseError):
    """A case closes when every promise to the customer is settled."""


class CaseOpenError(CaseError):
    """The case is open: whatever is not right yet is being put right in it."""


class ErasedError(CaseError):
    """Whose case it was, was erased: whoever comes again is registered anew, with a new case."""


class AnswerError(CaseError):
    """A case is closed by what its own customer said since the failure was known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """What went wrong, as far as it is known when a case opens."""

    customer: Customer
    title: str
    function: Function
    harm: Harm
    failed_at: datetime
    known_at: datetime
    asset: Asset | None = None
    exposure: Exposure = Exposure.ORDINARY
    wanted: str = ""

    def assessed(self, *, repeats: int = 0) -> Assessment:
        """How severe it is; a vulnerable customer is exposed as such."""
        return assess(
            function=self.function,
            harm=self.harm,
            exposure=Exposure.VULNERABLE if self.customer.vulnerable else self.exposure,
            critical=bool(self.asset and self.asset.criticality == Criticality.CRITICAL),
            repeats=repeats,
        )


def lock(case_id: int) -> Case:
    """Take the case for this transaction; everything that changes a case starts here."""
    return Case.objects.select_for_update(no_key=True).get(pk=case_id)


@transaction.atomic
def open_case(
    failure: Failure,
    *,
    owner: Staff,
    now: datetime,
    is_canary: bool = False,
    first: Word | None = None,
) -> Case:
    """Open a case with its owner and its first promise: when the customer hears from the owner.

    :param first: that promise, where it is known already when they hear.
    """
    assessment = failure.assessed()
    case = _create(failure, assessment, owner=owner, now=now, is_canary=is_canary)
    timeline.append(
        case_id=case.pk,
        kind="case_opened",
        at=failure.known_at,
        now=now,
        facts={
            "owner": owner.pk,
            "severity": int(assessment.severity),
            "because": assessment.because,
            "failed_at": failure.failed_at.isoformat(),
        },
        words=failure.title,
    )
    if first is None:
        promises.promise_news(case, now=now)
    else:
        promises.promise_from_page(case, first, now=now)
    if not is_canary:
        entitlements.watch_opened([case.pk], function=failure.function, now=now)
        fees.watch_opened([case.pk], now=now)
    return case


@transaction.atomic
def raise_severity(case: Case, assessment: Assessment, *, now: datetime) -> None:
    """Make a case more severe; its open promises are watched with the new severity at once.

    What was promised stays as it was promised: only the order of the clock changes. A case never
    becomes less severe by this.
    """
    if assessment.severity >= case.severity:
        return
    facts = {"from": case.severity, "to": int(assessment.severity), "because": assessment.because}
    case.severity = int(assessment.severity)
    case.severity_because = assessment.because
    case.save(update_fields=["severity", "severity_because"])
    case.promises.still_open().update(severity=case.severity)
    timeline.append(case_id=case.pk, kind="severity_raised", at=now, now=now, facts=facts)


@transaction.atomic
def offer_handover(*, case_id: int, to: Staff, why: str, by: Staff, now: datetime) -> Handover:
    """Ask somebody to take a case over. The owner stays the owner until that person accepts.

    :raises HandoverError: if the person owns it already, has left, or was already asked.
    :raises CaseClosedError: if the case is closed.
    """
    case = _lock_open(case_id)
    if to.pk == case.owner_id:
        raise HandoverError(f"{to.name} owns this case already.")
    if not to.is_active:
        raise HandoverError(f"{to.name} has left; ask somebody who works here.")
    open_offer = Handover.objects.filter(case=case, accepted_at=None, declined_at=None).first()
    if open_offer is not None:
        raise HandoverError(
            f"{open_offer.to_staff.name} was already asked and has not answered yet."
        )
    offer = Handover.objects.create(
        case=case, from_staff_id=case.owner_id, to_staff=to, why=why, asked_at=now
    )
    facts = {"from": case.owner_id, "to": to.pk, "by": by.pk}
    timeline.append(
        case_id=case.pk, kind="handover_offered", at=now, now=now, facts=facts, words=why
    )
    return offer


@transaction.atomic
def answer_handover(*, handover_id: int, accepts: bool, by: Staff, now: datetime) -> Case:
    """Accept or decline a hand-over. Accepting makes this person the one owner.

    :raises HandoverError: if somebody else was asked, or it was answered already.
    :raises CaseClosedError: if the case was closed meanwhile.
    """
    case = _lock_open(Handover.objects.values_list("case_id", flat=True).get(pk=handover_id))
    offer = Handover.objects.get(pk=handover_id)
    if offer.to_staff_id != by.pk:
        raise HandoverError(f"{offer.to_staff.name} was asked, so only they can answer.")
    if offer.accepted_at or offer.declined_at:
        raise HandoverError("This hand-over was answered already.")
    if accepts and not offer.to_staff.is_active:
        raise HandoverError(f"{offer.to_staff.name} has left; ask somebody who works here.")
    _answer(offer, accepts=accepts, now=now)
    if accepts:
        case.owner_id = by.pk
        case.save(update_fields=["owner_id"])
    kind = "handover_accepted" if accepts else "handover_declined"
    facts = {"from": offer.from_staff_id, "to": offer.to_staff_id}
    timeline.append(case_id=case.pk, kind=kind, at=now, now=now, facts=facts)
    return case


@transaction.atomic
def withdraw_handover(*, handover_id: int, by: Staff, now: datetime) -> Case:
    """Take back a hand-over that nobody has answered yet; the owner has stayed the owner.

    :raises OvertakenByEventsError: if it was answered meanwhile.
    """
    case = lock(Handover.objects.values_list("case_id", flat=True).get(pk=handover_id))
    offer = Handover.objects.select_related("to_staff").get(pk=handover_id)
    if offer.accepted_at is not None:
        raise OvertakenByEventsError(
            f"{offer.to_staff.name} has accepted and owns the case now. Ask them to hand it back."
        )
    if offer.declined_at is not None:
        raise OvertakenByEventsError("This hand-over has ended already; the owner keeps the case.")
    offer.declined_at, offer.withdrawn_by = now, by
    offer.save(update_fields=["declined_at", "withdrawn_by"])
    facts = {"from": offer.from_staff_id, "to": offer.to_staff_id, "by": by.pk}
    timeline.append(case_id=case.pk, kind="handover_withdrawn", at=now, now=now, facts=facts)
    return case


@transaction.atomic
def close_case(*, case_id: int, answer: Contact, now: datetime) -> Case:
    """Close a case by the contact in which the customer said that it is right.

    The promise of news that keeps the case from falling silent is fulfilled by that contact; any
    other open promise keeps it open.

    :raises CaseClosedError: if it is closed.
    :raises AnswerError: if the contact is of another case, or from before this one was known.
    :raises StillPromisedError: if something else is still promised.
    :raises ClaimOpenError: if they were promised something, and nobody has decided on it.
    """
    case = _lock_open(case_id)
    if answer.case_id != case.pk or answer.happened_at < case.known_at:
        raise AnswerError(AnswerError.__doc__)
    check_nothing_is_promised(case)
    if (waiting := askings.open_asking(case.pk)) is not None:
        askings.end(waiting, AskingEnd.HEARD, now=now)
    claim_ends.let_all_go(answer, now=now)
    # Whoever says that all is right wants no more of what they said before.
    askings.open_wants(case.pk).filter(said_at__lte=answer.happened_at).update(let_go_by=answer)
    _end_the_news(case, "The customer said that it is right.", at=answer.happened_at, now=now)
    facts = {"contact": answer.pk, "by": answer.staff_id}
    write_closed(case, answer, at=answer.happened_at, facts=facts, now=now)
    return case


def close_by_silence(case: Case, asking: Asking, *, now: datetime) -> None:
    """Close a locked case whose customer was asked twice and said nothing (law 8)."""
    evidence = "The customer was asked twice, and had time to answer."
    _end_the_news(case, evidence, at=asking.act_at or now, now=now)
    write_closed(case, asking, at=now, facts={"asking": asking.pk, "by": None}, now=now)


def close_by_parting(case: Case, parting: Parting, *, now: datetime) -> None:
    """Close a locked case whose customer could not be satisfied, as a manager recorded (law 8)."""
    _end_the_news(case, "The customer was told how this ends, and where to turn.", at=now, now=now)
    facts = {"parting": parting.pk, "by": parting.decided_by_id}
    write_closed(case, parting, at=now, facts=facts, now=now)


def close_as_before(
    case: Case, by: Contact | Asking | Parting, *, facts: dict[str, Any], now: datetime
) -> None:
    """Close a locked case that was opened only to be given something, which has arrived."""
    _end_the_news(case, "Nothing more is to come of what everybody was given.", at=now, now=now)
    write_closed(case, by, at=now, facts=facts, now=now, kind="closed_as_before")


def check_nothing_is_promised(case: Case) -> None:
    """Refuse to close a locked case in which something is still to come.

    :raises StillPromisedError: if something is promised besides news, or a request waits.
    """
    if case.promises.still_open().exclude(kind="news").exists():
        raise StillPromisedError(
            "Something is still promised to the customer; keep it, or let the customer release it."
        )
    if Visit.objects.filter(case=case, outcome=None).exists():
        raise StillPromisedError(
            "A visit has not ended; end it, or call it off as the customer says."
        )
    if ApprovalRequest.objects.filter(case=case, decided_at=None).exists():
        raise StillPromisedError("A request to give more waits for its answer; it comes first.")


def write_closed(
    case: Case,
    by: Contact | Asking | Parting,
    *,
    at: datetime,
    facts: dict[str, Any],
    now: datetime,
    kind: str = "case_closed",
) -> None:
    """Write that a locked case is closed, and by what."""
    case.closed_at = at
    case.closed_by_contact = by if isinstance(by, Contact) else None
    case.closed_by_asking = by if isinstance(by, Asking) else None
    case.closed_by_parting = by if isinstance(by, Parting) else None
    case.save(update_fields=CLOSING)
    timeline.append(case_id=case.pk, kind=kind, at=at, now=now, facts=facts)
    asking_why.ask(case, now=now)


def _lock_open(case_id: int) -> Case:
    case = lock(case_id)
    if case.closed_at is not None:
        raise CaseClosedError(f"Case {case.reference} is closed; reopen it first.")
    return case


def _end_the_news(case: Case, evidence: str, *, at: datetime, now: datetime) -> None:
    # One by one: news that comes late breaks its promise, and the break promises news again. And
    # the customer may have said that it is right before that news was promised.
    while news := case.promises.still_open().order_by("pk").first():
        promises.settle_by_deed(news, at=max(at, news.said_at), evidence=evidence, now=now)


def _answer(offer: Handover, *, accepts: bool, now: datetime) -> None:
    field = "accepted_at" if accepts else "declined_at"
    setattr(offer, field, now)
    offer.save(update_fields=[field])


def _create(
    failure: Failure, assessment: Assessment, *, owner: Staff, now: datetime, is_canary: bool
) -> Case:
    return Case.objects.create(
        reference=new_reference(),
        customer=failure.customer,
        asset=failure.asset,
        team_id=owner.team_id,
        owner=owner,
        title=failure.title,
        wanted=failure.wanted,
        function=failure.function.value,
        harm=failure.harm.value,
        exposure=failure.exposure.value,
        severity=int(assessment.severity),
        severity_because=assessment.because,
        failed_at=failure.failed_at,
        known_at=failure.known_at,
        recorded_at=now,
        is_canary=is_canary,
    )


def new_reference() -> str:
    """A reference that can be read out on the phone."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
