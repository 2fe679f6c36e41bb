"""Doing an act: check the form, call one action, answer; or say why not, with the words kept.

A form counts once (its key is taken by the act), and a form that was opened before somebody else
changed the case comes back with what happened meanwhile, as does one whose date is doubted.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.actions import sending
from makegood.actions.sending import FormSentTwiceError
from makegood.doors.access import StaffRequest
from makegood.doors.web import refusals
from makegood.doors.web.staff import acts, date_doubts, gone, undoing
from makegood.doors.web.staff.act import Act
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.undoing import Done
from makegood.queries import case_claims, case_lesson, case_steps, erased, meanwhile
from makegood.queries.case_asking import get_case_asking
from makegood.queries.case_page import CasePage, get_case_page
from makegood.queries.case_visits import read_brief
from makegood.queries.presence import who_is_here
from makegood.queries.remedies import CaseRemedies, get_case_remedies
from makegood.records.models import Case
from makegood.records.personal import GONE

Result = TypeVar("Result")
WEIGHED = {"make", "replace", "handover", "close", "reopen", "part", "decline_want", "instead"}
"""Acts that somebody may want to think over once a colleague has changed the case."""


def perform(
    request: StaffRequest, case: Case, act: Act, do: Callable[[dict[str, Any]], Done]
) -> HttpResponse:
    """Do what a valid form asks; `do` returns what is said when it is done."""
    if not act.form.is_valid():
        return show_case(request, case, act=act, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if act.name in WEIGHED and _changed_by_others(request, case):
        why = _("The case changed while you wrote. Your words are kept: look, then send them.")
        act = replace(act, refusal=why)
        return show_case(request, case, act=act, status=HTTPStatus.CONFLICT)
    doubt = date_doubts.unheard(request, case, act)
    if doubt is not None:
        act = replace(act, refusal=doubt.in_words(), doubted=doubt.key)
        return show_case(request, case, act=act, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = once(request, lambda: do(act.form.cleaned_data))
    except FormSentTwiceError:
        messages.info(request, _("This was sent twice. It counts once."))
        return _go_on(case, act)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_case(request, case, act=replace(act, refusal=why), status=status)
    undoing.remember(request, case, done)
    return _go_on(case, act)


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
    page, remedies = _read(request, case)
    others = _changed_by_others(request, case)
    asking = get_case_asking(
        case.pk, reader=request.user.pk, now=request.now, zone=zone_of(request)
    )
    is_gone = act is not None and gone.is_gone(act, page)
    context = {
        "page": page,
        "act": None if is_gone else act,
        "gone": act if is_gone else None,
        "all_events": "all" in request.GET,
        "fresh_link": fresh_link,
        "refusal": refusal,
        "remedies": remedies,
        "visits": read_brief(case.pk, now=request.now, zone=zone_of(request))
        if page.has_visits
        else (),
        "form_key": uuid4(),
        "may_hand_over": acts.may(request, case, "handover"),
        "asking": asking,
        "claims": case_claims.read_claims(case.pk, now=request.now, zone=zone_of(request))
        if asking.has_claims
        else (),
        "may_close": acts.may(request, case, "close"),
        **_lesson(request, case, page, act),
        "erased": erased.erased_of_case(case.pk, zone=zone_of(request))
        if page.customer.name == GONE
        else None,
        "here": who_is_here(case.pk, reader=request.user, now=request.now)
        if page.is_anybody_here
        else (),
        "meanwhile": [event for event in page.events if event.seq in others],
        "sent_key": _key(request) or uuid4(),
        "seen": page.events[0].seq if page.events else 0,
    }
    return show(request, "desk/case.html", context, status=status)


def _read(request: StaffRequest, case: Case) -> tuple[CasePage, CaseRemedies]:
    page = get_case_page(
        case.pk, reader=request.user, now=request.now, all_events="all" in request.GET
    )
    remedies = get_case_remedies(case, reader=request.user, effort=page.effort, now=request.now)
    if remedies.to_give:
        page = replace(page, steps=case_steps.owing(page.steps))
    return page, remedies


def _lesson(request: StaffRequest, case: Case, page: CasePage, act: Act | None) -> dict[str, Any]:
    """What the case taught, and the known words while somebody says why it happened."""
    lesson = None
    if page.has_lesson:
        lesson = case_lesson.read_lesson(case.pk, now=request.now, zone=zone_of(request))
    known = case_lesson.known() if act is not None and act.name == "why" else {}
    return {"lesson": lesson, **known}


def _go_on(case: Case, act: Act) -> HttpResponse:
    if act.back == acts.BOARD:
        return redirect("desk:my_word")
    here = reverse("desk:case", args=[case.reference])
    return redirect(f"{here}?act=make#acts" if act.back == acts.PROMISE else here)


def once(request: StaffRequest, do: Callable[[], Result]) -> Result:
    """Do what a form asks, unless this very form has done it before.

    :raises FormSentTwiceError: if it has.
    """
    key = _key(request)
    if key is None:
        return do()  # a form without a key was written by hand; the actions check it all the same
    return sending.once(key, do, by=request.user, now=request.now)


def _key(request: StaffRequest) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.POST.get("sent_key", ""))
    return None


def _changed_by_others(request: StaffRequest, case: Case) -> frozenset[int]:
    """The places of what others did since the form was opened; none for a page just asked for."""
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):  # noqa: PLR2004 - fits an integer
        return frozenset()
    return meanwhile.changed_by_others(case.pk, since=int(seen), reader=request.user.pk)
