"""Taking back a slip of the hand: what was done last, offered for some minutes, on a page button.

What an undo takes back stands signed in its own form, so that a button does exactly what it says,
in whichever tab and however late it is pressed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import cases, contacts, corrections, links
from makegood.actions import undo as undo_actions
from makegood.actions.changes import CannotUndoError, Editor
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed, staff_only
from makegood.doors.web.staff.desk import DONE, show
from makegood.language import sentences
from makegood.records.models import Case
from makegood.rules.roles import Right
from makegood.rules.undoing import UNDO_FOR, UndoError

SALT = "makegood.desk.undo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What an act says when it is done: how it is taken back, or why it stays as it is."""

    says: str
    undo: tuple[str, str] | None = None
    stays: str = ""


def remember(request: StaffRequest, case: Case, done: Done) -> None:
    """Say what was done on a case, and offer on the next pages to take it back."""
    place = reverse("desk:case", args=[case.reference])
    _remember(request, done, place=place, case=case)


def remember_own(request: StaffRequest, done: Done, *, place: str) -> None:
    """Say what somebody did about themselves, and offer to take it back, longest on `place`."""
    _remember(request, done, place=place)


@staff_only
@require_POST
def undo(request: StaffRequest) -> HttpResponse:
    """Take back what the form names."""
    given = _read(request)
    if given is None:
        return _refuse(request, _("This can be taken back for ten minutes only."))
    case = _case(request, given)
    try:
        said = _take_back(request, case, given)
    except (UndoError, CannotUndoError) as refused:
        return _refuse(request, sentences.said(str(refused)), case=case)
    request.session.pop(DONE, None)
    messages.success(request, said)
    return redirect("desk:case", case.reference) if case else redirect("desk:absence")


@allowed(Right.SEE_CASES)
@require_POST
def dismiss(request: StaffRequest) -> HttpResponse:
    """Offer it no more."""
    request.session.pop(DONE, None)
    return redirect("desk:my_word")


def _remember(request: StaffRequest, done: Done, *, place: str, case: Case | None = None) -> None:
    messages.success(request, done.says)
    token = ""
    if done.undo is not None:
        what, on = done.undo
        about = case.pk if case else None
        token = signing.dumps(
            {"what": what, "on": on, "case": about, "by": request.user.pk}, salt=SALT
        )
    request.session[DONE] = {
        "says": done.says,
        "token": token,
        "stays": done.stays,
        "reference": case.reference if case else "",
        "place": place,
        "at": request.now.isoformat(),
    }


def _case(request: StaffRequest, given: Mapping[str, Any]) -> Case | None:
    """The case that it was done on, which needs the right to act on cases; none for oneself."""
    if given["case"] is None:
        return None
    access.check(request, Right.ANSWER_CUSTOMERS)
    return access.case_by_id(request, given["case"])


def _take_back(request: StaffRequest, case: Case | None, given: Mapping[str, Any]) -> str:
    if case is None:
        return _OWN_UNDOERS[given["what"]](request, given["on"])
    return _UNDOERS[given["what"]](request, case, given["on"])


def _read(request: StaffRequest) -> Mapping[str, Any] | None:
    try:
        given: Mapping[str, Any] = signing.loads(
            request.POST.get("undo", ""), salt=SALT, max_age=UNDO_FOR
        )
    except signing.BadSignature:
        return None
    return given if given["by"] == request.user.pk else None


def _refuse(request: StaffRequest, why: str, *, case: Case | None = None) -> HttpResponse:
    request.session.pop(DONE, None)
    context = {"why": why, "reference": case.reference if case else ""}
    return show(request, "desk/not_undone.html", context, status=HTTPStatus.CONFLICT)


def _contact(request: StaffRequest, _case: Case, on: str) -> str:
    contacts.withdraw_contact(contact_id=int(on), by=request.user, now=request.now)
    return _("The contact is taken back. It stays on the timeline, and counts no more.")


def _handover(request: StaffRequest, _case: Case, on: str) -> str:
    cases.withdraw_handover(handover_id=int(on), by=request.user, now=request.now)
    return _("The hand-over is taken back. The owner stays the owner.")


def _kept(request: StaffRequest, _case: Case, on: str) -> str:
    corrections.take_back_kept(promise_id=int(on), by=request.user, now=request.now)
    return _("Not kept after all: the promise stands again, for the same time.")


def _closing(request: StaffRequest, case: Case, _on: str) -> str:
    access.check_on_case(request, case, others=Right.CLOSE_OTHERS)
    why = _("A slip of the hand.")
    corrections.take_back_closing(case_id=case.pk, why=why, by=request.user, now=request.now)
    return _("Open again, with the same owner and a new promise.")


def _links(request: StaffRequest, case: Case, on: str) -> str:
    access.check(request, Right.MANAGE_LINKS)
    revoked_at = datetime.fromisoformat(on)
    links.restore_links(case.pk, revoked_at=revoked_at, by=request.user, now=request.now)
    return _("The links open the customer's page again.")


def _absence(request: StaffRequest, on: str) -> str:
    undo_actions.undo(int(on), editor=Editor(by=request.user, now=request.now))
    return _("Taken back: your absence is as it was before.")


_UNDOERS: Mapping[str, Callable[[StaffRequest, Case, str], str]] = {
    "contact": _contact,
    "closing": _closing,
    "handover": _handover,
    "kept": _kept,
    "links": _links,
}
_OWN_UNDOERS: Mapping[str, Callable[[StaffRequest, str], str]] = {"absence": _absence}
"""What somebody did about themselves, on no case."""
