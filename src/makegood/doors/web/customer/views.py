"""The customer's page: opened by a secret link, read by GET, answered by POST, no account."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import cases, contacts
from makegood.actions.cases import CaseError
from makegood.actions.contacts import Touch
from makegood.actions.staff import NobodyToCoverError
from makegood.doors.access import Key, StaleFormError, link_only
from makegood.doors.moment import MomentRequest
from makegood.queries import answers
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import Case, Contact, Direction
from makegood.rules.promises import Channel, PromiseError

WORDS_MAX = 2_000
WRITES_AN_HOUR = 20
IS_RIGHT = "The customer says that it is right."
NOT_YET = "The customer says that it is not right yet."
WANTS_A_CALL = "The customer asks for a call."
THANKS = frozenset({"right", "not-yet", "written", "call"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the page says back, and the words that were typed, if they have to stay."""

    thanks: str = ""
    problem: str = ""
    field: str = ""
    words: str = ""


@link_only
@require_safe
def show_page(request: MomentRequest, _token: str, key: Key) -> HttpResponse:
    """What happened, what comes next, what was said and done."""
    given = request.GET.get("thanks", "")
    return _show(request, _token, key, Said(thanks=given if given in THANKS else ""))


@link_only
@require_POST
def answer(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Hear whether it is right now."""
    is_right = request.POST.get("right") == "yes"
    said = _check(request, key)
    if said is not None:
        return _show(request, token, key, said, status=HTTPStatus.CONFLICT)
    contact = _record(request, key, IS_RIGHT if is_right else NOT_YET)
    if contact is not None:
        act = cases.close_case if is_right else cases.reopen_case
        _try(act, key, contact, request)
    return _thank(token, "right" if is_right else "not-yet")


@link_only
@require_POST
def write(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Take words to the owner."""
    words = _typed(request, "words")
    said = _check(request, key, field="words", words=words)
    if said is None and not words:
        said = Said(problem=_("Please write a few words first."), field="words")
    if said is not None:
        return _show(request, token, key, said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _record(request, key, words)
    return _thank(token, "written")


@link_only
@require_POST
def ask_for_call(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Take the wish for a call, to the number that is on file and to no other."""
    words = _typed(request, "when")
    said = _check(request, key, field="when", words=words)
    if said is not None:
        return _show(request, token, key, said, status=HTTPStatus.CONFLICT)
    _record(request, key, f"{WANTS_A_CALL} {words}".strip())
    return _thank(token, "call")


def _thank(token: str, what: str) -> HttpResponse:
    return redirect(f"{reverse('customer:page', args=[token])}?thanks={what}")


def _show(
    request: MomentRequest, token: str, key: Key, said: Said, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "page": get_customer_page(key.case, now=request.now),
        "said": said,
        "token": token,
        "form_key": key.form_key(),
        "words_max": WORDS_MAX,
    }
    return render(request, "customer/page.html", context, status=status)


def _check(request: MomentRequest, key: Key, *, field: str = "", words: str = "") -> Said | None:
    """What stands against taking this form, if anything."""
    try:
        key.check_form_key(request.POST.get("form_key", ""))
    except StaleFormError:
        problem = _("This page was open for a long time. Please press the button once more.")
        return Said(problem=problem, field=field, words=words)
    if answers.written_in_the_last_hour(key.case, now=request.now) >= WRITES_AN_HOUR:
        problem = _("We have all that you wrote. Please wait a little before you write again.")
        return Said(problem=problem, field=field, words=words)
    return None


def _record(request: MomentRequest, key: Key, note: str) -> Contact | None:
    """Record the customer's words, once: None if the same came a moment ago."""
    is_twice = answers.is_same_contact_recorded(
        key.case, channel=Channel.WEB, direction=Direction.INBOUND, note=note, now=request.now
    )
    if is_twice:
        return None
    touch = Touch(channel=Channel.WEB, direction=Direction.INBOUND, at=request.now, note=note)
    return contacts.record_contact(key.case, touch, now=request.now)


def _try(act: Callable[..., Case], key: Key, contact: Contact, request: MomentRequest) -> None:
    try:
        act(case_id=key.case, answer=contact, now=request.now)
    except (CaseError, PromiseError, NobodyToCoverError):
        # Something is still promised, or it was closed or opened before: the answer stands all
        # the same, and the owner sees it.
        return


def _typed(request: MomentRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:WORDS_MAX]
