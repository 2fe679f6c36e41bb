"""What all pages of the desk share: who reads them, and how an answer is rendered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from makegood.doors.access import StaffRequest
from makegood.doors.numbers import whole_number
from makegood.queries import people
from makegood.rules.undoing import UNDO_FOR

DONE = "done"
SHOWN_FOR = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAct:
    """What the reader did a moment ago: with a token it can be taken back, else it says why not."""

    says: str
    token: str
    stays: str
    reference: str


def show(
    request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of the desk."""
    presence = people.presence_of(request.user, now=request.now)
    shared = {
        "presence": presence,
        "last_act": _last_act(request),
        "live_url": settings.LIVE_URL,
        "live_since": presence.position,
    }
    return render(request, template, {**shared, **context}, status=status)


def _last_act(request: StaffRequest) -> LastAct | None:
    """The last act while it is fresh: for a minute, on its own page while undo works."""
    done = request.session.get(DONE)
    if done is None:
        return None
    age = request.now - datetime.fromisoformat(done["at"])
    on_its_page = request.path == done.get("place")
    if age > (UNDO_FOR if on_its_page and done["token"] else SHOWN_FOR):
        return None
    return LastAct(
        says=done["says"], token=done["token"], stays=done["stays"], reference=done["reference"]
    )


def zone_of(request: StaffRequest) -> ZoneInfo:
    """The zone in which the reader lives and types."""
    return ZoneInfo(request.user.zone)


def text_of(request: StaffRequest, name: str, *, longest: int = 100) -> str:
    """A text from the address, without what PostgreSQL cannot hold."""
    return request.GET.get(name, "").replace("\x00", "")[:longest]


def number_of(request: StaffRequest, name: str, *, default: int = 0) -> int:
    """A whole number from the address; anything else is the default."""
    return whole_number(request.GET.get(name, ""), default=default)
