"""Incidents at the desk: the list, one with its truths, and what is said to everybody."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import incident_remedies, incident_tellings, incidents
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.actions.incidents import Outage, Truth
from makegood.actions.sending import FormSentTwiceError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.incident_forms import (
    DeclareForm,
    FalseForm,
    GiveAllForm,
    MergeForm,
    OverForm,
    SchemeForm,
    TruthForm,
)
from makegood.doors.web.staff.performing import once
from makegood.queries import incident_owed, people, remedies
from makegood.queries import incidents as queries
from makegood.queries.people import Colleague
from makegood.records.models import Incident, IncidentTelling, Service, Staff
from makegood.rules import roles
from makegood.rules.roles import Right
from makegood.rules.severity import Harm

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@allowed(Right.SEE_CASES)
@require_safe
def list_incidents(request: StaffRequest) -> HttpResponse:
    """What failed for many, going on and over."""
    rows = queries.get_incidents(reader=request.user, now=request.now)
    return show(request, "desk/incidents.html", {"rows": rows})


@allowed(Right.EXPORT)
@require_safe
def export_incidents(request: StaffRequest) -> StreamingHttpResponse:
    """The list as a file."""
    header = (
        _("Incident"), _("Title"), _("Service"), _("Area"), _("Owner"), _("Failed"),
        _("Declared"), _("Over"), _("Cases"), _("Open cases"),
    )  # fmt: skip
    return csv_response(
        "incidents", header=header, rows=queries.export_incidents(), now=request.now
    )


@allowed(Right.SPEAK_TO_ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: StaffRequest) -> HttpResponse:
    """Declare that a service failed for everybody in an area."""
    form = _declare_form(request)
    if request.method != "POST":
        return _show_declare(request, form)
    if not form.is_valid():
        return _show_declare(request, form, status=UNPROCESSABLE)
    try:
        made = once(request, lambda: _declare(request, form.cleaned_data, form))
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
        return redirect("desk:incidents")
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_declare(request, form, refusal=why, status=status)
    messages.success(request, _("Declared. Everybody it hit gets a case, a promise and a letter."))
    return redirect("desk:incident", made.reference)


@allowed(Right.SEE_CASES)
@require_safe
def show_one(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """One incident."""
    return _show_incident(request, _find(incident_ref))


@allowed(Right.SEE_CASES)
@require_POST
def see_to(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Say that one sees to what of it waits for people; what still waits speaks again."""
    rows = IncidentTelling.objects.filter(incident=_find(incident_ref), acknowledged_at=None)
    mine = [row for row in rows.order_by("pk") if access.may_answer_for(request, row.staff_id)]
    if not mine and rows.exists():
        raise PermissionDenied
    for telling in mine:
        with suppress(AlreadyAcknowledgedError):
            incident_tellings.acknowledge(telling.pk, by=request.user, now=request.now)
    messages.success(request, _("Acknowledged. While it waits, you will hear of it again."))
    return redirect("desk:incident", incident_ref)


