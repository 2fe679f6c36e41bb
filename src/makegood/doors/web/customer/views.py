"""The customer's page: opened by a secret link, read by GET, answered by POST, no account."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import callbacks, choices, convenience, replies, visits
from makegood.actions.callbacks import (
    CallWish,
    NoSuchCallError,
    NumberMissingError,
    WindowGoneError,
)
from makegood.actions.choices import ChoiceGoneError
from makegood.actions.convenience import Suits
from makegood.actions.replies import Sender, TooManyRepliesError
from makegood.actions.staff import NobodyToCoverError
from makegood.doors import language
from makegood.doors.access import Key, StaleFormError, link_only
from makegood.doors.moment import MomentRequest
from makegood.doors.numbers import whole_number
from makegood.doors.web.customer import visitors
from makegood.doors.web.customer.typed import (
    WORDS_MAX,
    Said,
    TypedError,
    moment_of,
    number_of,
    text_of,
    words_of,
)
from makegood.queries import visit_calendar
from makegood.queries.customer_page import get_customer_page
from makegood.records.models import Visit
from makegood.rules.convenience import read_tick
from makegood.rules.phones import PhoneError
from makegood.rules.promises import ClosedCaseError, OvertakenError, ToldTooLateError
from makegood.rules.visits import VisitError

THANKS = frozenset(
    {
        *("right", "not-right", "more", "words", "call", "no-call", "chosen", "other-day"),
        *("reported", "suits", "promised", "hours"),
    }
)
GONE = (ChoiceGoneError, ToldTooLateError, NoSuchCallError, OvertakenError, VisitError)
Act = Callable[[Sender], bool]


@link_only
@require_safe
def show_page(request: MomentRequest, _token: str, key: Key) -> HttpResponse:
    """What happened, what comes next, what was said and done."""
    if visitors.is_fetched_ahead(request):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    if visitors.is_preview(request):
        return render(request, "customer/preview.html")
    given = request.GET.get("thanks", "")
    return _show(request, _token, key, Said(thanks=given if given in THANKS else ""))


@link_only
@require_POST
def answer(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Hear whether it is right now, and if not, what would make it so."""
    if request.POST.get("right") == "yes":
        return _do(request, token, key, "right", _says_right)
    if request.POST.get("right") == "more":
        return _do(request, token, key, "more", _wants_more)
    return _do(request, token, key, "not-right", _says_not_right)


