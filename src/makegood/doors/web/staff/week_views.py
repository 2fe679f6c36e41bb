"""The week of the crews: who comes where, who cannot, and when parts come."""

from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import crews, eta_file
from makegood.actions.crews import AbsenceOverError, Off
from makegood.actions.eta_file import EtaFileError
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import show, text_of, zone_of
from makegood.doors.web.staff.fields import FIRST_DAY, LAST_DAY
from makegood.doors.web.staff.visit_forms import AwayForm, EtaFileForm
from makegood.language import sentences
from makegood.queries import visit_week
from makegood.rules.calendars import instant
from makegood.rules.promises import WindowError, end_of_day
from makegood.rules.roles import Right

LONGEST = 2_000_000


@allowed(Right.SEE_CASES)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """The week of the crews."""
    return _show(request)


def week_of(request: StaffRequest, *, shown: int | None = visit_week.ROWS_MAX) -> visit_week.Week:
    """The week that the address asks for; else that from today on."""
    day = _day(text_of(request, "week")) or _today(request)
    return visit_week.get_week(request.user, day=day, now=request.now, shown=shown)


@allowed(Right.PLAN_VISITS)
@require_POST
def away(request: StaffRequest, crew_id: int) -> HttpResponse:
    """A crew cannot come: its visits move at once."""
    crew = visit_week.crew_named(crew_id)
    if crew is None:
        raise Http404
    zone = zone_of(request)
    form = AwayForm(request.POST, zone=zone, name=f"away{crew_id}")
    if not form.is_valid():
        why = next(str(error) for errors in form.errors.values() for error in errors)
        return _show(request, refusal=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        crews.record_absence(
            crew_id,
            starts_at=max(instant(form.cleaned_data["first"], 0, zone=zone), request.now),
            ends_at=end_of_day(form.cleaned_data["last"], zone),
            by=request.user,
            now=request.now,
        )
    except WindowError:
        why = _("That time is over already.")
        return _show(request, refusal=why, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _say(request, crew.name, crews.move_off(crew_id, now=request.now))
    return redirect("desk:visits")


@allowed(Right.PLAN_VISITS)
@require_POST
def withdraw(request: StaffRequest, absence_id: int) -> HttpResponse:
    """A crew can come after all; what has moved stays where it is."""
    crew = visit_week.crew_away(absence_id)
    if crew is None:
        raise Http404
    try:
        crews.withdraw_absence(absence_id, by=request.user, now=request.now)
    except AbsenceOverError as refused:
        status, why = refusals.explain(refused)
        return _show(request, refusal=why, status=status)
    said = _("%(crew)s can be given visits then again. Nothing has moved back.")
    messages.success(request, said % {"crew": crew.name})
    return redirect("desk:visits")


@allowed(Right.PLAN_VISITS)
@require_http_methods(["GET", "HEAD", "POST"])
def arrivals(request: StaffRequest) -> HttpResponse:
    """A supplier's file of arrivals: what it changed, and which rows could not be taken."""
    if request.method != "POST":
        return show(request, "desk/arrivals.html", {"form": EtaFileForm()})
    form = EtaFileForm(request.POST, request.FILES)
    form.is_valid()
    try:
        text = _text(form)
        taken = eta_file.take_file(text, zone=zone_of(request), by=request.user, now=request.now)
    except EtaFileError as wrong:
        context = {"form": form, "refusal": sentences.said(str(wrong))}
        return show(request, "desk/arrivals.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return show(request, "desk/arrivals.html", {"form": EtaFileForm(), "taken": taken})


def _say(request: StaffRequest, crew: str, off: Off) -> None:
    said = ngettext(
        "%(crew)s is away then; %(count)d visit has moved.",
        "%(crew)s is away then; %(count)d visits have moved.",
        off.moved,
    )
    messages.success(request, said % {"crew": crew, "count": off.moved})
    if off.failed:
        left = ngettext(
            "%(count)d visit could not be moved yet; the clock tries it again soon.",
            "%(count)d visits could not be moved yet; the clock tries them again soon.",
            off.failed,
        )
        messages.info(request, left % {"count": off.failed})


def _text(form: EtaFileForm) -> str:
    file = form.cleaned_data.get("file")
    if file is None:
        return str(form.cleaned_data.get("text", ""))
    if file.size > LONGEST:
        raise EtaFileError("A file has at most two megabytes; send the rest as another one.")
    return bytes(file.read()).decode("utf-8", "replace")


def _show(request: StaffRequest, *, refusal: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    today = _today(request)
    context = {
        "page": week_of(request),
        "away": AwayForm(
            zone=zone_of(request), name="away", initial={"first": today, "last": today}
        ),
        "refusal": refusal,
    }
    return show(request, "desk/visits.html", context, status=status)


def _today(request: StaffRequest) -> date:
    return request.now.astimezone(zone_of(request)).date()


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if FIRST_DAY < day < LAST_DAY else None
