"""Pages for what went wrong: in the desk's words for staff, and in kinder ones for customers.

They ask the database nothing, since that may be what broke.
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template import loader

from makegood.doors.unsent import unsent_of

CUSTOMERS = re.compile(r"/(?:c|report)(?:/|$)")
"""How addresses of customers' pages begin."""

WHENCE = re.compile(r"(?P<page>/(?:c|cases)/[^/]+)/")
"""The page that an act's address belongs to, as far as one sees that."""


class NoPageMiddleware:
    """Leads whoever opens the address of an act, which only takes what is sent, to its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Explain 405 to people; programs get it bare."""
        response = self.get_response(request)
        is_for_people = "text/html" in request.headers.get("Accept", "")
        if not isinstance(response, HttpResponseNotAllowed) or not is_for_people:
            return response
        page = _page(request, HTTPStatus.METHOD_NOT_ALLOWED)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page of 400: the request could not be read."""
    return _page(request, HTTPStatus.BAD_REQUEST)


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page of 404: nothing is there."""
    return _page(request, HTTPStatus.NOT_FOUND)


def show_broken(request: HttpRequest) -> HttpResponse:
    """The page of 500: something broke on our side."""
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    is_customers = CUSTOMERS.match(request.path) is not None
    name = "customer/error.html" if is_customers else f"{status.value}.html"
    whence = WHENCE.match(request.path) if status is HTTPStatus.METHOD_NOT_ALLOWED else None
    context: dict[str, object] = {
        "status": status.value,
        "whence": whence["page"] if whence else "",
        # Whether that is still good is for the database to say, which is not asked here.
        "is_stranger": settings.SESSION_COOKIE_NAME not in request.COOKIES,
    }
    if is_customers:
        context["unsent"] = unsent_of(request)
    page = loader.render_to_string(name, context)
    response = HttpResponse(page, status=status)
    if is_customers:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "private, no-store"
    return response
