"""Taking a report by phone: who calls, what is broken; it joins an open case or opens one."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.actions import customers
from makegood.actions.cases import Failure
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.actions.intake import News
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import number_of, show, text_of, zone_of
from makegood.doors.web.staff.report_form import NewReportForm
from makegood.queries import near_cases, severity_ahead
from makegood.queries import report_form as look_up
from makegood.queries.near_cases import InTheMaking
from makegood.queries.report_form import Caller
from makegood.queries.search import find_people
from makegood.records.models import Asset, Case, Customer, Report
from makegood.rules import sought
from makegood.rules.promises import Channel
from makegood.rules.roles import Right
from makegood.rules.severity import Function, Harm

SOURCE = "desk"
CALLERS_SHOWN = 8


@allowed(Right.TAKE_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: StaffRequest) -> HttpResponse:
    """The form of a call in progress, and what becomes of it."""
    if request.method != "POST":
        return _show_empty(request)
    caller = _caller(request.POST.get("customer", ""))
    form = NewReportForm(
        request.POST, zone=zone_of(request), name="report", caller=caller, now=request.now
    )
    if not form.is_valid():
        return _show(request, form, caller, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    seen = look_up.find_report(SOURCE, str(form.cleaned_data["key"]))
    if seen is not None:
        return redirect("desk:taken", seen.pk)
    joined = _joined(form.cleaned_data, caller)
    if form.cleaned_data["join"] and joined is None:
        gone = _("That case is closed by now. Take the report, and a new case opens.")
        return _show(request, form, caller, refusal=gone, status=HTTPStatus.CONFLICT)
    try:
        report = _receive(request, form.cleaned_data, caller, joined)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return _show(request, form, caller, refusal=why, status=status)
    return redirect("desk:taken", report.pk)


@allowed(Right.TAKE_REPORTS)
@require_safe
def find_callers(request: StaffRequest) -> HttpResponse:
    """The customers who may be calling; a part of the form."""
    return render(request, "desk/report_callers.html", _callers(request))


@allowed(Right.TAKE_REPORTS)
@require_safe
def find_same(request: StaffRequest) -> HttpResponse:
    """The open cases that this report may be about, and how severe it is; a part of the form."""
    report = InTheMaking(
        customer_id=number_of(request, "customer"),
        asset_id=number_of(request, "asset"),
        function=text_of(request, "function"),
        words=f"{text_of(request, 'title', longest=300)} {text_of(request, 'note', longest=300)}",
        postcode=text_of(request, "postcode"),
        address=text_of(request, "address", longest=300),
        names_a_thing=bool(text_of(request, "asset_name")),
    )
    found = near_cases.find_near(report, reader=request.user, now=request.now)
    ahead = severity_ahead.look_ahead(
        report,
        harm=text_of(request, "harm"),
        vulnerable=bool(text_of(request, "vulnerable")),
        joins=next((case for case in found if case.is_same), None),
    )
    return render(request, "desk/report_same.html", {"found": found, "ahead": ahead})


@allowed(Right.TAKE_REPORTS)
@require_safe
def taken(request: StaffRequest, report_id: int) -> HttpResponse:
    """What became of a report, with the sentence to say aloud."""
    report = access.report(request, report_id)
    page = look_up.get_taken(report, reader=request.user, now=request.now)
    return show(request, "desk/report_taken.html", {"page": page, "reader": request.user.name})


def _show_empty(request: StaffRequest) -> HttpResponse:
    caller = look_up.get_caller(number_of(request, "customer"))
    initial = {"key": uuid.uuid4(), "customer": caller.id if caller else None}
    initial["name"] = text_of(request, "q", longest=200)  # type: ignore[assignment]
    form = NewReportForm(
        zone=zone_of(request), name="report", caller=caller, now=request.now, initial=initial
    )
    return _show(request, form, caller)


def _show(
    request: StaffRequest,
    form: NewReportForm,
    caller: Caller | None,
    *,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"form": form, "caller": caller, "refusal": refusal, **_callers(request)}
    return show(request, "desk/report_new.html", context, status=status)


def _callers(request: StaffRequest) -> dict[str, Any]:
    typed = text_of(request, "q", longest=200)
    found = find_people(typed, shown=CALLERS_SHOWN)
    return {
        "sought": typed,
        "found": found,
        "is_short": bool(typed.strip()) and sought.read(typed).is_too_short,
    }


def _joined(typed: dict[str, Any], caller: Caller | None) -> Case | None:
    if caller is None or not typed["join"]:
        return None
    return near_cases.open_case_of(caller.id, typed["join"])


def _caller(given: str) -> Caller | None:
    return look_up.get_caller(whole_number(given))


def _receive(
    request: StaffRequest, typed: dict[str, Any], caller: Caller | None, joined: Case | None
) -> Report:
    asset = (
        Asset.objects.get(pk=typed["asset"], customer=caller.id)
        if typed["asset"] and caller
        else None
    )
    told = typed["function"] or (joined.function if joined else "")
    function = Function(asset.function if asset else told)
    title = typed["title"] or (joined.title if joined else "")
    failure = Failure(
        customer=_customer(request, typed, caller),
        title=title,
        function=function,
        harm=Harm(typed["harm"]),
        failed_at=typed["since"] or request.now,
        known_at=request.now,
        asset=asset,
        wanted=typed["wanted"],
    )
    news = News(
        source=SOURCE,
        external_id=str(typed["key"]),
        channel=Channel.PHONE,
        raw=_raw(typed, by=request.user.pk),
        failure=failure,
        hold_minutes=typed["hold_minutes"] or 0,
        talk_minutes=typed["talk_minutes"] or 0,
        note=typed["note"] or title,
    )
    new = None
    if asset is None and joined is None and typed["asset_name"]:
        new = NewAsset(name=typed["asset_name"], place=typed["asset_place"], function=function)
    received = customers.take_report(
        news,
        owner=request.user,
        asset=new,
        joins=joined.pk if joined else None,
        now=request.now,
    )
    return received.report


def _customer(request: StaffRequest, typed: dict[str, Any], caller: Caller | None) -> Customer:
    if caller is not None:
        return Customer.objects.get(pk=caller.id)
    new = NewCustomer(
        name=typed["name"],
        zone=typed["lives_in"],
        phone=typed["phone"],
        email=typed["email"],
        address=typed["address"],
        postcode=typed["postcode"],
        vulnerable=typed["vulnerable"],
        language=typed["speaks"],
    )
    return customers.draft(new, now=request.now)


def _raw(typed: dict[str, Any], *, by: int) -> dict[str, Any]:
    """What was typed, as it was typed, for the report that is never changed."""
    kept = {
        name: value if isinstance(value, (int, bool)) else str(value)
        for name, value in typed.items()
        if value not in (None, "")
    }
    return {**kept, "taken_by": by}
