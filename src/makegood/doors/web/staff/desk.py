"""What all pages of the desk share: who reads them, and how an answer is rendered."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render

from makegood.doors.access import StaffRequest
from makegood.queries import people


def show(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the desk."""
    presence = people.presence_of(request.user, now=request.now)
    return render(request, template, {"presence": presence, **context}, status=status)


def zone_of(request: StaffRequest) -> ZoneInfo:
    """The zone in which the reader lives and types."""
    return ZoneInfo(request.user.zone)


def text_of(request: StaffRequest, name: str, *, longest: int = 100) -> str:
    """A text from the address, without what PostgreSQL cannot hold."""
    return request.GET.get(name, "").replace("\x00", "")[:longest]


def number_of(request: StaffRequest, name: str, *, default: int = 0) -> int:
    """A whole number from the address; anything else is the default."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else default  # noqa: PLR2004 - fits a bigint
