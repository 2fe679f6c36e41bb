"""Who needs a second step: a page for administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.actions import sign_in
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.forbidden import ROLES
from makegood.doors.web.staff.desk import show
from makegood.queries.sign_in import second_steps
from makegood.records.models import StaffRole
from makegood.rules.roles import Right, Role


@allowed(Right.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def second_step_rules(request: StaffRequest) -> HttpResponse:
    """Which roles need a second step, and how many people have none yet."""
    if request.method == "POST":
        wanted = frozenset(
            StaffRole(role) for role in request.POST.getlist("role") if role in StaffRole.values
        )
        sign_in.require_second_step(wanted, by=request.user, now=request.now)
        messages.success(
            request, _("Saved. Who needs a second step now sets it up at their next click.")
        )
        return redirect("account_second_step_rules")
    rows = [(ROLES[Role(line.role)], line) for line in second_steps()]
    return show(request, "account/second_step_rules.html", {"rows": rows})
