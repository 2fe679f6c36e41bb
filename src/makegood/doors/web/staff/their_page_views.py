"""What the desk does for a customer's page: advice, other times, links, and who the customer is."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import choices, links, public_reports, spoken
from makegood.actions.choices import OtherTime
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import number_of, show, zone_of
from makegood.doors.web.staff.due_words import SaidDueFields, frame_at
from makegood.doors.web.staff.fields import DeskForm, words_field
from makegood.queries.their_page import get_their_page
from makegood.records.models import Case, Promise
from makegood.rules.roles import Right

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class AdviceForm(DeskForm):
    """What to do until it is right."""

    words = words_field(
        gettext_lazy("Until it is right"),
        rows=3,
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "What the customer can do meanwhile, such as: keep the bin inside; we text you by "
            "seven that day. Empty: nothing is said."
        ),
    )
    layout = (("words",),)

    def plain_rows(self) -> list[list[BoundField]]:
        """The fields, without taking the focus from the rest of the page."""
        return [[self[name] for name in names] for names in self.layout]


class OtherTimeForm(SaidDueFields):
    """Another time that the company can do."""

    words = words_field(
        gettext_lazy("In which words we then promise it"),
        help_text=gettext_lazy("For example: the crew collects it on Thursday morning."),
    )
    layout = (("words",), ("due_on", "due_time", "from_on", "from_time"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """A form that came back, and the promise that it is about."""

    form: DeskForm
    promise: int = 0


@allowed(Right.SEE_CASES)
@require_safe
def show_their_page(request: StaffRequest, reference: str) -> HttpResponse:
    """What the customer sent, may choose, and waits for."""
    return _show(request, access.case(request, reference))


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def advise(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what to do until it is right."""
    case = access.case(request, reference)
    form = AdviceForm(request.POST, zone=zone_of(request), name="advice")
    if not form.is_valid():
        return _show(request, case, advice_form=form, status=UNPROCESSABLE)
    words = form.cleaned_data["words"].strip()
    return _do(
        request,
        case,
        lambda: spoken.advise(case.pk, words, by=request.user, now=request.now),
        done=_("The customer's page says so now."),
    )


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def offer_choice(request: StaffRequest, promise_id: int) -> HttpResponse:
    """Let the customer choose another time."""
    promise = access.promise(request, promise_id)
    form = _time_form(request, promise, request.POST)
    if not form.is_valid():
        back = Open(form=form, promise=promise.pk)
        return _show(request, promise.case, back=back, status=UNPROCESSABLE)
    typed = form.cleaned_data
    time = OtherTime(
        words=typed["words"],
        due_at=typed["due_at"],
        earliest_at=typed.get("earliest_at"),
        precision=typed["precision"],
    )
    return _do(
        request,
        promise.case,
        lambda: spoken.offer_choice(promise, time, by=request.user, now=request.now),
        done=_("Offered. What is promised stands until the customer chooses."),
        back=Open(form=form, promise=promise.pk),
    )


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def withdraw_choice(request: StaffRequest, choice_id: int) -> HttpResponse:
    """Offer a time no longer."""
    choice = access.other_time(request, choice_id)
    return _do(
        request,
        choice.promise.case,
        lambda: choices.withdraw_choice(choice.pk, by=request.user, now=request.now),
        done=_("This time is no longer offered."),
    )


@allowed(Right.MANAGE_LINKS)
@require_POST
def link_sent(request: StaffRequest, reference: str) -> HttpResponse:
    """A fresh link went to the address on record."""
    case = access.case(request, reference)
    return _do(
        request,
        case,
        lambda: links.record_link_sent(case.pk, by=request.user, now=request.now),
        done=_("Recorded: a fresh link went to the address on record."),
    )


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def recognise(request: StaffRequest, reference: str) -> HttpResponse:
    """Somebody made sure who the customer is."""
    case = access.case(request, reference)
    return _do(
        request,
        case,
        lambda: public_reports.recognise(case.pk, by=request.user, now=request.now),
        done=_("Recorded: you made sure who this is."),
    )


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def say_publicly(request: StaffRequest, reference: str) -> HttpResponse:
    """Tell others of the district who report the same, or do not."""
    case = access.case(request, reference)
    is_public = request.POST.get("public") == "yes"
    return _do(
        request,
        case,
        lambda: public_reports.say_publicly(
            case.pk, is_public=is_public, by=request.user, now=request.now
        ),
        done=_("Who reports it now is told so.") if is_public else _("Nobody is told of it now."),
    )


def _do(
    request: StaffRequest,
    case: Case,
    act: Callable[[], object],
    *,
    done: str,
    back: Open | None = None,
) -> HttpResponse:
    try:
        act()
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, case, back=back, refusal=why, status=status)
    messages.success(request, done)
    return redirect(reverse("desk:their_page", args=[case.reference]))


def _show(
    request: StaffRequest,
    case: Case,
    *,
    back: Open | None = None,
    advice_form: AdviceForm | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = get_their_page(case.pk, reader=request.user, now=request.now)
    promise = _chosen(request, case, [step.id for step in page.movable])
    if back is None and promise is not None:
        back = Open(form=_time_form(request, promise), promise=promise.pk)
    context = {
        "page": page,
        "back": back,
        "refusal": refusal,
        "advice": advice_form
        or AdviceForm(zone=zone_of(request), name="advice", initial={"words": page.meanwhile}),
    }
    return show(request, "desk/their_page.html", context, status=status)


def _chosen(request: StaffRequest, case: Case, movable: list[int]) -> Promise | None:
    """The promise whose form the address opens, if it is one of this case's."""
    asked = number_of(request, "offer")
    return Promise.objects.get(pk=asked, case=case) if asked in movable else None


def _time_form(
    request: StaffRequest, promise: Promise, data: QueryDict | None = None
) -> OtherTimeForm:
    zone = ZoneInfo(promise.zone)
    return OtherTimeForm(
        data,
        zone=zone_of(request),
        due_zone=zone,
        frame_at=frame_at(request, promise.case),
        name="offer",
    )
