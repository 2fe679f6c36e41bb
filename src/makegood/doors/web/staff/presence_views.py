"""Who is on a case: pages say that they are looked at, and hear who else looks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from makegood.actions import presence
from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.queries.presence import who_is_here
from makegood.rules.roles import Right


@allowed(Right.SEE_CASES)
@require_POST
def be_here(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that one looks at the case, and maybe types; answers who else is here."""
    case = access.case(request, reference)
    typing = request.POST.get("typing") == "1"
    presence.be_here(case_id=case.pk, staff_id=request.user.pk, typing=typing, now=request.now)
    here = who_is_here(case.pk, reader=request.user, now=request.now)
    return render(request, "desk/case_here.html", {"here": here})


@allowed(Right.SEE_CASES)
@require_POST
def leave(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that one has left the page."""
    case = access.case(request, reference)
    presence.leave(case_id=case.pk, staff_id=request.user.pk)
    return HttpResponse(status=204)
