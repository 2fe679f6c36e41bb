"""The weekly digest on the desk, before it goes out; executives turn their own off and on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.actions import digests
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web import refusals
from makegood.doors.web.staff.desk import show, zone_of
from makegood.queries.digest import get_digest
from makegood.records.models import StaffRole
from makegood.rules.digest import monday_of
from makegood.rules.roles import Right


@allowed(Right.SEE_WALL)
@require_safe
def show_digest(request: StaffRequest) -> HttpResponse:
    """The digest of last week."""
    context = {
        "page": get_digest(monday_of(request.now, zone=zone_of(request))),
        "is_executive": request.user.role == StaffRole.EXECUTIVE,
        "wanted": request.user.wants_digest,
    }
    return show(request, "desk/digest.html", context)


@allowed(Right.SEE_WALL)
@require_POST
def want(request: StaffRequest) -> HttpResponse:
    """Turn one's own digest off or on."""
    try:
        digests.want(request.user, wanted=request.POST.get("wanted") == "yes")
    except refusals.TYPES as refused:
        messages.error(request, refusals.explain(refused)[1])
    else:
        messages.success(request, _("Noted. It counts for you alone."))
    return redirect("desk:digest")
