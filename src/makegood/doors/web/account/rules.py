"""Who needs a second step, and who has lost theirs: a page for administrators."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.actions import sign_in
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.numbers import whole_number
from makegood.doors.web.forbidden import ROLES
from makegood.doors.web.staff.desk import show, zone_of
from makegood.queries.settings import history
from makegood.queries.sign_in import people_with_second_step, second_steps
from makegood.records.models import Staff, StaffRole, Thing
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
    return _show(request)


@allowed(Right.MANAGE_STAFF)
@require_POST
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth's
def drop_second_step(request: StaffRequest) -> HttpResponse:
    """Help somebody who has lost phone, key and paper."""
    known = dict(people_with_second_step())
    pk = whole_number(request.POST.get("person", ""))
    if pk not in known:
        raise Http404
    sign_in.drop_second_steps(Staff.objects.get(pk=pk), by=request.user, now=request.now)
    messages.success(
        request,
        _("%(name)s signs in by password alone now, and was told by letter.") % {"name": known[pk]},
    )
    return redirect("account_second_step_rules")


def _show(request: StaffRequest) -> HttpResponse:
    rows = [(ROLES[Role(line.role)], line) for line in second_steps()]
    context = {
        "rows": rows,
        "people": people_with_second_step(),
        "history": history.history_of(Thing.SIGN_IN, zone=zone_of(request)),
        "section": "sign_in",
    }
    return show(request, "account/second_step_rules.html", context)
