"""Leading a browser elsewhere, also one that asked for a fragment; and back to where it was."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect


def lead(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to an address: the whole page, not a fragment of it."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def sent_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, if the browser tells; else where all begins."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return "/"
    return urlunsplit(("", "", page.path, page.query, ""))
