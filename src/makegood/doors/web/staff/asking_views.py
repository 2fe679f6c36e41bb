"""Asking whether it is right, answering what customers want, and ends: each view makes one call."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import corrections, partings, reviews, silence, spoken, wants
from makegood.actions.contacts import Touch
from makegood.actions.partings import Farewell
from makegood.actions.reviews import Decision
from makegood.actions.wants import HonestNo
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff import asking_acts, saying
from makegood.doors.web.staff.performing import perform, show_case
from makegood.doors.web.staff.promise_views import word_of
from makegood.doors.web.staff.undoing import Done
from makegood.language import askings as language
from makegood.records.models import Case, Direction
from makegood.rules.promises import Channel
from makegood.rules.remedies import RemedyKind, Source, Terms
from makegood.rules.reviews import ReviewVerdict
from makegood.rules.roles import Right


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def ask(request: StaffRequest, reference: str) -> HttpResponse:
    """Owe the customer the question now."""
    case = access.case(request, reference)
    try:
        silence.ask(case.pk, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, case, refused)
    messages.success(request, _("Ask the customer, in the words below, and say how."))
    return redirect("desk:case", case.reference)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def asked(request: StaffRequest, message_id: int) -> HttpResponse:
    """Record that the customer was asked, and how."""
    message = access.question(request, message_id)
    words = language.question(
        title=message.case.title,
        number=message.asking.number,
        language=message.case.customer.language,
    )
    done = _("Recorded: the customer was asked. What follows is promised.")
    return saying.record(request, message, words, done=done)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def want(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what the customer wants, in their words."""
    case = access.case(request, reference)
    act = asking_acts.want(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        touch = Touch(
            channel=Channel(typed["channel"]),
            direction=Direction.INBOUND,
            at=act.form.moment("at", now=request.now),
            note=typed["want"],
            staff=request.user,
        )
        wants.take(case.pk, typed["want"], touch=touch, now=request.now)
        return Done(
            says=_("Recorded, and an answer is promised."),
            stays=_("Answer it by a promise, or by an honest no with an alternative."),
        )

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def promise_want(request: StaffRequest, want_id: int) -> HttpResponse:
    """Promise what the customer wants."""
    wanted = access.want(request, want_id)
    act = asking_acts.promise_want(request, wanted, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        word = word_of(request, act.form, typed)
        spoken.promise_wanted(wanted.pk, word, by=request.user, now=request.now)
        return Done(
            says=_("Promised. The customer sees it on their page."),
            stays=_(
                "A word that was given stands. If it was wrong, tell the customer and replace it."
            ),
        )

    return perform(request, wanted.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def decline_want(request: StaffRequest, want_id: int) -> HttpResponse:
    """Say an honest no, with what is offered instead."""
    wanted = access.want(request, want_id)
    act = asking_acts.decline_want(request, wanted, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        no = HonestNo(
            words=typed["honest_no"],
            instead=typed["instead"],
            channel=Channel(typed["channel"]),
            sum=_sum(typed),
            why=typed["why"],
        )
        wants.decline(wanted.pk, no, by=request.user, now=request.now)
        return Done(
            says=_("Said. The customer reads it on their page, with what you offer instead."),
            stays=_("What was said to a customer cannot be unsaid; promise it if you change it."),
        )

    return perform(request, wanted.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def take_up(request: StaffRequest, reference: str) -> HttpResponse:
    """Tell the next person up the ladder that the customer is not satisfied."""
    case = access.case(request, reference)
    try:
        told = partings.take_up(case.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, case, refused)
    messages.success(request, _("%(name)s was told.") % {"name": told.staff.name})
    return redirect("desk:case", case.reference)


@allowed(Right.END_WITHOUT_YES)
@require_POST
def part(request: StaffRequest, reference: str) -> HttpResponse:
    """End a case whose customer could not be satisfied."""
    case = access.case(request, reference)
    act = asking_acts.part(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        farewell = Farewell(
            tried=typed["tried"],
            route=typed["route"],
            words=typed["words"],
            channel=Channel(typed["channel"]),
        )
        partings.part(case.pk, farewell, by=request.user, now=request.now)
        return Done(
            says=_("Ended. It counts as not satisfied, and their page says where to turn."),
            undo=("closing", str(case.pk)),
        )

    return perform(request, case, act, do)


@allowed(Right.END_WITHOUT_YES)
@require_POST
def review(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what somebody outside decided on a case that ended without a yes."""
    case = access.case(request, reference)
    act = asking_acts.review(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        decision = Decision(
            reviewer=typed["reviewer"],
            decided_on=typed["decided_on"],
            verdict=ReviewVerdict(typed["verdict"]),
            words=typed["words"],
        )
        reviews.record(case.pk, decision, by=request.user, now=request.now)
        return Done(
            says=_("Recorded. It counts beside the cases that ended without a yes."),
            stays=_("What they decided stays on record; a later decision counts instead of it."),
        )

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def mistake(request: StaffRequest, reference: str) -> HttpResponse:
    """Open a case again that was closed by mistake."""
    case = access.case(request, reference)
    access.check_on_case(request, case, others=Right.CLOSE_OTHERS)
    act = asking_acts.mistake(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        corrections.take_back_closing(
            case_id=case.pk, why=typed["why"], by=request.user, now=request.now
        )
        return Done(
            says=_("Open again, with the same owner and a new promise."),
            stays=_("It closes again by the customer's answer that it is right."),
        )

    return perform(request, case, act, do)


def _sum(typed: dict[str, Any]) -> Terms | None:
    if not typed["amount_minor"]:
        return None
    return Terms(
        kind=RemedyKind.CREDIT,
        source=Source.GOODWILL,
        amount_minor=typed["amount_minor"],
        currency=typed["currency"],
        because=typed["why"],
    )


def _refused(request: StaffRequest, case: Case, refused: Exception) -> HttpResponse:
    status, why = refusals.explain(refused)
    return show_case(request, case, refusal=why, status=status)
