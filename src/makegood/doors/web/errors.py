"""Pages for what went wrong: in the desk's words for staff, and in kinder ones for customers.

They ask the database nothing, since that may be what broke.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template import loader

CUSTOMERS = ("/c/", "/report")
"""Where addresses of customers' pages begin."""


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
    is_customers = request.path.startswith(CUSTOMERS)
    name = "customer/error.html" if is_customers else f"{status.value}.html"
    page = loader.render_to_string(name, {"status": status.value, "path": request.path})
    response = HttpResponse(page, status=status)
    if is_customers:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "private, no-store"
    return response
