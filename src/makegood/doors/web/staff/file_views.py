"""The file of a case for somebody outside the company: as JSON that checks itself, and on paper."""

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from makegood.doors import access
from makegood.doors.access import StaffRequest, allowed
from makegood.doors.papers import case_pdf
from makegood.queries.case_file import get_case_file
from makegood.rules import case_file
from makegood.rules.roles import Right


@allowed(Right.EXPORT)
@require_safe
def as_json(request: StaffRequest, reference: str) -> HttpResponse:
    """The file that a stranger can check."""
    case = access.case(request, reference)
    document = get_case_file(case.pk, now=request.now, by_role=not settings.CASE_FILE_NAMES)
    return _file(case_file.text(document), f"{case.reference}.json", "application/json")


@allowed(Right.EXPORT)
@require_safe
def as_paper(request: StaffRequest, reference: str) -> HttpResponse:
    """The same on paper, with the seal of the file on each page."""
    case = access.case(request, reference)
    document = get_case_file(case.pk, now=request.now, by_role=not settings.CASE_FILE_NAMES)
    return _file(case_pdf.render(document), f"{case.reference}.pdf", "application/pdf")


def _file(content: str | bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))  # noqa: FBT003 - Django's own: always a file to keep
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
