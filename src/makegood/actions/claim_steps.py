"""The ladder of a mistaken promise: do it; else ask with an offer on the table; else give value.

Each rung is decided within somebody's authority, with its cost and reason on the timeline, and
told to the customer in words that passed the gate. Beyond it, the next on the ladder has it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from makegood.actions import (
    askings,
    claim_ends,
    claims,
    contacts,
    gate,
    letters,
    partings,
    promises,
    remedies,
    spoken,
)
from makegood.actions import timeline as chain
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Word
from makegood.actions.gate import Saying
from makegood.actions.letters import Draft
from makegood.actions.partings import EverybodyKnowsError
from makegood.actions.remedies import Wish
from makegood.language import choice
from makegood.records.models import (
    Case,
    Claim,
    ClaimStep,
    Contact,
    Customer,
    Direction,
    Promise,
    PromiseKind,
    Staff,
)
from makegood.rules import authority
from makegood.rules import claims as rules
from makegood.rules.authority import Verdict
from makegood.rules.claims import OUTCOMES, NotYetError, ReasonMissingError, Rung
from makegood.rules.escalation import Reason
from makegood.rules.letters import LetterChannel
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import BadRemedyError, OneselfError, RemedyKind, Source, Terms

WRITTEN = {Channel.EMAIL: LetterChannel.EMAIL, Channel.SMS: LetterChannel.SMS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Why, at which cost, and in which words and by which way the customer is told."""

    why: str
    words: str
    channel: Channel = Channel.EMAIL
    cost_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """The step that was decided; or nothing yet, because it was passed up to somebody."""

    step: ClaimStep | None
    passed_to: str = ""


@transaction.atomic
def do_it(
    claim_id: int, decision: Decision, word: Word | None, *, by: Staff, now: datetime
) -> Decided:
    """Do what was promised: it becomes a live promise with a date, and the customer is told.

    :param word: the promise from now on; None if the one on record stands as it is.
    :raises ClaimSettledError: if it is settled.
    :raises NotYetError: if it was decided before that it cannot be done.
    :raises OneselfError: if the customer is themselves, or close to them.
    :raises LetterError: if the letter cannot be written.
    :raises LetterStoppedError: if its words are not true.
    :raises StoppedError: if those of the promise are not, or what is said by another way.
    """
    claim, case = _take(claim_id, Rung.DO, decision)
    if not _within_authority(case, decision, by=by, now=now):
        return _pass_up(claim, decision, by=by, now=now)
    promise = claim.promise
    if word is not None:
        promise = spoken.make_promise(case.pk, word, by=by, now=now, gives=word.words)
    if promise is None or promise.outcome is not None:
        raise NotYetError("Say by when it is done: then it is a promise that the clock watches.")
    step = _step(claim, Rung.DO, decision, by=by, now=now)
    step.taken, step.promise = True, promise
    _tell(step, case, decision, by=by, now=now)
    _keep(step, case, now=now)
    _settle(claim, step, now=now)
    return Decided(step=step)


@transaction.atomic
def offer_instead(
    claim_id: int, decision: Decision, *, offer: str, by: Staff, now: datetime
) -> Decided:
    """It cannot be done: ask what would make it right, with a concrete offer on the table.

    There is no "cannot" without an offer beside it, so both are decided in one act.

    :param offer: what is on the table; `decision.words` puts it to the customer.
    :raises ClaimSettledError: if it is settled.
    :raises NotYetError: if an offer was made before.
    :raises NothingAskedError: if the words ask nothing, or do not name the offer.
    :raises LetterError: if the letter cannot be written.
    :raises LetterStoppedError: if its words are not true.
    """
    claim, case = _take(claim_id, Rung.DO, decision)
    if not offer.strip():
        raise ReasonMissingError("Put something concrete on the table, and ask what would suit.")
    rules.check_asked(decision.words, offer, is_one_language=_is_one_language(case.customer))
    if not _within_authority(case, decision, by=by, now=now):
        return _pass_up(claim, decision, by=by, now=now)
    refused = _step(claim, Rung.DO, decision, by=by, now=now)
    refused.taken, refused.cost_minor = False, 0
    _keep(refused, case, now=now)
    step = _step(claim, Rung.OFFER, decision, by=by, now=now)
    step.offer = offer.strip()
    _tell(step, case, decision, by=by, now=now)
    _keep(step, case, now=now)
    return Decided(step=step)


