"""Calendars that staff and crews subscribe to, at secret addresses that can be revoked."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from makegood.actions import crews
from makegood.doors import access
from makegood.doors.moment import MomentRequest
from makegood.queries import visit_calendar


@access.public
@require_safe
def show_feed(request: MomentRequest, token: str) -> HttpResponse:
    """The visits behind a secret address; one that is unknown or revoked shows nothing."""
    content = visit_calendar.feed(crews.digest(token), now=request.now)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    access.keep_secret(answer)
    return answer