@link_only
@require_POST
def write(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Take words to the owner."""
    return _do(request, token, key, "words", _writes)


@link_only
@require_POST
def promised(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Hear what the customer was promised."""
    return _do(request, token, key, "promised", _was_promised)


@link_only
@require_POST
def ask_for_call(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Promise a call in the window that was chosen."""
    return _do(request, token, key, "call", _asks_for_call)


@link_only
@require_POST
def cancel_call(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """The call is no longer needed."""
    return _do(request, token, key, "no-call", _cancels_call)


@link_only
@require_POST
def choose(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Choose another time that is offered."""
    return _do(request, token, key, "chosen", _chooses)


@link_only
@require_POST
def choose_visit_time(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Choose another time for a visit."""
    return _do(request, token, key, "chosen", _chooses_visit_time)


@link_only
@require_POST
def agree_to_visit(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Say that the new time of a visit suits."""
    return _do(request, token, key, "suits", _agrees)


@link_only
@require_POST
def hours(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Say when visits suit, and how to be reached."""
    return _do(request, token, key, "hours", _suits)


@link_only
@require_safe
def show_visit_calendar(request: MomentRequest, _token: str, key: Key) -> HttpResponse:
    """The entry of a visit for the customer's own calendar."""
    visit = visit_calendar.visit_of_case(key.case, whole_number(request.GET.get("visit", "")))
    try:
        if visit is None:
            raise Http404
        content = visit_calendar.invitation(visit, now=request.now)
    except Visit.DoesNotExist as never:
        raise Http404 from never
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer


@link_only
@require_POST
def wish(request: MomentRequest, token: str, key: Key) -> HttpResponse:
    """Say which time would suit better, where none is offered."""
    return _do(request, token, key, "other-day", _wishes)


def _says_right(request: MomentRequest) -> Act:
    return lambda sender: replies.say_right(sender, now=request.now)


def _says_not_right(request: MomentRequest) -> Act:
    want = words_of(request, "want")
    return lambda sender: replies.say_not_right(sender, want, now=request.now)


def _wants_more(request: MomentRequest) -> Act:
    want = words_of(request, "want", required=_("Please say what you want as well."))
    return lambda sender: replies.say_more_wanted(sender, want, now=request.now)


def _writes(request: MomentRequest) -> Act:
    words = words_of(request, "words", required=_("Please write a few words first."))
    return lambda sender: replies.send_words(sender, words, now=request.now)


def _was_promised(request: MomentRequest) -> Act:
    words = words_of(request, "promised", required=_("Please say what you were promised."))
    return lambda sender: replies.say_promised(sender, words, now=request.now)


def _asks_for_call(request: MomentRequest) -> Act:
    wish = CallWish(opens=moment_of(request, "opens"), phone=text_of(request, "phone"))
    return lambda sender: callbacks.ask_for_call(sender, wish, now=request.now)


def _cancels_call(request: MomentRequest) -> Act:
    call = number_of(request, "call")
    return lambda sender: callbacks.cancel_call(sender, call, now=request.now)


def _chooses(request: MomentRequest) -> Act:
    choice = number_of(request, "choice")
    return lambda sender: choices.choose(sender, choice, now=request.now)


def _chooses_visit_time(request: MomentRequest) -> Act:
    visit, opens = number_of(request, "visit"), moment_of(request, "time")
    return lambda sender: visits.choose_time(sender, visit, opens, now=request.now)


def _agrees(request: MomentRequest) -> Act:
    visit, opens = number_of(request, "visit"), moment_of(request, "time")
    return lambda sender: visits.agree(sender, visit, opens, now=request.now)


def _suits(request: MomentRequest) -> Act:
    given = (read_tick(each) for each in request.POST.getlist("hours")[:100])
    suits = Suits.of((tick for tick in given if tick), text_of(request, "reach_by"))
    return lambda sender: convenience.say(sender, suits, now=request.now)


def _wishes(request: MomentRequest) -> Act:
    words = words_of(request, "wish", required=_("Please say which day or time suits you better."))
    step = number_of(request, "step")
    return lambda sender: choices.wish_for_another_day(sender, step, words, now=request.now)


def _do(
    request: MomentRequest,
    token: str,
    key: Key,
    what: str,
    read: Callable[[MomentRequest], Act],
) -> HttpResponse:
    """Read the form, do it once, and go back to the page; or say why not, with all words kept."""
    try:
        act = read(request)
        act(key.sender(request.POST.get("form_key", "")))
    except _REFUSALS as refused:
        status, problem, field = _explain(refused, what)
        said = Said(problem=problem, about=field, typed=_typed(request))
        return _show(request, token, key, said, status=status)
    return redirect(f"{reverse('customer:page', args=[token])}?{_query(request, thanks=what)}")


def _query(request: MomentRequest, **more: str) -> str:
    """The part of an address after `?`, with the language that was switched to."""
    switched = language.switched_to(request)
    return urlencode(({language.SWITCH: switched} if switched else {}) | more)


_REFUSALS = (
    TypedError,
    StaleFormError,
    TooManyRepliesError,
    WindowGoneError,
    NumberMissingError,
    PhoneError,
    ClosedCaseError,
    NobodyToCoverError,
    *GONE,
)
_FIELDS = {
    "call": "opens",
    "chosen": "choice",
    "other-day": "wish",
    "not-right": "want",
    "more": "want",
}


def _explain(refused: Exception, what: str) -> tuple[int, str, str]:
    """The status, the sentence, and the field that it is about."""
    field = _FIELDS.get(what, what)
    if isinstance(refused, TypedError):
        return HTTPStatus.UNPROCESSABLE_ENTITY, str(refused), refused.field
    if isinstance(refused, PhoneError | NumberMissingError):
        why = _("Please give a number that we can dial, such as +44 20 7946 0100.")
        return HTTPStatus.UNPROCESSABLE_ENTITY, why, "phone"
    return HTTPStatus.CONFLICT, _sentence(refused), field


def _sentence(refused: Exception) -> str:
    if isinstance(refused, StaleFormError):
        return _("This page was open for a long time. Please press the button once more.")
    if isinstance(refused, TooManyRepliesError):
        return _("We have all that you sent. Please wait a little before you send more.")
    if isinstance(refused, WindowGoneError):
        return _("Please choose one of these times. An earlier choice may have passed by now.")
    if isinstance(refused, ClosedCaseError):
        return _("This was closed as right. If it is not right after all, say so first.")
    if isinstance(refused, GONE):
        return _("That can no longer be changed here. What is promised now stands below.")
    return _("We could not take that just now. Please phone us; we are sorry.")


def _typed(request: MomentRequest) -> dict[str, str]:
    names = ("words", "promised", "want", "wish", "phone", "opens", "choice", "step")
    return {name: text_of(request, name) for name in names}


def _show(
    request: MomentRequest, token: str, key: Key, said: Said, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    query = _query(request)
    page = get_customer_page(key.case, now=request.now, everything="all" in request.GET)
    context = {
        "switch": f"?{query}" if query else "",
        "earlier": f"?{_query(request, all='1')}",
        "page": page,
        "made_good": page.made_good,
        "said": said,
        "token": token,
        "form_key": key.form_key(),
        "words_max": WORDS_MAX,
    }
    return render(request, "customer/page.html", context, status=status)
