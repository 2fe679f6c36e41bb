"""Late promises at the desk: recorded, and honoured rung by rung; each view makes one call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import claim_steps, claims
from makegood.actions.claim_steps import Decided, Decision
from makegood.actions.claims import Told
from makegood.actions.contacts import Touch
from makegood.actions.drafts import Word
from makegood.actions.remedies import Wish
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff import claim_acts
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.claim_forms import ClaimForm
from makegood.doors.web.staff.performing import perform
from makegood.doors.web.staff.undoing import Done
from makegood.records.models import Attachment, Claim, Direction, PromiseKind
from makegood.rules.claims import Source
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import RemedyKind, Terms
from makegood.rules.remedies import Source as RemedySource
from makegood.rules.roles import Right

_Typed = dict[str, Any]


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def claim(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what the customer was promised."""
    case = access.case(request, reference)
    act = claim_acts.claim(request, case, request.POST)

    def do(typed: _Typed) -> Done:
        number = typed["attachment"]
        told = Told(
            words=typed["promised"],
            source=Source(typed["source"]),
            speaker_name=typed["speaker_name"],
            said_at=typed["said_at"],
            attachment=Attachment.objects.get(pk=number) if number else None,
        )
        touch = None
        if isinstance(act.form, ClaimForm) and act.form.is_said:
            at = act.form.moment("at", now=request.now)
            touch = _touch(request, typed, note=typed["promised"], at=at)
        claims.hear(case.pk, told, touch=touch, by=request.user, now=request.now)
        return Done(
            says=_("Recorded, and an answer is promised. See below what we hold about it."),
            stays=_("What a customer was promised stays on record; only they let go of it."),
        )

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def mistaken(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Say that we should not have given this word."""
    promise = access.promise(request, promise_id)
    act = claim_acts.mistaken(request, promise, request.POST)

    def do(typed: _Typed) -> Done:
        claims.own_up(promise.pk, why=typed["why"], by=request.user, now=request.now)
        return Done(
            says=_("Recorded. Decide below how it is honoured."),
            stays=_("The promise stands until then."),
        )

    return perform(request, promise.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def honour(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Do what was promised."""

    def do(found: Claim, typed: _Typed) -> Done:
        word = _word(request, typed) if "words" in typed else None
        decided = claim_steps.do_it(
            found.pk, _decision(typed), word, by=request.user, now=request.now
        )
        return _said(decided, _("It is done, and the customer is told."))

    return _decide(request, claim_id, claim_acts.honour, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def instead(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Ask what would make it right, with an offer."""

    def do(found: Claim, typed: _Typed) -> Done:
        decided = claim_steps.offer_instead(
            found.pk, _decision(typed), offer=typed["offer"], by=request.user, now=request.now
        )
        return _said(decided, _("Asked. Record here what the customer says."))

    return _decide(request, claim_id, claim_acts.instead, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def take_offer(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Give what the customer said would make it right."""

    def do(found: Claim, typed: _Typed) -> Done:
        given: Word | Wish = _word(request, typed) if typed["words"].strip() else _wish(typed)
        touch = _touch(request, typed, note=typed["note"], at=request.now)
        claim_steps.take_offer(found.pk, given, touch, by=request.user, now=request.now)
        return Done(says=_("Given. The customer sees it on their page."), stays=_stays())

    return _decide(request, claim_id, claim_acts.take, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def refuse_offer(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Record that the customer does not want the offer."""

    def do(found: Claim, typed: _Typed) -> Done:
        touch = _touch(request, typed, note=typed["note"], at=request.now)
        claim_steps.decline_offer(found.pk, touch, now=request.now)
        return Done(says=_("Recorded. Give something of value next."), stays=_stays())

    return _decide(request, claim_id, claim_acts.refuse, do)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def give_value(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Give something of value."""

    def do(found: Claim, typed: _Typed) -> Done:
        terms = Terms(
            kind=RemedyKind(typed["kind"]),
            source=RemedySource.GOODWILL,
            amount_minor=typed["amount_minor"] or 0,
            currency=typed["currency"],
            because=typed["because"],
            thing=typed["thing"].strip(),
        )
        decision = Decision(
            why=typed["because"], words=typed["tell"], channel=Channel(typed["channel"])
        )
        wish = Wish(terms=terms, key=f"value:{typed['key']}")
        decided = claim_steps.give_value(found.pk, decision, wish, by=request.user, now=request.now)
        return _said(decided, _("Given, and the customer is told."))

    return _decide(request, claim_id, claim_acts.value, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def let_go(request: StaffRequest, claim_id: int) -> HttpResponse:
    """Record that the customer no longer wants it."""

    def do(found: Claim, typed: _Typed) -> Done:
        touch = _touch(request, typed, note=typed["note"], at=request.now)
        claims.let_go(found.pk, touch, now=request.now)
        return Done(says=_("Recorded: they no longer want it."), stays=_stays())

    return _decide(request, claim_id, claim_acts.let_go, do)


def _decide(
    request: StaffRequest,
    claim_id: int,
    build: Callable[..., Act],
    do: Callable[[Claim, _Typed], Done],
) -> HttpResponse:
    found = access.claim(request, claim_id)
    act = build(request, found, request.POST)
    return perform(request, found.case, act, lambda typed: do(found, typed))


def _decision(typed: _Typed) -> Decision:
    return Decision(
        why=typed["why"],
        words=typed["tell"],
        channel=Channel(typed["channel"]),
        cost_minor=typed["cost_minor"],
        currency=typed["currency"] if typed["cost_minor"] else "",
    )


def _word(request: StaffRequest, typed: _Typed) -> Word:
    return Word(
        kind=PromiseKind(typed["kind"]),
        words=typed["words"],
        speaker=Speaker.PERSON,
        speaker_name=request.user.name,
        said_by=request.user.pk,
        channel=Channel(typed["channel"]),
        said_at=request.now,
        due_at=typed["due_at"],
        precision=typed["precision"],
    )


def _wish(typed: _Typed) -> Wish:
    terms = Terms(
        kind=RemedyKind.CREDIT,
        source=RemedySource.GOODWILL,
        amount_minor=typed["amount_minor"],
        currency=typed["currency"],
        because=_("In place of what was promised."),
    )
    return Wish(terms=terms, key=f"claim:{typed['key']}")


def _touch(request: StaffRequest, typed: _Typed, *, note: str, at: datetime) -> Touch:
    return Touch(
        channel=Channel(typed["channel"]),
        direction=Direction.INBOUND,
        at=at,
        note=note,
        staff=request.user,
    )


def _said(decided: Decided, says: str) -> Done:
    if decided.step is None:
        told = _("That is more than you may decide alone: %(name)s has it now, with a clock.")
        return Done(says=told % {"name": decided.passed_to})
    return Done(says=says, stays=_stays())


def _stays() -> str:
    return _("What was decided stays on record.")
