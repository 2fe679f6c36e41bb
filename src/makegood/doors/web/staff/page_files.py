"""What pages of the desk list, as files: the same rows, for who may see the page and take lists."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_safe

from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.web.staff import list_files
from makegood.doors.web.staff.csv_export import csv_response
from makegood.doors.web.staff.desk import text_of
from makegood.doors.web.staff.week_views import week_of
from makegood.queries import learning, visit_week
from makegood.queries.mail_desk import get_mail_desk
from makegood.queries.search import RANKED_MAX, search
from makegood.queries.templates import get_templates
from makegood.rules.roles import Right

ALL = 1_000_000


@allowed(Right.EXPORT)
@require_safe
def found(request: StaffRequest) -> StreamingHttpResponse:
    """What a search has found, as many as it ranks."""
    page = search(text_of(request, "q"), reader=request.user, now=request.now, shown=RANKED_MAX)
    lines = list_files.search_lines(page, zone=request.user.zone)
    return csv_response("search", header=list_files.search_header(), rows=lines, now=request.now)


@allowed(Right.EXPORT)
@require_safe
def mail(request: StaffRequest) -> StreamingHttpResponse:
    """Mail that was set aside, or what machines wrote."""
    access.check(request, Right.TAKE_REPORTS)
    of_machines = "machines" in request.GET
    page = get_mail_desk(reader=request.user, of_machines=of_machines, now=request.now, shown=ALL)
    lines = list_files.mail_lines(page.cards, zone=request.user.zone)
    return csv_response("mail", header=list_files.mail_header(), rows=lines, now=request.now)


@allowed(Right.EXPORT)
@require_safe
def templates(request: StaffRequest) -> StreamingHttpResponse:
    """Every template, with where it is stopped."""
    cards = get_templates(reader=request.user, now=request.now, shown=None)
    lines = list_files.template_lines(cards)
    return csv_response(
        "templates", header=list_files.template_header(), rows=lines, now=request.now
    )


@allowed(Right.EXPORT)
@require_safe
def visits(request: StaffRequest) -> StreamingHttpResponse:
    """The week of the crews, and the visits without a time."""
    lines = list_files.visit_lines(week_of(request, shown=None), zone=request.user.zone)
    return csv_response("visits", header=list_files.visit_header(), rows=lines, now=request.now)


@allowed(Right.EXPORT)
@require_safe
def parts(request: StaffRequest) -> StreamingHttpResponse:
    """The parts that are on their way."""
    rows = visit_week.read_expected(request.user, now=request.now, shown=None)
    lines = list_files.part_lines(rows, zone=request.user.zone)
    return csv_response("parts", header=list_files.part_header(), rows=lines, now=request.now)


@allowed(Right.EXPORT)
@require_safe
def unnamed(request: StaffRequest) -> StreamingHttpResponse:
    """The closed cases that wait for their cause."""
    rows = learning.read_unnamed(reader=request.user, now=request.now, shown=None)
    lines = list_files.unnamed_lines(rows, zone=request.user.zone)
    return csv_response("unnamed", header=list_files.unnamed_header(), rows=lines, now=request.now)