@transaction.atomic
def take_offer(
    claim_id: int, given: Word | Wish, touch: Touch, *, by: Staff, now: datetime
) -> ClaimStep:
    """The customer said what makes it right: it becomes a promise or a remedy, and counts as told.

    :raises NotYetError: if no offer waits for an answer.
    :raises BeyondAuthorityError: if the remedy is more than they may give alone.
    :raises StoppedError: if something in the words of the promise is not true.
    :raises ClosedCaseError: if the case is closed.
    """
    claim, step = _waiting(claim_id)
    answer = contacts.record_contact(claim.case_id, touch, now=now)
    if isinstance(given, Wish):
        step.remedy = remedies.grant(claim.case_id, given, by=by, now=now)
        step.cost_minor, step.currency = given.terms.amount_minor, given.terms.currency
    else:
        step.promise = spoken.make_promise(claim.case_id, given, by=by, now=now, gives=given.words)
    _answer(step, answer, taken=True, now=now)
    _settle(claim, step, now=now)
    _end_mistaken(claim, touch.note, by=by, now=now)
    return step


@transaction.atomic
def decline_offer(claim_id: int, touch: Touch, *, now: datetime) -> ClaimStep:
    """The customer does not want the offer; something of value is next.

    :raises NotYetError: if no offer waits for an answer.
    """
    claim, step = _waiting(claim_id)
    answer = contacts.record_contact(claim.case_id, touch, now=now)
    _answer(step, answer, taken=False, now=now)
    return step


@transaction.atomic
def give_value(
    claim_id: int, decision: Decision, wish: Wish, *, by: Staff, now: datetime
) -> Decided:
    """Give something of value for a word that could not be kept, and say so.

    :raises ClaimSettledError: if it is settled.
    :raises NotYetError: if the customer was not asked what would make it right.
    :raises OneselfError: if the customer is themselves, or close to them.
    :raises LetterError: if the letter cannot be written.
    :raises LetterStoppedError: if its words are not true.
    """
    claim, case = _take(claim_id, Rung.VALUE, decision)
    if not _may(case, wish.terms, by=by, now=now):
        terms = wish.terms
        cost = replace(decision, cost_minor=terms.amount_minor, currency=terms.currency)
        return _pass_up(claim, cost, by=by, now=now)
    step = _step(claim, Rung.VALUE, decision, by=by, now=now)
    step.taken, step.remedy = True, remedies.grant(case.pk, wish, by=by, now=now)
    step.cost_minor, step.currency = wish.terms.amount_minor, wish.terms.currency
    _tell(step, case, decision, by=by, now=now)
    _keep(step, case, now=now)
    _settle(claim, step, now=now)
    return Decided(step=step)


def _is_one_language(customer: Customer) -> bool:
    """Whether who decides and the company speak as the customer does."""
    theirs = choice.spoken_or_ours(customer.language)
    return theirs == choice.current() == settings.LANGUAGE_CODE


def _take(claim_id: int, rung: Rung, decision: Decision) -> tuple[Claim, Case]:
    if not decision.why.strip():
        raise ReasonMissingError
    claim = claims.lock_open(claim_id)
    rules.check_next(_taken(claim), rung)
    cases_ = Case.objects.select_related("customer", "team__calendar")
    return claim, cases_.get(pk=claim.case_id)


def _taken(claim: Claim) -> dict[Rung, bool | None]:
    return {Rung(rung): taken for rung, taken in claim.steps.values_list("rung", "taken")}


def _waiting(claim_id: int) -> tuple[Claim, ClaimStep]:
    claim = claims.lock_open(claim_id)
    step = claim.steps.filter(rung=Rung.OFFER.value, taken=None).first()
    if step is None:
        raise NotYetError("No offer waits for an answer.")
    return claim, step


def _within_authority(case: Case, decision: Decision, *, by: Staff, now: datetime) -> bool:
    if decision.cost_minor == 0:
        return True
    terms = Terms(
        kind=RemedyKind.IN_KIND,
        source=Source.GOODWILL,
        amount_minor=decision.cost_minor,
        currency=decision.currency,
        because=decision.why,
        thing=decision.words.strip() or decision.why,
    )
    return _may(case, terms, by=by, now=now)


def _may(case: Case, terms: Terms, *, by: Staff, now: datetime) -> bool:
    """Whether somebody may decide on so much alone.

    :raises OneselfError: if the customer is themselves, or close to them.
    """
    standing = remedies.standing_of(by, case, terms, now=now)
    verdict = authority.judge(terms.amount_minor, standing)
    if verdict is Verdict.CONFLICT:
        raise OneselfError
    return verdict is Verdict.GIVE


