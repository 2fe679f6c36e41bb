"""One case on one screen, and what the desk does to a case."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import case_answers, cases, contacts, explaining, links
from makegood.actions.cases import CaseClosedError, StillPromisedError
from makegood.actions.contacts import Touch
from makegood.actions.explaining import Explanation
from makegood.actions.sending import FormSentTwiceError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff import acts, asking_acts, undoing
from makegood.doors.web.staff.performing import once, perform, show_case
from makegood.doors.web.staff.undoing import Done
from makegood.queries import answers
from makegood.records.models import Case, Contact, Direction, Staff
from makegood.rules.explanations import Why
from makegood.rules.promises import Channel
from makegood.rules.roles import Right


@allowed(Right.SEE_CASES)
@require_safe
def show_one(request: StaffRequest, reference: str) -> HttpResponse:
    """One case; `?act=` opens one form on it."""
    case = access.case(request, reference)
    return show_case(request, case, act=acts.from_address(request, case))


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def hand_over(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask somebody to take the case over."""
    case = access.case(request, reference)
    access.check_on_case(request, case, others=Right.HAND_OVER_OTHERS)
    act = acts.hand_over(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        to = Staff.objects.get(pk=typed["to"])
        offer = cases.offer_handover(
            case_id=case.pk, to=to, why=typed["why"], by=request.user, now=request.now
        )
        says = _("%(name)s was asked. Until they accept, the owner stays the owner.")
        return Done(says=says % {"name": to.name}, undo=("handover", str(offer.pk)))

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def answer_handover(request: StaffRequest, handover_id: int) -> HttpResponse:
    """Accept or decline a hand-over."""
    offer = access.handover(request, handover_id)
    accepts = request.POST.get("answer") == "accept"
    try:
        cases.answer_handover(
            handover_id=offer.pk, accepts=accepts, by=request.user, now=request.now
        )
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_case(request, offer.case, refusal=why, status=status)
    undoing.remember(request, offer.case, _answered(accepts=accepts))
    if request.POST.get("back") == acts.BOARD:
        return redirect("desk:my_word")
    return redirect("desk:case", offer.case.reference)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def record_contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Record a touch with the customer, and what it cost them."""
    case = access.case(request, reference)
    act = acts.contact(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        touch = Touch(
            channel=Channel(typed["channel"]),
            direction=Direction(typed["direction"]),
            at=act.form.moment("at", now=request.now),
            note=typed["note"],
            staff=request.user,
            hold_minutes=typed["hold_minutes"] or 0,
            talk_minutes=typed["talk_minutes"] or 0,
            other_minutes=typed["other_minutes"] or 0,
            estimated=typed["estimated"],
            told_again=typed["told_again"],
            money_minor=typed["money_minor"],
            currency=typed["currency"],
        )
        contact = contacts.record_contact(case.pk, touch, now=request.now)
        return Done(says=_("The contact is recorded."), undo=("contact", str(contact.pk)))

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def apologise(request: StaffRequest, message_id: int) -> HttpResponse:
    """Record that an apology was said, in which words."""
    message = access.message(request, message_id)
    act = acts.apologise(request, message, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        contacts.record_said(
            message_id=message.pk,
            words=typed["words"],
            channel=Channel(typed["channel"]),
            at=act.form.moment("at", now=request.now),
            by=request.user,
            now=request.now,
        )
        return _said()

    return perform(request, message.case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def sorry(request: StaffRequest, reference: str) -> HttpResponse:
    """Record an apology: before any was owed, or one that was owed since the form was opened."""
    case = access.case(request, reference)
    act = acts.sorry(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        case_answers.apologise(
            case.pk,
            words=typed["words"],
            channel=Channel(typed["channel"]),
            at=act.form.moment("at", now=request.now),
            by=request.user,
            now=request.now,
        )
        return _said()

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def explain(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what the customer was told of why it happened."""
    case = access.case(request, reference)
    act = asking_acts.explain(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        said = Explanation(
            why=Why(typed["why"]), channel=Channel(typed["channel"]), words=typed["words"]
        )
        explaining.explain(case.pk, said, by=request.user, now=request.now)
        return _said()

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def close(request: StaffRequest, reference: str) -> HttpResponse:
    """Close the case by the contact in which the customer said that it is right."""
    case = access.case(request, reference)
    access.check_on_case(request, case, others=Right.CLOSE_OTHERS)
    act = acts.close(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        # Looked up first, so that a refusal leaves no second contact behind.
        if case.closed_at is not None:
            raise CaseClosedError(_("This case is closed already."))
        if answers.is_anything_promised_besides_news(case.pk):
            raise StillPromisedError(
                _(
                    "Something is still promised to the customer: keep it, "
                    "or let the customer release it."
                )
            )
        if typed["contact"]:
            answer = Contact.objects.get(pk=typed["contact"], case=case)
        else:
            touch = Touch(
                channel=Channel(typed["channel"]),
                direction=Direction.INBOUND,
                at=act.form.moment("at", now=request.now),
                note=typed["note"],
                staff=request.user,
            )
            answer = contacts.record_contact(case.pk, touch, now=request.now, is_answer=True)
        cases.close_case(case_id=case.pk, answer=answer, now=request.now)
        says = _("Closed by the customer's own answer.")
        return Done(says=says, undo=("closing", str(case.pk)))

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def reopen(request: StaffRequest, reference: str) -> HttpResponse:
    """Open the case again by the contact in which the customer said that it is not right."""
    case = access.case(request, reference)
    act = acts.reopen(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        touch = Touch(
            channel=Channel(typed["channel"]),
            direction=Direction.INBOUND,
            at=act.form.moment("at", now=request.now),
            note=typed["note"],
            staff=request.user,
        )
        case_answers.is_not_right(case.pk, touch, now=request.now)
        return Done(
            says=_("Open again, with the same owner and a new promise."),
            stays=_("It closes again by the customer's answer that it is right."),
        )

    return perform(request, case, act, do)


@allowed(Right.MANAGE_LINKS)
@require_POST
def make_link(request: StaffRequest, reference: str) -> HttpResponse:
    """Make a link to the customer's page, perhaps in place of all others; shown this one time."""
    case = access.case(request, reference)
    try:
        token = once(request, lambda: _link(request, case))
    except FormSentTwiceError:  # the page with the link was reloaded
        said = _("This link was made already, and is shown one time only. If it is lost, renew it.")
        messages.info(request, said)
        return redirect("desk:case", case.reference)
    path = reverse("customer:page", args=[token])
    response = show_case(request, case, fresh_link=f"{settings.BASE_URL.rstrip('/')}{path}")
    response.headers["Cache-Control"] = "private, no-store"  # the secret is shown once
    return response


@allowed(Right.MANAGE_LINKS)
@require_POST
def revoke_links(request: StaffRequest, reference: str) -> HttpResponse:
    """Take back every link to the customer's page."""
    case = access.case(request, reference)
    count = links.revoke_links(case.pk, by=request.user, now=request.now)
    says = ngettext("%(count)d link was taken back.", "%(count)d links were taken back.", count)
    undo = ("links", request.now.isoformat()) if count else None
    undoing.remember(request, case, Done(says=says % {"count": count}, undo=undo))
    return redirect("desk:case", case.reference)


def _link(request: StaffRequest, case: Case) -> str:
    if "renew" in request.POST:
        return links.renew_link(case.pk, by=request.user, now=request.now)
    return links.mint_link(case.pk, now=request.now)


def _said() -> Done:
    return Done(
        says=_("Recorded. The customer sees these words on their page."),
        stays=_("What was said to a customer cannot be unsaid."),
    )


def _answered(*, accepts: bool) -> Done:
    if accepts:
        return Done(
            says=_("You own this case now."),
            stays=_("If that was a mistake, ask somebody to take it over from you."),
        )
    return Done(
        says=_("Declined; the owner keeps the case."),
        stays=_("If you can take it after all, let the owner ask you again."),
    )
