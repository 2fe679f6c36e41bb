"""Making good at the desk: give in one act, ask, decide, tell, and say that it has arrived."""

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.actions import approvals, fees, payments, remedies
from makegood.actions.approvals import Answer
from makegood.actions.fees import Charge
from makegood.actions.payments import Arrival
from makegood.actions.remedies import Wish
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff import saying
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.performing import show_case
from makegood.doors.web.staff.remedy_forms import (
    ArrivedForm,
    DecisionForm,
    FeeForm,
    OfferForm,
    RemedyForm,
    WithholdForm,
    first_error,
)
from makegood.language import remedies as said
from makegood.queries import remedies as queries
from makegood.queries import remedy_cards
from makegood.queries.case_effort import read_effort
from makegood.queries.remedies import Offer
from makegood.records.models import ApprovalRequest, Case, Payment, Remedy
from makegood.rules.promises import end_of_day
from makegood.rules.remedies import RemedyKind, Source, Terms
from makegood.rules.roles import Right

CONFLICT = HTTPStatus.CONFLICT
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@allowed(Right.GRANT_REMEDIES)
@require_POST
def give_offer(request: StaffRequest, reference: str) -> HttpResponse:
    """Give what the case offers, in one act; beyond one's authority, ask who may."""
    case = access.case(request, reference)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refusal=first_error(form), status=UNPROCESSABLE)
    key = _key(request, form.cleaned_data["key"])
    if queries.is_sent(key):
        return redirect("desk:case", case.reference)
    offer = _offer(request, case, form.cleaned_data["offer"])
    if offer is None or offer.terms.amount_minor != form.cleaned_data["amount"]:
        why = _("What is owed has changed meanwhile, so nothing was given. Look again.")
        return show_case(request, case, refusal=why, status=CONFLICT)
    wish = Wish(
        terms=offer.terms,
        key=key,
        trace=tuple(f"{line.amount}: {line.why} ({line.source})" for line in offer.reasons),
        pay_by=offer.pay_by,
        late_minor=offer.late_minor,
        fee=offer.fee,
    )
    return _give(request, case, wish)


