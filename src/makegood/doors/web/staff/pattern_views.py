"""The reviewer's page of patterns: to look at, and for nothing else."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.desk import show
from makegood.queries import patterns as queries
from makegood.rules.roles import Right


@allowed(Right.REVIEW_PATTERNS)
@require_safe
def patterns(request: StaffRequest) -> HttpResponse:
    """Who was given more often than chance explains, in the last year."""
    page = queries.read_patterns(now=request.now)
    return show(request, "desk/patterns.html", {"page": page})
