"""Calendars: hours and holidays, renewing them, and computing a due time step by step."""

from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.calendars import CALENDARS
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.calendar_form import YEARS_AHEAD, YEARS_BACK, CalendarForm
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.ladder_form import CountForm
from makegood.doors.web.staff.settings.listing import show_list
from makegood.language import sentences
from makegood.queries.holidays import HolidaysError, holidays_of
from makegood.queries.settings import choices, lists
from makegood.queries.settings.counted import count
from makegood.records import settings_facts
from makegood.records.models import Thing
from makegood.records.settings_facts import Facts
from makegood.rules.amounts import AmountError
from makegood.rules.calendars import CalendarError
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]
_OFFICE = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "09:00-17:00")


@allowed(Right.SEE_SETTINGS)
@require_safe
def calendars(request: StaffRequest) -> HttpResponse:
    """Every calendar."""
    return show_list(request, "calendars", lists.calendars(now=request.now))


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def calendar_new(request: StaffRequest) -> HttpResponse:
    """Add a calendar."""
    page = Page(
        keeper=CALENDARS,
        form=partial(CalendarForm, now=request.now),
        initial_of=CalendarForm.initial_of,
        title=_("New calendar"),
        says=_says(),
        back=reverse("desk:calendars"),
        said=_("The calendar was added."),
        section="calendars",
        template="desk/settings/calendar.html",
        start={"lives_in": request.user.zone, **_OFFICE},
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_http_methods(_METHODS)
def calendar(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """Change a calendar."""
    facts = _facts(calendar_id)
    page = Page(
        keeper=CALENDARS,
        form=partial(CalendarForm, now=request.now),
        initial_of=CalendarForm.initial_of,
        title=facts["name"],
        says=_says(),
        back=reverse("desk:calendars"),
        said=_(
            "Saved. Dates already promised stay as they are; visits that crews cannot keep are "
            "moved."
        ),
        section="calendars",
        template="desk/settings/calendar.html",
        key=str(calendar_id),
        facts=facts,
        extra=lambda: _about(request, calendar_id, facts),
    )
    return edit(request, page)


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def calendar_renew(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """Take the public holidays of the same place anew, for the coming years."""
    facts = _facts(calendar_id)
    if not facts["holiday_code"]:
        raise Http404
    years = range(request.now.year - YEARS_BACK, request.now.year + YEARS_AHEAD + 1)
    try:
        found = holidays_of(facts["holiday_code"], years=years)
    except HolidaysError as refused:
        messages.error(request, sentences.said(str(refused)))
        return redirect("desk:calendar", calendar_id)
    wanted = {
        "holidays": {
            day.isoformat(): name
            for day, name in sorted(found.items())
            if day.isoformat() not in facts["extra"]
        },
        "known_until": date(years[-1], 12, 31).isoformat(),
    }
    changes.keep(CALENDARS, str(calendar_id), wanted, editor=editor_of(request))
    messages.success(
        request,
        _(
            "Renewed. Dates already promised stay as they are; visits that crews cannot keep are "
            "moved."
        ),
    )
    return redirect("desk:calendar", calendar_id)


@allowed(Right.SEE_SETTINGS)
@require_safe
def compute(request: StaffRequest, calendar_id: int) -> HttpResponse:
    """A due time on a calendar, with each step."""
    facts = _facts(calendar_id)
    asked = request.GET if "amount" in request.GET else None
    form = CountForm(
        asked, zone=zone_of(request), name="count", initial={"amount": "3 working days"}
    )
    context: dict[str, Any] = {
        "form": form,
        "calendar_id": calendar_id,
        "calendar_name": facts["name"],
        "calendars": choices.calendars(),
        "section": "calendars",
        "counted": None,
    }
    status = HTTPStatus.OK
    if asked is not None:
        context["counted"] = _counted(request, form, calendar_id)
        status = HTTPStatus.OK if context["counted"] else HTTPStatus.UNPROCESSABLE_ENTITY
    return show(request, "desk/settings/compute.html", context, status=status)


def _counted(request: StaffRequest, form: CountForm, calendar_id: int) -> object:
    if not form.is_valid():
        return None
    start = form.cleaned_data["start"] or request.now.replace(second=0, microsecond=0)
    try:
        return count(calendar_id, amount=form.cleaned_data["amount"], start=start)
    except AmountError as wrong:
        form.add_error("amount", sentences.said(str(wrong)))
    except CalendarError as wrong:
        form.add_error(None, sentences.said(str(wrong)))
    return None


def _about(request: StaffRequest, calendar_id: int, facts: Facts) -> dict[str, Any]:
    until = date.fromisoformat(facts["known_until"])
    coming = {**facts["holidays"], **facts["extra"]}
    today = request.now.date().isoformat()
    return {
        "calendar_id": calendar_id,
        "runs_out": lists.runs_out(until, zone=facts["zone"], now=request.now),
        "renew_until": request.now.year + YEARS_AHEAD,
        "coming": [
            (date.fromisoformat(day), name, day in facts["extra"])
            for day, name in sorted(coming.items())
            if day >= today
        ][:12],
    }


def _says() -> str:
    return _("Working days and hours are counted on it. It changes no date already promised.")


def _facts(calendar_id: int) -> Facts:
    facts = settings_facts.read(Thing.CALENDAR, str(calendar_id))
    if facts is None:
        raise Http404
    return facts
