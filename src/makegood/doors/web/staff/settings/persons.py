"""One person's data: found, looked at, copied for them, and erased when they ask for it."""

from http import HTTPStatus
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import data_acts, erasing
from makegood.actions.erasing import ErasingError
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.papers.person import papers
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import show, text_of, zone_of
from makegood.doors.web.staff.settings.data_forms import EraseForm
from makegood.queries import erased, person_file
from makegood.queries.person_file import NoSuchPersonError
from makegood.records.models import Customer
from makegood.rules.roles import Right


@allowed(Right.MANAGE_DATA)
@require_safe
def people_data(request: StaffRequest) -> HttpResponse:
    """Find whose data is asked for."""
    typed = text_of(request, "q")
    context = {"sought": typed, "found": person_file.sought(typed), "section": "data"}
    return show(request, "desk/settings/people_data.html", context)


@allowed(Right.MANAGE_DATA)
@require_safe
def person_data(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """What there is of one person."""
    return _show(request, _customer(uuid))


@allowed(Right.MANAGE_DATA)
@require_POST
def person_copy(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """All of it as a file that they may have; who took it is recorded."""
    customer = _customer(uuid)
    file = BytesIO()
    person_file.write_person_file(customer, file, papers=papers(customer, now=request.now))
    data_acts.note_copy(customer.pk, by=request.user, now=request.now)
    response = HttpResponse(file.getvalue(), content_type="application/zip")
    name = content_disposition_header(True, f"{customer.uuid}.zip")  # noqa: FBT003 - Django's own: always a file to keep
    response.headers["Content-Disposition"] = str(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@allowed(Right.MANAGE_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """A second look at what goes and what stays; by POST, with the name typed, it is done."""
    customer = _customer(uuid)
    if request.method != "POST":
        return _show_erasing(request, customer, EraseForm(zone=zone_of(request), name="erase"))
    form = EraseForm(request.POST, zone=zone_of(request), name="erase")
    if not form.is_valid():
        return _show_erasing(request, customer, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    name = form.cleaned_data["name"]
    try:
        erasing.erase_confirmed(customer.pk, name=name, by=request.user, now=request.now)
    except ErasingError as wrong:
        status, why = refusals.explain(wrong)
        form.add_error("name" if isinstance(wrong, erasing.OtherNameError) else None, why)
        return _show_erasing(request, customer, form, status=status)
    messages.success(request, _("Erased. What happened stays, without their words."))
    return redirect("desk:person_data", uuid)


def _customer(uuid: UUID) -> Customer:
    try:
        return person_file.find_person(str(uuid))
    except NoSuchPersonError as wrong:
        raise Http404 from wrong


def _show(request: StaffRequest, customer: Customer) -> HttpResponse:
    gone = erased.erased_of(customer, zone=zone_of(request))
    context = {
        "person": person_file.get_person_page(customer),
        "erased": gone,
        "chains": erased.chains_of(customer),
        "section": "data",
    }
    return show(request, "desk/settings/person_data.html", context)


def _show_erasing(
    request: StaffRequest, customer: Customer, form: EraseForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "person": person_file.get_person_page(customer),
        "form": form,
        "section": "data",
    }
    return show(request, "desk/settings/person_erase.html", context, status=status)
