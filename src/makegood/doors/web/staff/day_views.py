"""What is heard of a customer's own time: voicemails, and when visits suit them."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import convenience, voicemails
from makegood.actions.convenience import Suits
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff import day_acts
from makegood.doors.web.staff.day_forms import HoursForm
from makegood.doors.web.staff.performing import perform
from makegood.doors.web.staff.undoing import Done
from makegood.rules.roles import Right


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def voicemail(request: StaffRequest, reference: str) -> HttpResponse:
    """A voicemail was listened to: a call is owed."""
    case = access.case(request, reference)
    act = day_acts.voicemail(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        at = act.form.moment("at", now=request.now)
        voicemails.note(case.pk, typed["words"], at=at, by=request.user, now=request.now)
        return Done(says=_("The call is promised; it stands on their page."))

    return perform(request, case, act, do)


@allowed(Right.ANSWER_CUSTOMERS)
@require_POST
def hours(request: StaffRequest, reference: str) -> HttpResponse:
    """When visits suit the customer, as they said."""
    case = access.case(request, reference)
    act = day_acts.hours(request, case, request.POST)

    def do(typed: dict[str, Any]) -> Done:
        ticks = act.form.ticks() if isinstance(act.form, HoursForm) else []
        suits = Suits.of(ticks, typed["reach_by"])
        convenience.note(case.pk, suits, by=request.user, now=request.now)
        return Done(says=_("Kept. The next times are chosen by it."))

    return perform(request, case, act, do)
