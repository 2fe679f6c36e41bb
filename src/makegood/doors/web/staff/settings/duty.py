"""Duty: the week of a team, planning shifts, watches and absences, and one's own absence."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.changes import FieldError, SettingsError
from makegood.actions.duty import DUTIES
from makegood.doors.access import StaffRequest, allowed, staff_only
from makegood.doors.web.staff import undoing
from makegood.doors.web.staff.desk import number_of, show, text_of, zone_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.forms import AbsenceForm, DutyForm
from makegood.doors.web.staff.undoing import Done
from makegood.language import sentences
from makegood.queries.settings import choices, duty_week, history
from makegood.records import settings_facts
from makegood.records.models import DutyKind, Thing
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]
_WORKDAY = timedelta(hours=8)


@allowed(Right.SEE_SETTINGS)
@require_safe
def duty(request: StaffRequest) -> HttpResponse:
    """The week of one's own team."""
    return _show_week(request, request.user.team_id)


@allowed(Right.SEE_SETTINGS)
@require_safe
def duty_team(request: StaffRequest, team_id: int) -> HttpResponse:
    """The week of a team."""
    return _show_week(request, team_id)


@allowed(Right.MANAGE_DUTY)
@require_http_methods(_METHODS)
def duty_new(request: StaffRequest) -> HttpResponse:
    """Plan a shift, a watch or an absence."""
    page = Page(
        keeper=DUTIES,
        form=DutyForm,
        initial_of=DutyForm.initial_of,
        title=_("Plan duty"),
        says=_says(),
        back=_week_of(number_of(request, "team") or None),
        said=_("Planned."),
        section="duty",
        start=_start(request),
    )
    return edit(request, page)


@allowed(Right.MANAGE_DUTY)
@require_http_methods(_METHODS)
def duty_span(request: StaffRequest, duty_id: int) -> HttpResponse:
    """Change what was planned."""
    facts = _facts(duty_id)
    page = Page(
        keeper=DUTIES,
        form=DutyForm,
        initial_of=DutyForm.initial_of,
        title=_("Change duty"),
        says=_says(),
        back=reverse("desk:duty"),
        said=_("Saved."),
        section="duty",
        template="desk/settings/duty_span.html",
        key=str(duty_id),
        facts=facts,
        extra=lambda: {"duty_id": duty_id, "is_running": _is_running(request, facts)},
    )
    return edit(request, page)


@allowed(Right.MANAGE_DUTY)
@require_POST
def duty_end(request: StaffRequest, duty_id: int) -> HttpResponse:
    """End what runs now; remove what has not begun."""
    facts = _facts(duty_id)
    if _is_ended(request, duty_id, facts):
        running = _is_running(request, facts)
        messages.success(request, _("Ended as of now.") if running else _("Removed."))
    return redirect("desk:duty")


@staff_only
@require_http_methods(_METHODS)
def absence(request: StaffRequest) -> HttpResponse:
    """Say when one is away, and who covers."""
    person = request.user.pk
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        zone=zone_of(request),
        name="absence",
        person=person,
        initial={"cover": request.user.cover_id},
    )
    if request.method != "POST":
        return _show_absence(request, form)
    if form.is_valid() and (key := _kept(form, request)):
        said = _("Noted. Whoever covers hears what you would hear.")
        return _own_absence_done(request, key, said)
    return _show_absence(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@staff_only
@require_POST
def absence_end(request: StaffRequest, duty_id: int) -> HttpResponse:
    """Come back early from one's own absence, or take it back before it begins."""
    facts = _facts(duty_id)
    if facts["staff"] != request.user.pk or facts["kind"] != DutyKind.ABSENCE:
        raise Http404
    if not _is_ended(request, duty_id, facts):
        return redirect("desk:absence")
    running = _is_running(request, facts)
    said = _("Ended as of now.") if running else _("Removed.")
    return _own_absence_done(request, str(duty_id), said)


def _own_absence_done(request: StaffRequest, key: str, said: str) -> HttpResponse:
    """Say what became of one's own absence, and offer to take it back."""
    change = history.last_change(Thing.DUTY, key)
    here = reverse("desk:absence")
    undoing.remember_own(request, Done(says=said, undo=("absence", str(change))), place=here)
    return redirect(here)


def _kept(form: AbsenceForm, request: StaffRequest) -> str:
    """The key of the absence that was planned; nothing if it cannot be."""
    try:
        return changes.keep(DUTIES, None, form.facts(), editor=editor_of(request))
    except FieldError as wrong:
        form.add_error(
            wrong.field if wrong.field in form.fields else None, sentences.said(str(wrong))
        )
        return ""


def _is_ended(request: StaffRequest, duty_id: int, facts: Facts) -> bool:
    """End what runs, remove what has not begun; say so if that cannot be."""
    wanted = {"ends_at": request.now.isoformat()} if _is_running(request, facts) else None
    try:
        changes.keep(DUTIES, str(duty_id), wanted, editor=editor_of(request))
    except SettingsError as refused:
        messages.error(request, sentences.said(str(refused)))
        return False
    return True


def _is_running(request: StaffRequest, facts: Facts) -> bool:
    now = request.now.isoformat()
    return bool(facts["starts_at"] < now < facts["ends_at"])


def _show_week(request: StaffRequest, team_id: int) -> HttpResponse:
    page = duty_week.get_duty_week(team_id, week_of=_day(request), now=request.now)
    if page is None:
        raise Http404
    context = {"week": page, "teams": choices.teams(), "section": "duty"}
    return show(request, "desk/settings/duty.html", context)


def _show_absence(
    request: StaffRequest, form: AbsenceForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    planned = duty_week.absences_of(request.user.pk, now=request.now, zone=zone_of(request))
    return show(
        request, "desk/settings/absence.html", {"form": form, "planned": planned}, status=status
    )


def _day(request: StaffRequest) -> date | None:
    try:
        day = date.fromisoformat(text_of(request, "week"))
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None  # noqa: PLR2004 - as dates that are typed


def _start(request: StaffRequest) -> dict[str, Any]:
    begins = request.now.replace(minute=0, second=0, microsecond=0)
    return {
        "staff": number_of(request, "person") or None,
        "kind": DutyKind.SHIFT.value,
        "starts_at": begins,
        "ends_at": begins + _WORKDAY,
    }


def _says() -> str:
    return _(
        "Somebody without shifts works their team's hours. "
        "While somebody is away, their cover hears instead."
    )


def _week_of(team: int | None) -> str:
    return reverse("desk:duty_team", args=[team]) if team else reverse("desk:duty")


def _facts(duty_id: int) -> Facts:
    facts = settings_facts.read(Thing.DUTY, str(duty_id))
    if facts is None:
        raise Http404
    return facts
