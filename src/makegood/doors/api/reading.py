"""Reading by the API: pages of long lists, each with the address of the next (RFC 8288)."""

from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from makegood.queries.api.pages import Page

Item = TypeVar("Item")
ROWS = 50


def linked(request: HttpRequest, response: HttpResponse, page: Page[Item]) -> Page[Item]:
    """The page, with the address of the next one beside it."""
    if page.next is not None:
        asked = request.GET.copy()
        asked["cursor"] = page.next
        address = request.build_absolute_uri(f"{request.path}?{urlencode(asked, doseq=True)}")
        response.headers["Link"] = f'<{address}>; rel="next"'
    return page
