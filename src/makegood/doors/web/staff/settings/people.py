"""Staff and teams: added, changed, given a first password, and seen off with a home for all."""

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import changes, sign_in
from makegood.actions import teams as team_actions
from makegood.actions.changes import FieldError, SettingsError
from makegood.actions.staff import NobodyToCoverError
from makegood.actions.teams import PEOPLE, TEAMS
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.editing import Page, edit, editor_of, open_form
from makegood.doors.web.staff.settings.forms import LeaveForm, PersonForm, TeamForm
from makegood.doors.web.staff.settings.listing import show_list
from makegood.language import sentences
from makegood.queries import sign_in_mail
from makegood.queries.settings import lists
from makegood.queries.settings.leaving import Leaving, get_leaving
from makegood.records import settings_facts
from makegood.records.models import Staff, Thing
from makegood.records.settings_facts import Facts
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Right.SEE_SETTINGS)
@require_safe
def teams(request: StaffRequest) -> HttpResponse:
    """Every team."""
    return show_list(request, "teams", lists.teams())


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def team_new(request: StaffRequest) -> HttpResponse:
    """Found a team."""
    return edit(request, _team_page(_("New team"), said=_("The team was founded.")))


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def team(request: StaffRequest, team_id: int) -> HttpResponse:
    """Change a team."""
    facts = _facts(Thing.TEAM, team_id)
    page = _team_page(facts["name"], said=_("Saved."), key=str(team_id), facts=facts)
    return edit(request, page)


@allowed(Right.SEE_SETTINGS)
@require_safe
def staff(request: StaffRequest) -> HttpResponse:
    """Everybody."""
    return show_list(request, "staff", lists.staff())


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def person_new(request: StaffRequest) -> HttpResponse:
    """Let somebody in."""
    page = Page(
        keeper=PEOPLE,
        form=PersonForm,
        initial_of=PersonForm.initial_of,
        title=_("New person"),
        says=_("Then invite them from their page: by a letter, or by a link that you hand over."),
        back=reverse("desk:staff"),
        after=lambda key: reverse("desk:person", args=[key]),
        said=_("They were added. Now invite them, so that they can sign in."),
        section="staff",
        start={"lives_in": request.user.zone, "role": "agent"},
        fixed={"active": True},
    )
    return edit(request, page)


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """Change somebody."""
    return _show_person(request, person_id)


@allowed(Right.MANAGE_STAFF)
@require_POST
def person_link(request: StaffRequest, person_id: int) -> HttpResponse:
    """A link by which somebody without a password chooses one, shown to be handed over."""
    link = sign_in_mail.first_password_at(person_id)
    if link is None:
        raise Http404
    response = _show_person(request, person_id, link=link)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@allowed(Right.MANAGE_STAFF)
@require_POST
def person_invite(request: StaffRequest, person_id: int) -> HttpResponse:
    """A letter with a link by which somebody chooses a password."""
    here = Staff.objects.people().filter(is_active=True)
    invited = get_object_or_404(here, pk=person_id)
    sign_in.invite(invited, now=request.now)
    said = _("A letter with the link is on its way to %(email)s.")
    messages.success(request, said % {"email": invited.email})
    return redirect("desk:person", person_id)


@allowed(Right.MANAGE_STAFF)
@require_http_methods(_METHODS)
def person_leave(request: StaffRequest, person_id: int) -> HttpResponse:
    """What somebody would leave behind, and seeing them off."""
    leaving = get_leaving(person_id, zone=zone_of(request))
    if leaving is None:
        raise Http404
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        zone=zone_of(request),
        name="leave",
        person=person_id,
        initial={"to": leaving.cover},
    )
    if request.method != "POST":
        return _show_leaving(request, leaving, form)
    if not form.is_valid():
        return _show_leaving(request, leaving, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _see_off(request, leaving, form)


@allowed(Right.MANAGE_STAFF)
@require_POST
def person_return(request: StaffRequest, person_id: int) -> HttpResponse:
    """Let somebody in again who had left."""
    _facts(Thing.STAFF, person_id)
    changes.keep(PEOPLE, str(person_id), {"active": True}, editor=editor_of(request))
    messages.success(request, _("They work here again. Their cases stay with whoever has them."))
    return redirect("desk:person", person_id)


def _see_off(request: StaffRequest, leaving: Leaving, form: LeaveForm) -> HttpResponse:
    try:
        moved = team_actions.leave(
            leaving.id, to=form.cleaned_data["to"], editor=editor_of(request)
        )
    except FieldError as wrong:
        form.add_error("to", sentences.said(str(wrong)))
    except (SettingsError, NobodyToCoverError) as wrong:
        form.add_error(None, sentences.said(str(wrong)))
    else:
        said = ngettext(
            "%(name)s was seen off; %(count)s case has a new owner.",
            "%(name)s was seen off; %(count)s cases have a new owner.",
            moved,
        )
        messages.success(request, said % {"name": leaving.name, "count": moved})
        return redirect("desk:staff")
    return _show_leaving(request, leaving, form, status=HTTPStatus.CONFLICT)


def _show_leaving(
    request: StaffRequest, leaving: Leaving, form: LeaveForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"leaving": leaving, "form": form, "section": "staff"}
    return show(request, "desk/settings/leave.html", context, status=status)


def _show_person(request: StaffRequest, person_id: int, *, link: str = "") -> HttpResponse:
    facts = _facts(Thing.STAFF, person_id)
    page = Page(
        keeper=PEOPLE,
        form=partial(PersonForm, person=person_id),
        initial_of=PersonForm.initial_of,
        title=facts["name"],
        says=_("Customers are told the name; colleagues see the rest."),
        back=reverse("desk:staff"),
        said=_("Saved."),
        section="staff",
        template="desk/settings/person.html",
        key=str(person_id),
        facts=facts,
        extra=lambda: {
            "person_id": person_id,
            "is_active": facts["active"],
            "link": link,
            "is_new": not link and sign_in_mail.first_password_at(person_id) is not None,
        },
    )
    return open_form(request, page) if link else edit(request, page)


def _team_page(
    title: str, *, said: str, key: str | None = None, facts: Facts | None = None
) -> Page:
    return Page(
        keeper=TEAMS,
        form=TeamForm,
        initial_of=TeamForm.initial_of,
        title=title,
        says=_("Who answers for a service, when they are there, and who hears above them."),
        back=reverse("desk:teams"),
        said=said,
        section="teams",
        key=key,
        facts=facts,
    )


def _facts(thing: Thing, pk: int) -> Facts:
    facts = settings_facts.read(thing, str(pk))
    if facts is None:
        raise Http404
    return facts
