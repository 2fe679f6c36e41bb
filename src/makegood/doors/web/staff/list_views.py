"""The list of cases with its filters and saved views, and lists as files."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import saved_views
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff import list_files
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import number_of, show, text_of
from makegood.queries import case_filter
from makegood.queries.case_filters_page import default_address, get_filters_page, view_of
from makegood.queries.case_list import case_rows, get_case_list
from makegood.queries.case_matching import PlaceError
from makegood.queries.promise_board import open_rows
from makegood.records.models import SavedView
from makegood.rules.roles import Right

ALL = "all=1"
"""An address that asks for no filter, and not for the reader's usual view either."""


@allowed(Right.SEE_CASES)
@require_safe
def list_cases(request: StaffRequest) -> HttpResponse:
    """The cases that the filters leave; the reader's usual view where the address says nothing."""
    if not request.GET:
        usual = default_address(request.user)
        if usual:
            return _go(usual)
    return _show(request)


@allowed(Right.EXPORT)
@require_safe
def export_cases(request: StaffRequest) -> StreamingHttpResponse:
    """Every case that the filters leave, as a file."""
    asked, _misread = case_filter.read(dict(request.GET.lists()))
    rows = case_rows(request.user, asked=asked, now=request.now)
    return csv_response(
        "cases",
        header=list_files.case_header(),
        rows=list_files.case_lines(rows, zone=request.user.zone),
        now=request.now,
    )


@allowed(Right.EXPORT)
@require_safe
def export_word(request: StaffRequest) -> StreamingHttpResponse:
    """Everything that the reader has promised and not settled, as a file."""
    return csv_response(
        "my-word",
        header=list_files.word_header(),
        rows=list_files.word_lines(
            open_rows(request.user, now=request.now), zone=request.user.zone
        ),
        now=request.now,
    )


@allowed(Right.SEE_CASES)
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    asked = _posted(request)
    try:
        view = saved_views.save_view(
            name=request.POST.get("name", ""),
            address=asked,
            shared="shared" in request.POST,
            by=request.user,
            now=request.now,
        )
    except refusals.TYPES as refused:
        return _refuse(request, asked, refused)
    messages.success(request, _("Saved. It stands above the list as “%s”.") % view.name)
    return _go(asked)


@allowed(Right.SEE_CASES)
@require_POST
def change(request: StaffRequest, view_id: int) -> HttpResponse:
    """Rename a view, share it, or make it what the list opens with."""
    view = _view(request, view_id)
    try:
        saved_views.change_view(
            view_id=view.pk,
            name=request.POST.get("name", ""),
            shared="shared" in request.POST,
            is_default="default" in request.POST,
            by=request.user,
        )
    except refusals.TYPES as refused:
        return _refuse(request, view.address, refused)
    messages.success(request, _("The view is changed."))
    return _go(view.address)


@allowed(Right.SEE_CASES)
@require_POST
def delete(request: StaffRequest, view_id: int) -> HttpResponse:
    """Delete a view; the next page can bring it back."""
    view = _view(request, view_id)
    try:
        saved_views.delete_view(view_id=view.pk, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        return _refuse(request, view.address, refused)
    return _go(f"{view.address or ALL}&deleted={view.pk}")


@allowed(Right.SEE_CASES)
@require_POST
def restore(request: StaffRequest, view_id: int) -> HttpResponse:
    """Bring a deleted view back."""
    view = _view(request, view_id)
    try:
        saved_views.restore_view(view_id=view.pk, by=request.user)
    except refusals.TYPES as refused:
        return _refuse(request, view.address, refused)
    messages.success(request, _("The view is back."))
    return _go(view.address)


def _show(
    request: StaffRequest, *, address: str = "", refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    asked, misread = (
        case_filter.read_address(address)
        if address
        else case_filter.read(dict(request.GET.lists()))
    )
    try:
        page = get_case_list(
            request.user, asked=asked, place=text_of(request, "place"), now=request.now
        )
    except PlaceError:
        return _go(asked.address())
    context = {
        "page": page,
        "filters": get_filters_page(
            asked, reader=request.user, with_choices="filters" in request.GET
        ),
        "misread": misread,
        "deleted": _deleted(request),
        "refusal": refusal,
    }
    return show(request, "desk/cases.html", context, status=status)


def _deleted(request: StaffRequest) -> SavedView | None:
    wanted = number_of(request, "deleted")
    view = view_of(wanted, reader=request.user) if wanted else None
    return view if view and view.deleted_at else None


def _view(request: StaffRequest, view_id: int) -> SavedView:
    view = view_of(view_id, reader=request.user)
    if view is None:
        raise Http404
    return view


def _posted(request: StaffRequest) -> str:
    """The filters that a form carries, as we would write them ourselves."""
    asked, _misread = case_filter.read_address(request.POST.get("address", ""))
    return asked.address()


def _refuse(request: StaffRequest, address: str, refused: Exception) -> HttpResponse:
    status, why = refusals.explain(refused)
    return _show(request, address=address or ALL, refusal=why, status=status)


def _go(address: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:cases')}?{address or ALL}")
