"""A gesture at the desk: one small thing that nobody promised, given in one act."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.actions import gestures
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.performing import show_case
from makegood.doors.web.staff.remedy_forms import GestureForm, first_error
from makegood.rules.roles import Right


@allowed(Right.GRANT_REMEDIES)
@require_POST
def give(request: StaffRequest, reference: str) -> HttpResponse:
    """Give something of the catalogue; the customer hears of it when it is there."""
    case = access.case(request, reference)
    form = GestureForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refusal=first_error(form), status=422)
    typed = form.cleaned_data
    key = f"desk-{request.user.pk}-{typed['key']}"
    try:
        given = gestures.give(case.pk, typed["item"], key=key, by=request.user, now=request.now)
    except refusals.TYPES as refused:
        status, why = refusals.explain(refused)
        return show_case(request, case, refusal=why, status=status)
    said = _("Noted: %(what)s. Send it today, and do not announce it.") % {"what": given.what}
    messages.success(request, said)
    return redirect("desk:case", case.reference)
