"""The language of an answer: the person's own, else what the browser asks for, else the company's.

Staff choose theirs under their own details. On a customer's page the customer's comes first; its
switch is a part of the address, so that reading in another language changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from makegood.language import choice
from makegood.records.models import Staff

SWITCH = "language"


class LanguageMiddleware:
    """Speak to each request in its language while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the language, speak it, and say so."""
        language = switched_to(request) or _own(request)
        with choice.speaking(language or translation.get_language_from_request(request)):
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", choice.current())
        patch_vary_headers(response, ["Accept-Language"])
        return response


def switched_to(request: HttpRequest) -> str:
    """The language that the address asks for, if we speak it."""
    wanted = request.GET.get(SWITCH, "")
    return wanted if wanted in choice.codes() else ""


@contextmanager
def speaking_to_customer(request: HttpRequest, language: str) -> Iterator[None]:
    """Speak to a customer: as the address asks, else as they are known to speak.

    Without either, it stays what their browser asks for.
    """
    with choice.speaking(switched_to(request) or language or choice.current()):
        yield


def _own(request: HttpRequest) -> str:
    """What somebody who has signed in has chosen for themselves, if we speak it."""
    user = getattr(request, "user", None)
    chosen = user.language if isinstance(user, Staff) else ""
    return chosen if chosen in choice.codes() else ""
