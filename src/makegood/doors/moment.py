"""The moment of a request: read once, so that one page never sees two times."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase


class MomentRequest(HttpRequest):
    """A request that knows when it came."""

    now: datetime


class MomentMiddleware:
    """Stamp each request with `now`, aware and in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: MomentRequest) -> HttpResponseBase:
        """Stamp it, and go on."""
        request.now = datetime.now(UTC)
        return self._get_response(request)