def _pass_up(claim: Claim, decision: Decision, *, by: Staff, now: datetime) -> Decided:
    """Put it before the next on the ladder, who hears what it is; never back to the customer."""
    try:
        told = partings.tell_next(claim.case_id, Reason.CLAIM, now=now)
    except EverybodyKnowsError as known:
        raise BadRemedyError(
            "This costs more than you may decide alone. Everybody on the ladder knows of it: "
            "whoever has the authority decides."
        ) from known
    facts = {
        "claim": claim.pk,
        "by": by.pk,
        "to": told.staff_id,
        "cost_minor": decision.cost_minor,
        "currency": decision.currency,
    }
    chain.append(
        case_id=claim.case_id, kind="claim_passed_up", at=now, now=now, facts=facts,
        words=decision.why,
    )  # fmt: skip
    return Decided(step=None, passed_to=told.staff.name)


def _step(claim: Claim, rung: Rung, decision: Decision, *, by: Staff, now: datetime) -> ClaimStep:
    return ClaimStep(
        claim=claim,
        rung=rung.value,
        decided_at=now,
        decided_by=by,
        why=decision.why.strip(),
        cost_minor=decision.cost_minor,
        currency=decision.currency,
    )


def _tell(step: ClaimStep, case: Case, decision: Decision, *, by: Staff, now: datetime) -> None:
    """Write it to the customer, or record that it was said to them; either passes the gate.

    It is what they were promised to hear as they told of it: said, or once its letter arrives.
    """
    answer = _answer_owed(step.claim)
    if decision.channel in WRITTEN:
        draft = Draft(
            words=decision.words,
            channel=WRITTEN[decision.channel],
            by=by,
            tells=step.promise,
            keeps=answer,
        )
        step.letter = letters.write(case.pk, draft, now=now)
        return
    saying = Saying(
        text=decision.words, speaker=Speaker.PERSON, channel=decision.channel, by=by, said_at=now
    )
    gate.pass_or_stop(case.pk, saying, now=now)
    touch = Touch(
        channel=decision.channel,
        direction=Direction.OUTBOUND,
        at=now,
        note=decision.words,
        staff=by,
    )
    step.told = contacts.record_contact(case.pk, touch, now=now)
    if answer is not None:
        said = f"The customer was told: {decision.words}"
        promises.keep_promise(promise_id=answer.pk, at=now, evidence=said, by=by, now=now)


def _answer_owed(claim: Claim) -> Promise | None:
    """The promise of news that was given as the claim was recorded, if nothing has kept it."""
    news = Promise.objects.still_open().filter(case=claim.case_id, kind=PromiseKind.NEWS)
    return news.filter(said_at=claim.recorded_at).order_by("-pk").first()


def _keep(step: ClaimStep, case: Case, *, now: datetime) -> None:
    step.save()
    chain.append(
        case_id=case.pk, kind="claim_step", at=now, now=now, facts=_facts(step), words=step.why
    )


def _answer(step: ClaimStep, answer: Contact, *, taken: bool, now: datetime) -> None:
    step.taken, step.answer = taken, answer
    step.save()
    chain.append(
        case_id=answer.case_id, kind="claim_answered", at=answer.happened_at, now=now,
        facts=_facts(step) | {"contact": answer.pk},
    )  # fmt: skip


def _facts(step: ClaimStep) -> dict[str, object]:
    return {
        "claim": step.claim_id,
        "rung": step.rung,
        "taken": step.taken,
        "by": step.decided_by_id,
        "cost_minor": step.cost_minor,
        "currency": step.currency,
        "article": step.claim.article_id,
        "promise": step.promise_id,
        "remedy": step.remedy_id,
    }


def _settle(claim: Claim, step: ClaimStep, *, now: datetime) -> None:
    facts: dict[str, object] = {
        "rung": step.rung,
        "cost_minor": step.cost_minor,
        "currency": step.currency,
        "source": claim.source,
    }
    claim_ends.settle(claim, OUTCOMES[Rung(step.rung)], facts=facts, now=now)
    askings.look(claim.case, now=now)


def _end_mistaken(claim: Claim, evidence: str, *, by: Staff, now: datetime) -> None:
    """The customer agreed to something else, so the promise that cannot be kept ends by that."""
    if claim.promise_id is None:
        return
    promise = Promise.objects.get(pk=claim.promise_id)
    if promise.outcome is None and promise.due_at >= now:
        said = evidence.strip() or "The customer agreed to something else."
        promises.release_promise(promise_id=promise.pk, at=now, evidence=said, by=by, now=now)
