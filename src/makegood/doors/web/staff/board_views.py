"""My word: the home of an owner; what they were told, and the brief of one telling."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import escalation as escalation_actions
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show, zone_of
from makegood.doors.web.staff.knowledge_forms import AnswerForm
from makegood.queries.brief import get_brief
from makegood.queries.promise_board import get_board
from makegood.records.models import Escalation
from makegood.rules.roles import Right


@allowed(Right.SEE_CASES)
@require_safe
def my_word(request: StaffRequest) -> HttpResponse:
    """Everything that the reader has promised, soonest first."""
    return show_board(request)


def show_board(
    request: StaffRequest, *, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    """The board, perhaps with why something on it was refused."""
    board = get_board(request.user, now=request.now, everything="all" in request.GET)
    context = {
        "board": board,
        "requests": board.requests,
        "raised": board.raised,
        "refusal": refusal,
        "answer": AnswerForm(zone=zone_of(request), name="answer"),
    }
    return show(request, "desk/my_word.html", context, status=status)


@allowed(Right.SEE_CASES)
@require_safe
def brief(request: StaffRequest, escalation_id: int) -> HttpResponse:
    """All that one needs before speaking to the customer, on one screen."""
    return _show_brief(request, access.escalation(request, escalation_id))


@allowed(Right.SEE_CASES)
@require_POST
def acknowledge(request: StaffRequest, escalation_id: int) -> HttpResponse:
    """Say that one has heard it; what stays open speaks again."""
    telling = access.escalation(request, escalation_id)
    if not access.may_acknowledge(request, telling):
        raise PermissionDenied
    try:
        escalation_actions.acknowledge(escalation_id=telling.pk, by=request.user, now=request.now)
    except AlreadyAcknowledgedError:
        return _show_brief(request, telling, status=HTTPStatus.CONFLICT)
    messages.success(request, _("Acknowledged. While it stays open, you will hear of it again."))
    if request.POST.get("back") == "brief":
        return redirect("desk:brief", telling.pk)
    return redirect("desk:my_word")


def _show_brief(
    request: StaffRequest, telling: Escalation, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "brief": get_brief(telling.pk, reader=request.user, now=request.now),
        "may_acknowledge": access.may_acknowledge(request, telling),
        "was_acknowledged": status == HTTPStatus.CONFLICT,
    }
    return show(request, "desk/brief.html", context, status=status)