@allowed(Right.SPEAK_TO_ALL)
@require_POST
def say(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Say what is new to everybody."""
    incident = _find(incident_ref)
    form = TruthForm(request.POST, **_clocks(request), name="truth")
    if not form.is_valid():
        return _show_incident(request, incident, truth=form, status=UNPROCESSABLE)

    def do() -> None:
        incidents.say(incident, _truth(form), by=request.user, now=request.now)

    return _done(request, incident, do, says=_("It goes out to everybody now."), truth=form)


@allowed(Right.SPEAK_TO_ALL)
@require_POST
def end(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Say that it works again."""
    incident = _find(incident_ref)
    form = OverForm(request.POST, **_clocks(request), name="over")
    if not form.is_valid():
        return _show_incident(request, incident, over=form, status=UNPROCESSABLE)

    def do() -> None:
        incidents.end(
            incident,
            _truth(form),
            at=form.moment("over_at", now=request.now),
            evidence=form.cleaned_data["evidence"],
            by=request.user,
            now=request.now,
        )

    return _done(request, incident, do, says=_("It is over, and everybody is told."), over=form)


@allowed(Right.APPROVE_REMEDIES)
@require_POST
def give_all(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Give everybody the same, and say so; it is decided once, over the whole sum."""
    incident = _find(incident_ref)
    form = _give_form(request, request.POST)
    if not form.is_valid():
        return _show_incident(request, incident, gift=form, status=UNPROCESSABLE)

    def do() -> None:
        terms = form.cleaned_data["terms"]
        incident_remedies.publish(incident, terms, _truth(form), by=request.user, now=request.now)

    return _done(request, incident, do, says=_("Everybody is given it and told so now."), gift=form)


@allowed(Right.APPROVE_REMEDIES)
@require_POST
def give_scheme(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Give everybody what a scheme owes them by their own facts, and say so."""
    incident = _find(incident_ref)
    form = _scheme_form(request, incident, request.POST)
    if not form.is_valid():
        return _show_incident(request, incident, scheme=form, status=UNPROCESSABLE)

    def do() -> None:
        terms = form.cleaned_data["terms"]
        incident_remedies.publish(incident, terms, _truth(form), by=request.user, now=request.now)

    says = _("Everybody of whom it is sure is given what they are owed, and told so now.")
    return _done(request, incident, do, says=says, scheme=form)


@allowed(Right.SPEAK_TO_ALL)
@require_POST
def find_false(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Say that nothing had failed."""
    incident = _find(incident_ref)
    form = FalseForm(request.POST, **_clocks(request), name="false")
    if not form.is_valid():
        return _show_incident(request, incident, false=form, status=UNPROCESSABLE)

    def do() -> None:
        evidence = form.cleaned_data["evidence"]
        incidents.find_false(
            incident, _truth(form), evidence=evidence, by=request.user, now=request.now
        )

    says = _("It was none. Everybody who has a case is told so, and no more cases open.")
    return _done(request, incident, do, says=says, false=form)


@allowed(Right.SPEAK_TO_ALL)
@require_POST
def merge(request: StaffRequest, incident_ref: str) -> HttpResponse:
    """Say that it is part of another incident."""
    incident = _find(incident_ref)
    form = _merge_form(request, incident, request.POST)
    if not form.is_valid():
        return _show_incident(request, incident, merging=form, status=UNPROCESSABLE)

    def do() -> None:
        into = form.cleaned_data["into"]
        incidents.merge(incident, into, _truth(form), by=request.user, now=request.now)

    says = _("Its cases join the other one, as they hear of it.")
    return _done(request, incident, do, says=says, merging=form)


def _done(
    request: StaffRequest,
    incident: int,
    do: Callable[[], None],
    *,
    says: str,
    **forms: TruthForm,
) -> HttpResponse:
    try:
        once(request, do)
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show_incident(request, incident, refusal=why, status=status, **forms)
    else:
        messages.success(request, says)
    return redirect("desk:incident", Incident.objects.get(pk=incident).reference)


def _find(reference: str) -> int:
    found = queries.find_incident(reference)
    if found is None:
        raise Http404
    return found


def _clocks(request: StaffRequest) -> dict[str, Any]:
    """The moment and the zones in which what is typed is read."""
    zone = zone_of(request)
    return {"zone": zone, "due_zone": zone, "now": request.now}


def _truth(form: TruthForm) -> Truth:
    return Truth(words=form.cleaned_data["words"], due_at=form.cleaned_data["due_at"])


def _declare(request: StaffRequest, typed: dict[str, Any], form: DeclareForm) -> Incident:
    since = form.moment("since", now=request.now)
    outage = Outage(
        service=Service.objects.get(pk=typed["service"]),
        area=typed["area"],
        title=typed["title"],
        harm=Harm(typed["harm"]),
        failed_at=since,
        known_at=request.now,
    )
    owner = Staff.objects.get(pk=typed["owner"])
    return incidents.declare(outage, _truth(form), owner=owner, by=request.user, now=request.now)


def _declare_form(request: StaffRequest) -> DeclareForm:
    me = Colleague(id=request.user.pk, name=request.user.name, team=request.user.team.name)
    return DeclareForm(
        request.POST if request.method == "POST" else None,
        **_clocks(request),
        name="incident",
        services=queries.services(),
        owners=(me, *people.colleagues(besides=request.user.pk)),
    )


def _show_declare(
    request: StaffRequest, form: DeclareForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "sent_key": uuid4()}
    return show(request, "desk/incident_new.html", context, status=status)


def _give_form(request: StaffRequest, data: QueryDict | None = None) -> GiveAllForm:
    currency = remedies.currency_of(request.user, now=request.now)
    return GiveAllForm(data, **_clocks(request), name="gift", currency=currency)


def _scheme_form(request: StaffRequest, incident: int, data: QueryDict | None = None) -> SchemeForm:
    schemes = incident_owed.read_schemes(incident, now=request.now)
    return SchemeForm(data, **_clocks(request), name="scheme", schemes=schemes)


def _merge_form(request: StaffRequest, incident: int, data: QueryDict | None = None) -> MergeForm:
    others = queries.others_going_on(incident)
    return MergeForm(data, **_clocks(request), name="merge", others=others)


def _show_incident(
    request: StaffRequest,
    incident: int,
    *,
    refusal: str = "",
    status: int = 200,
    **typed: TruthForm,
) -> HttpResponse:
    """The page, with the form that was `typed` into open, if one was."""
    clocks = _clocks(request)
    page = queries.get_incident(incident, reader=request.user, now=request.now)
    context: dict[str, Any] = {"page": page, "refusal": refusal, "sent_key": uuid4()}
    context["may_see_to"] = any(
        not told.seen_to and access.may_answer_for(request, told.staff) for told in page.told
    )
    if page.row.over is None:
        context["truth"] = TruthForm(**clocks, name="truth")
        context["over"] = OverForm(**clocks, name="over")
        context["false"] = FalseForm(**clocks, name="false")
        context["merging"] = _merge_form(request, incident)
    if page.gift is None and not page.row.was_false and not page.row.part_of:
        context["gift"] = _give_form(request)
        if page.row.over is not None and roles.has(request.user.role, Right.APPROVE_REMEDIES):
            context["scheme"] = _scheme_form(request, incident)
    return show(request, "desk/incident.html", context | typed, status=status)
