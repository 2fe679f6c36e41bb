"""Ladders: the list of all, and one with its form and the preview of whom a promise would tell."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes
from makegood.actions.ladders import LADDERS
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import zone_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of
from makegood.doors.web.staff.settings.ladder_form import LadderForm, PreviewForm
from makegood.doors.web.staff.settings.listing import show_list
from makegood.queries.settings import ladder_page, lists
from makegood.queries.settings.ladder_page import LadderPage
from makegood.records import settings_facts
from makegood.rules import roles
from makegood.rules.roles import Right

A_DAY = timedelta(days=1)


@allowed(Right.SEE_SETTINGS)
@require_safe
def ladders(request: StaffRequest) -> HttpResponse:
    """Every ladder."""
    return show_list(request, "ladders", lists.ladders())


@allowed(Right.SEE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def ladder(request: StaffRequest, team_id: int, severity: int) -> HttpResponse:
    """One ladder, with its preview."""
    if request.method == "POST":
        access.check(request, Right.MANAGE_SETTINGS)
    found = _found(team_id, severity)
    return edit(request, _page(request, found))


@allowed(Right.MANAGE_SETTINGS)
@require_POST
def ladder_default(request: StaffRequest, team_id: int, severity: int) -> HttpResponse:
    """Go back to the default ladder."""
    _found(team_id, severity)
    key = settings_facts.ladder_key(team_id, severity)
    changes.keep(LADDERS, key, None, editor=editor_of(request))
    messages.success(request, _("Back to the default, for new promises."))
    return redirect("desk:ladder", team_id, severity)


def _page(request: StaffRequest, found: LadderPage) -> Page:
    return Page(
        keeper=LADDERS,
        form=LadderForm,
        initial_of=LadderForm.initial_of,
        title=_("Ladder of %(team)s at P%(severity)s")
        % {"team": found.team_name, "severity": found.severity},
        says=_(
            "For new promises only: those already made keep the ladder that they were made under."
        ),
        back=reverse("desk:ladder", args=[found.team, found.severity]),
        said=_("Saved, for new promises."),
        section="ladders",
        template="desk/settings/ladder.html",
        key=settings_facts.ladder_key(found.team, found.severity),
        facts=found.terms,
        extra=lambda: {
            "ladder": found,
            "may_change": roles.has(request.user.role, Right.MANAGE_SETTINGS),
            **_preview(request, found),
        },
    )


def _preview(request: StaffRequest, found: LadderPage) -> dict[str, Any]:
    zone = zone_of(request)
    asked = request.GET if "due_at" in request.GET else None
    usual = _usual_due(request.now)
    form = PreviewForm(asked, team=found.team, zone=zone, initial={"due_at": usual})
    due_at = form.due(now=request.now) if asked else usual
    if due_at is None:
        return {"preview_form": form, "tellings": ()}
    owner = form.cleaned_data.get("owner") if asked else None
    tellings = ladder_page.preview(
        found, terms=None, owner=owner, due_at=due_at, now=request.now, zone=zone
    )
    return {"preview_form": form, "tellings": tellings}


def _usual_due(now: datetime) -> datetime:
    """Tomorrow at this hour, rounded down to it."""
    return now.replace(minute=0, second=0, microsecond=0) + A_DAY


def _found(team_id: int, severity: int) -> LadderPage:
    found = ladder_page.get_ladder(team_id, severity)
    if found is None:
        raise Http404
    return found
