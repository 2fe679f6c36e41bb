"""Doing an act: check the form, call one action, answer; or say why not, with the words kept."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from makegood.doors.access import StaffRequest
from makegood.doors.web import refusals
from makegood.doors.web.staff import acts
from makegood.doors.web.staff.acts import Act
from makegood.doors.web.staff.desk import show
from makegood.queries.case_page import get_case_page
from makegood.records.models import Case


def perform(
    request: StaffRequest, case: Case, act: Act, do: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do what a valid form asks; `do` returns the sentence that says what was done."""
    if not act.form.is_valid():
        return show_case(request, case, act=act, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = do(act.form.cleaned_data)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_case(request, case, act=replace(act, refusal=why), status=status)
    messages.success(request, done)
    if act.back == acts.BOARD:
        return redirect("desk:my_word")
    return redirect("desk:case", case.reference)


def show_case(
    request: StaffRequest,
    case: Case,
    *,
    act: Act | None = None,
    fresh_link: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case, with at most one form open on it."""
    page = get_case_page(
        case.pk, reader=request.user, now=request.now, all_events="all" in request.GET
    )
    context = {
        "page": page,
        "act": act,
        "fresh_link": fresh_link,
        "refusal": refusal,
        "may_hand_over": acts.may(request, case, "handover"),
        "may_close": acts.may(request, case, "close"),
    }
    return show(request, "desk/case.html", context, status=status)
