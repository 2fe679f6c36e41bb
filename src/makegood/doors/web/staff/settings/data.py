"""All data at once: the front page of it, exports that expire, and how long what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.actions import exports as actions
from makegood.actions import retaining
from makegood.actions.changes import SettingsError
from makegood.actions.exports import ExportGoneError
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.settings.data_forms import PeriodForm
from makegood.doors.web.staff.settings.editing import editor_of
from makegood.language import sentences
from makegood.queries.retention import Preview, Term, get_preview, get_terms
from makegood.queries.settings import data as query
from makegood.queries.settings import history, wording
from makegood.records.models import Export, Kept, Thing
from makegood.rules.roles import Right

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Right.MANAGE_DATA)
@require_safe
def data(request: StaffRequest) -> HttpResponse:
    """What can be done with data, and what was done."""
    context = {"acts": query.acts(zone=zone_of(request)), "section": "data"}
    return show(request, "desk/settings/data.html", context)


@allowed(Right.MANAGE_DATA)
@require_http_methods(_METHODS)
def exports(request: StaffRequest) -> HttpResponse:
    """Every export; by POST, another one is asked for."""
    if request.method == "POST":
        actions.ask(by=request.user, now=request.now)
        return redirect("desk:exports")
    return _show_exports(request)


@allowed(Right.MANAGE_DATA)
@require_POST
def export_file(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """The file of an export; who took it is recorded."""
    try:
        row = actions.take(export_id, by=request.user, now=request.now)
    except Export.DoesNotExist as wrong:
        raise Http404 from wrong
    except ExportGoneError as wrong:
        status, why = refusals.explain(wrong)
        messages.error(request, why)
        return _show_exports(request, status=status)
    # It is packed already; packed again it would only take longer.
    request.META["HTTP_ACCEPT_ENCODING"] = "identity"
    response = StreamingHttpResponse(query.pieces_of(row.pk), content_type="application/zip")
    name = f"makegood-{row.made_at:%Y-%m-%d}-{row.pk}.zip"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003 - Django's own: always a file to keep
    response.headers["Content-Length"] = str(row.size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@allowed(Right.MANAGE_DATA)
@require_http_methods(_METHODS)
def retention(request: StaffRequest) -> HttpResponse:
    """For how long what is kept; by POST, first what would go, then another period."""
    if request.method != "POST":
        return _show_periods(request)
    given = request.POST.get("kind", "")
    if given not in set(Kept):
        raise Http404
    kind = Kept(given)
    form = PeriodForm(request.POST, zone=zone_of(request), name=kind.value)
    if not form.is_valid():
        return _show_periods(request, forms={kind: form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    days = form.cleaned_data["days"]
    preview = get_preview(kind, days=days, now=request.now)
    agreed = f"{days}:{preview.over_time}"
    # Agreed is what was shown: other days, or more by now, are shown first.
    if request.POST.get("agreed") != agreed:
        return _show_periods(request, forms={kind: form}, preview=preview, agreed=agreed)
    try:
        retaining.keep_for(kind, days, editor=editor_of(request, seen=_seen(request)))
    except SettingsError as wrong:
        form.add_error(None, sentences.said(str(wrong)))
        return _show_periods(request, forms={kind: form}, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Saved: it holds from now on."))
    return redirect("desk:retention")


def _show_exports(request: StaffRequest, *, status: int = HTTPStatus.OK) -> HttpResponse:
    cards = query.exports(zone=zone_of(request))
    context = {
        "cards": cards,
        "is_asked": any(card.state == "asked" for card in cards),
        "section": "data",
    }
    return show(request, "desk/settings/exports.html", context, status=status)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Period:
    """One kind of data on the page: how long it is kept, and what another period would take."""

    kind: str
    title: str
    days: int | None
    over_time: int
    seen: int
    form: PeriodForm
    preview: Preview | None
    agreed: str


def _show_periods(
    request: StaffRequest,
    *,
    forms: Mapping[Kept, PeriodForm] | None = None,
    preview: Preview | None = None,
    agreed: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    periods = [
        _Period(
            kind=term.kind.value,
            title=wording.kept(term.kind),
            days=term.days,
            over_time=term.over_time,
            seen=history.last_change(Thing.RETENTION, term.kind),
            form=(forms or {}).get(term.kind) or _form(request, term),
            preview=preview if preview and preview.kind is term.kind else None,
            agreed=agreed,
        )
        for term in get_terms(now=request.now)
    ]
    context = {
        "terms": periods,
        "history": history.history_of(Thing.RETENTION, zone=zone_of(request)),
        "section": "data",
    }
    return show(request, "desk/settings/retention.html", context, status=status)


def _form(request: StaffRequest, term: Term) -> PeriodForm:
    initial = {"days": term.days}
    return PeriodForm(zone=zone_of(request), name=term.kind.value, initial=initial)


def _seen(request: StaffRequest) -> int:
    return whole_number(request.POST.get("seen", ""))
