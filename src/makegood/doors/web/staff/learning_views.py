"""Learning at the desk: why it happened, what came again, what is changed, and who is told."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import improvements, lessons, repeats
from makegood.actions.improvements import Change
from makegood.actions.lessons import Finding
from makegood.actions.sending import FormSentTwiceError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff import learning_acts, learning_page
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import number_of, show, zone_of
from makegood.doors.web.staff.learning_forms import (
    AnswerForm,
    CauseForm,
    ChangeForm,
    LearnedForm,
    TellForm,
)
from makegood.doors.web.staff.performing import once, perform
from makegood.doors.web.staff.remedy_forms import first_error
from makegood.doors.web.staff.undoing import Done
from makegood.queries import improvement as changes
from makegood.queries import learning
from makegood.records.models import Improvement, Lesson, Repeat, Staff
from makegood.rules.learning import Again
from makegood.rules.roles import Right

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def name_cause(request: StaffRequest, reference: str) -> HttpResponse:
    """Say why a case happened, and what was not known."""
    case = access.case(request, reference)
    act = learning_acts.why(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        gap = act.form.found_gap() if isinstance(act.form, CauseForm) else None
        owner = Staff.objects.get(pk=typed["owner"])
        finding = Finding(cause=typed["cause"], gap=gap, owner=owner)
        lessons.name(case.pk, finding, by=request.user, now=request.now)
        return Done(
            says=_("Written down. It counts, and what comes again is found by it."),
            stays=_("If it was another cause, say it again: the last one counts."),
        )

    return perform(request, case, act, do)


@allowed(Right.SEE_CASES)
@require_safe
def show_learning(request: StaffRequest) -> HttpResponse:
    """What came again, what waits to be named, what was not known, causes and changes."""
    return _show(request)


@allowed(Right.SEE_WALL)
@require_safe
def export_causes(request: StaffRequest) -> HttpResponseBase:
    """The causes as a file."""
    header = (
        _("Cause"), _("Who sees to it"), _("Cases lately"), _("Cases"), _("Customers' minutes"),
        _("Open gaps"), _("Changes"),
    )  # fmt: skip
    rows = (
        (
            one.name, one.owner, one.lately, one.cases, one.minutes, one.gaps,
            "; ".join(change.title for change in one.changes),
        )
        for one in learning.read_causes(now=request.now, zone=zone_of(request), shown=None)
    )  # fmt: skip
    return csv_response("causes", header=header, rows=rows, now=request.now)


@allowed(Right.SEE_CASES)
@require_POST
def answer(request: StaffRequest, repeat_id: int) -> HttpResponse:
    """Say what is done about something that came again."""
    card = get_object_or_404(Repeat, pk=repeat_id)
    of = Improvement.objects.filter(cause=int(card.key)) if card.kind == Again.CAUSE else None
    known = dict(of.values_list("pk", "title")) if of is not None else {}
    form = AnswerForm(request.POST, zone=zone_of(request), name="answer", changes=known.items())

    def do() -> None:
        number = form.cleaned_data["improvement"]
        change = Improvement.objects.get(pk=number) if number else None
        why = form.cleaned_data["why"]
        repeats.answer(card.pk, why=why, improvement=change, by=request.user, now=request.now)

    return _settle(request, form, do, says=_("Answered. If it comes once more, so does the card."))


@allowed(Right.SEE_CASES)
@require_POST
def close_gap(request: StaffRequest, lesson_id: int) -> HttpResponse:
    """Say what was learned."""
    lesson = get_object_or_404(Lesson, pk=lesson_id)
    form = LearnedForm(request.POST, zone=zone_of(request), name="learned")

    def do() -> None:
        learned = form.cleaned_data["words"]
        lessons.close_gap(lesson.pk, learned=learned, by=request.user, now=request.now)

    return _settle(request, form, do, says=_("Written down. The gap is closed."))


@allowed(Right.IMPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest) -> HttpResponse:
    """Begin a change."""
    form = learning_acts.change_form(
        request,
        request.POST if request.method == "POST" else None,
        cause=number_of(request, "cause"),
    )
    if request.method != "POST":
        return _show_form(request, form)
    if not form.is_valid():
        return _show_form(request, form, status=UNPROCESSABLE)
    try:
        made = once(request, lambda: _begin(request, form))
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
        return redirect("desk:learning")
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_form(request, form, refusal=why, status=status)
    messages.success(request, _("Begun. Say here when it ships: from then on it is watched."))
    return redirect("desk:improvement", made.pk)


@allowed(Right.SEE_CASES)
@require_safe
def show_improvement(request: StaffRequest, improvement_id: int) -> HttpResponse:
    """One change with its chart, before and after."""
    return _show_one(request, improvement_id)


@allowed(Right.SEE_CASES)
@require_safe
def export_improvement(request: StaffRequest, improvement_id: int) -> HttpResponseBase:
    """The chart of a change as a file."""
    table = learning_page.drawn(_page(request, improvement_id)).table
    return csv_response(table.name, header=table.heads, rows=table.rows, now=request.now)


@allowed(Right.SEE_CASES)
@require_POST
def ship(request: StaffRequest, improvement_id: int) -> HttpResponse:
    """The change is in force from now on."""

    def do() -> None:
        improvements.ship(improvement_id, by=request.user, now=request.now)

    return _act(request, improvement_id, do, says=_("It is in force, and watched from now on."))


@allowed(Right.SEE_CASES)
@require_POST
def drop(request: StaffRequest, improvement_id: int) -> HttpResponse:
    """The change does not come."""
    form = LearnedForm(request.POST, zone=zone_of(request), name="drop")
    if not form.is_valid():
        return _show_one(request, improvement_id, refusal=first_error(form), status=UNPROCESSABLE)

    def do() -> None:
        why = form.cleaned_data["words"]
        improvements.drop(improvement_id, why=why, by=request.user, now=request.now)

    return _act(request, improvement_id, do, says=_("Dropped. It stays here with its reason."))


@allowed(Right.IMPROVE)
@require_POST
def tell(request: StaffRequest, improvement_id: int) -> HttpResponse:
    """Tell the customers it came from what was changed."""
    form = TellForm(request.POST, zone=zone_of(request), name="tell")
    if not form.is_valid():
        return _show_one(request, improvement_id, tell=form, status=UNPROCESSABLE)

    def do() -> None:
        words = form.cleaned_data["words"]
        improvements.tell(improvement_id, words, by=request.user, now=request.now)

    says = _("They are told, one after the other, each if it is true in their case.")
    return _act(request, improvement_id, do, says=says, tell=form)


def _begin(request: StaffRequest, form: ChangeForm) -> Improvement:
    typed = form.cleaned_data
    change = Change(
        cause=typed["cause"],
        title=typed["title"],
        what=typed["what"],
        owner=Staff.objects.get(pk=typed["owner"]),
        due_on=typed["due_on"],
    )
    return improvements.begin(change, by=request.user, now=request.now)


def _settle(
    request: StaffRequest, form: AnswerForm | LearnedForm, do: Callable[[], None], *, says: str
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, refusal=first_error(form), status=UNPROCESSABLE)
    try:
        do()
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, refusal=why, status=status)
    messages.success(request, says)
    return redirect("desk:learning")


def _act(
    request: StaffRequest,
    improvement_id: int,
    do: Callable[[], None],
    *,
    says: str,
    tell: TellForm | None = None,
) -> HttpResponse:
    get_object_or_404(Improvement, pk=improvement_id)
    try:
        do()
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_one(request, improvement_id, refusal=why, status=status, tell=tell)
    messages.success(request, says)
    return redirect("desk:improvement", improvement_id)


def _show(request: StaffRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    page = learning.get_learning(reader=request.user, now=request.now)
    context = {"page": page, "refusal": refusal}
    return show(request, "desk/learning.html", context, status=status)


def _page(request: StaffRequest, improvement_id: int) -> changes.ImprovementPage:
    try:
        return changes.get_improvement(improvement_id, reader=request.user, now=request.now)
    except Improvement.DoesNotExist as missing:
        raise Http404 from missing


def _show_one(
    request: StaffRequest,
    improvement_id: int,
    *,
    refusal: str = "",
    status: int = 200,
    tell: TellForm | None = None,
) -> HttpResponse:
    page = _page(request, improvement_id)
    context = {
        "page": page,
        "chart": learning_page.drawn(page),
        "tell": tell or TellForm(zone=zone_of(request), name="tell"),
        "refusal": refusal,
    }
    return show(request, "desk/improvement.html", context, status=status)


def _show_form(
    request: StaffRequest, form: ChangeForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "sent_key": uuid4()}
    return show(request, "desk/improvement_new.html", context, status=status)