@allowed(Right.GRANT_REMEDIES)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: StaffRequest, reference: str) -> HttpResponse:
    """Give something of one's own choosing."""
    case = access.case(request, reference)
    currency = queries.currency_of(request.user, now=request.now)
    data = request.POST if request.method == "POST" else None
    form = RemedyForm(data, zone=zone_of(request), name="remedy", currency=currency)
    if data is None or not form.is_valid():
        return _show_form(
            request, case, form, status=HTTPStatus.OK if data is None else UNPROCESSABLE
        )
    try:
        wish = _wish(request, form.cleaned_data)
        done = approvals.give_or_ask(case.pk, wish, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_form(request, case, form, refusal=why, status=status)
    _say(request, done)
    return redirect("desk:case", case.reference)


@allowed(Right.GRANT_REMEDIES)
@require_http_methods(["GET", "HEAD", "POST"])
def take_off_fee(request: StaffRequest, reference: str) -> HttpResponse:
    """Record a fee that our failure caused and take it off, in one act."""
    case = access.case(request, reference)
    currency = queries.currency_of(request.user, now=request.now)
    zone = zone_of(request)
    today = request.now.astimezone(zone).date()
    data = request.POST if request.method == "POST" else None
    form = FeeForm(data, zone=zone, name="fee", currency=currency, today=today)
    if data is None:
        return _show_fee(request, case, form, status=HTTPStatus.OK)
    if not form.is_valid():
        return _show_fee(request, case, form, status=UNPROCESSABLE)
    typed = form.cleaned_data
    key = _key(request, typed["key"])
    charge = Charge(
        what=typed["what"],
        amount_minor=typed["amount_minor"],
        currency=typed["currency"],
        charged_at=min(end_of_day(typed["charged_on"], zone), request.now),
        source="desk",
        external_id=key,
    )
    because = said.because_of_a_fee(charge.what)
    try:
        done = fees.take_off(
            case.pk, charge, because=because, key=key, by=request.user, now=request.now
        )
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_fee(request, case, form, refusal=why, status=status)
    _say(request, done)
    return redirect("desk:case", case.reference)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def withhold(request: StaffRequest, reference: str) -> HttpResponse:
    """Record that one could give what the case offers, and does not."""
    case = access.case(request, reference)
    form = WithholdForm(request.POST, zone=zone_of(request), name="withhold")
    if not form.is_valid():
        return show_case(request, case, refusal=first_error(form), status=UNPROCESSABLE)
    typed = form.cleaned_data
    offer = _offer(request, case, typed["offer"])
    if offer is None:
        raise Http404
    try:
        remedies.withhold(
            case.pk,
            offer.terms,
            why=typed["why"],
            asked=typed["asked"],
            by=request.user,
            now=request.now,
        )
    except refusals.TYPES as refused:
        return _refused(request, case, refused)
    messages.success(request, _("Recorded. It can still be given, and counts as given late."))
    return redirect("desk:case", case.reference)


@allowed(Right.APPROVE_REMEDIES)
@require_POST
def decide(request: StaffRequest, request_id: int) -> HttpResponse:
    """Approve a request, which gives it; or decline it, with a reason and an alternative."""
    asked = access.approval_request(request, request_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return show_case(request, asked.case, refusal=first_error(form), status=UNPROCESSABLE)
    typed = form.cleaned_data
    approve = typed["answer"] == "yes"
    answer = Answer(approve=approve, why=typed["why"], instead=typed["instead"])
    try:
        approvals.decide(asked.pk, answer, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, asked.case, refused)
    done = _("Approved and given.") if approve else _("Declined. The owner offers the other thing.")
    messages.success(request, done)
    if request.POST.get("back") == "word":
        return redirect("desk:my_word")
    return redirect("desk:case", asked.case.reference)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def say(request: StaffRequest, message_id: int) -> HttpResponse:
    """Record that the customer was told what was made good, in the words of its promise."""
    message = access.message(request, message_id)
    if message.promise is None:
        why = _("This is no message of a remedy.")
        return show_case(request, message.case, refusal=why, status=UNPROCESSABLE)
    done = _("Recorded: the customer was told.")
    return saying.record(request, message, message.promise.words, done=done)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def arrived(request: StaffRequest, remedy_id: int) -> HttpResponse:
    """Record that a remedy has reached the customer, as somebody knows."""
    remedy = access.remedy(request, remedy_id)
    form = ArrivedForm(request.POST, zone=zone_of(request), name="arrived")
    if not form.is_valid():
        return show_case(request, remedy.case, refusal=first_error(form), status=UNPROCESSABLE)
    key = Payment.objects.filter(remedy=remedy).latest("number").key
    news = Arrival(key=key, at=request.now, evidence=form.cleaned_data["evidence"])
    try:
        payments.record_arrival(news, now=request.now, by=request.user)
    except refusals.TYPES as refused:
        return _refused(request, remedy.case, refused)
    messages.success(request, _("It has arrived, and its promise is settled."))
    return redirect("desk:case", remedy.case.reference)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def pay_again(request: StaffRequest, remedy_id: int) -> HttpResponse:
    """Try a payment again that failed."""
    remedy = access.remedy(request, remedy_id)
    try:
        payments.pay_again(remedy.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, remedy.case, refused)
    messages.success(request, _("It is tried again."))
    return redirect("desk:case", remedy.case.reference)


@allowed(Right.GRANT_REMEDIES)
@require_POST
def release(request: StaffRequest, remedy_id: int) -> HttpResponse:
    """Record that the customer does not wish to have it."""
    remedy = access.remedy(request, remedy_id)
    form = ArrivedForm(request.POST, zone=zone_of(request), name="release")
    if not form.is_valid():
        return show_case(request, remedy.case, refusal=first_error(form), status=UNPROCESSABLE)
    evidence = form.cleaned_data["evidence"]
    try:
        payments.release(remedy.pk, evidence=evidence, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, remedy.case, refused)
    messages.success(request, _("Taken back at the customer's wish."))
    return redirect("desk:case", remedy.case.reference)


def _wish(request: StaffRequest, typed: dict[str, Any]) -> Wish:
    terms = Terms(
        kind=RemedyKind(typed["kind"]),
        source=Source.GOODWILL,
        amount_minor=typed["amount_minor"] or 0,
        currency=typed["currency"],
        because=typed["because"],
        thing=typed["thing"].strip(),
    )
    return Wish(terms=terms, key=_key(request, typed["key"]))


def _give(request: StaffRequest, case: Case, wish: Wish) -> HttpResponse:
    try:
        done = approvals.give_or_ask(case.pk, wish, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refused(request, case, refused)
    _say(request, done)
    return redirect("desk:case", case.reference)


def _say(request: StaffRequest, done: Remedy | ApprovalRequest) -> None:
    if isinstance(done, Remedy):
        messages.success(request, _("Given. Say: “%(words)s”") % {"words": done.promise.words})
        return
    messages.success(
        request,
        _("%(name)s was asked, and has until %(when)s. Nothing of this goes to the customer.")
        % {
            "name": done.approver.name,
            "when": remedy_cards.clock_of(done, reader=request.user, now=request.now),
        },
    )


def _offer(request: StaffRequest, case: Case, offer: str) -> Offer | None:
    effort = read_effort(case.pk)
    return queries.find_offer(case.pk, offer, reader=request.user, effort=effort, now=request.now)


def _key(request: StaffRequest, given: uuid.UUID) -> str:
    """The form's key, good for this person alone."""
    return f"desk-{request.user.pk}-{given}"


def _show_form(
    request: StaffRequest, case: Case, form: forms.Form, *, refusal: str = "", status: int
) -> HttpResponse:
    context = {"case": queries.case_line(case), "form": form, "refusal": refusal}
    return show(request, "desk/remedy_new.html", context, status=status)


def _show_fee(
    request: StaffRequest, case: Case, form: forms.Form, *, refusal: str = "", status: int
) -> HttpResponse:
    context = {"case": queries.case_line(case), "form": form, "refusal": refusal}
    return show(request, "desk/fee_new.html", context, status=status)


def _refused(request: StaffRequest, case: Case, refused: Exception) -> HttpResponse:
    status, why = refusals.explain(refused)
    return show_case(request, case, refusal=why, status=status)
