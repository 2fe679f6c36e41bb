"""What a crew reports of a round, on a phone: done, done in part, or not done."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import rounds
from makegood.actions.rounds import CrewReport, RoundReportError
from makegood.doors.access import MissingRightError, StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web.staff.desk import show
from makegood.language import sentences
from makegood.queries import rounds as queries
from makegood.queries import visit_round
from makegood.rules.roles import Right
from makegood.rules.rounds import Came


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def report(request: StaffRequest, run_id: int) -> HttpResponse:
    """Take what a crew says of one day; what was missed becomes an incident at once."""
    run = queries.find_run(run_id)
    if run is None:
        raise Http404
    if not queries.is_of(run, person=request.user):
        raise MissingRightError(Right.PLAN_VISITS)
    try:
        said = _said(request)
        rounds.report(run_id, said, by=request.user, now=request.now)
    except RoundReportError as wrong:
        return _show(request, refusal=sentences.said(str(wrong)))
    if said.came is Came.DONE:
        messages.success(request, _("Reported: done. Thank you."))
    else:
        messages.success(request, _("Reported. Everybody whom you could not reach is told now."))
    return redirect("desk:round")


def _said(request: StaffRequest) -> CrewReport:
    came = request.POST.get("came", "")
    if came not in list(Came):
        raise RoundReportError(_("Say whether the round was done."))
    return CrewReport(
        came=Came(came),
        areas=tuple(request.POST.getlist("area")[:1000]),
        stops=tuple(filter(None, map(whole_number, request.POST.getlist("stop")[:1000]))),
        note=request.POST.get("note", "").replace("\x00", ""),
    )


def _show(request: StaffRequest, *, refusal: str) -> HttpResponse:
    context = {
        "page": visit_round.read_round(request.user, now=request.now),
        "runs": queries.out_today(request.user, now=request.now),
        "refusal": refusal,
        "sent_key": uuid4(),
    }
    return show(request, "desk/round.html", context, status=HTTPStatus.CONFLICT)
