"""The reviewer's page of patterns: to look at, and for nothing else."""

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import show
from makegood.queries import patterns as queries
from makegood.rules.roles import Right


@allowed(Right.REVIEW_PATTERNS)
@require_safe
def patterns(request: StaffRequest) -> HttpResponse:
    """Who was given more often than chance explains, in the last year."""
    page = queries.read_patterns(now=request.now)
    return show(request, "desk/patterns.html", {"page": page})


@allowed(Right.REVIEW_PATTERNS)
@require_safe
def patterns_file(request: StaffRequest) -> StreamingHttpResponse:
    """The same as a file."""
    access.check(request, Right.EXPORT)
    header = (
        _("Customer"), _("Given in a year"), _("Their cases in it"), _("Chance after all"),
        _("Latest case"),
    )  # fmt: skip
    lines = (
        (line.name, line.paid, line.cases, line.chance, line.reference)
        for line in queries.read_patterns(now=request.now).lines
    )
    return csv_response("patterns", header=header, rows=lines, now=request.now)
