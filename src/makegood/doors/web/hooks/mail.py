"""News from the mail provider: mail that came in, and what became of letters.

Anymail reads each provider's own form; only the provider that is configured is listened to, and
only with the secret. Nothing here is believed that the mail itself does not prove.
"""

import hashlib
from datetime import datetime
from http import HTTPStatus
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailError
from anymail.exceptions import AnymailWebhookValidationFailure as NotValid
from anymail.urls import urlpatterns as of_providers
from django.conf import settings
from django.http import HttpResponse
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RoutePattern
from django.views.decorators.http import require_POST

from makegood.actions import letter_news, mails
from makegood.actions.mails import Came
from makegood.doors import access
from makegood.doors.moment import MomentRequest
from makegood.doors.numbers import body_length
from makegood.rules.incoming.parsing import RAW_MAX
from makegood.rules.letters import LetterChannel, one_line

_UNREADABLE = (AnymailError, AnymailConfigurationError, TypeError, AttributeError)
CAME_BACK = frozenset({"bounced", "rejected", "failed"})
_RESOLVER = URLResolver(RoutePattern(""), of_providers)


@access.signed
@require_POST
def receive(request: MomentRequest, what: str) -> HttpResponse:
    """Take a webhook of the provider: `inbound` or `tracking`.

    Answers 404 for a provider that is not ours, 401 without the secret, 422 if it cannot be read,
    413 if it is too large.
    """
    if not settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if body_length(request) > 2 * RAW_MAX:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        view = _view_of_provider(what)
        view.run_validators(request)
        events = view.parse_events(request)
    except Resolver404:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    except NotValid:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    except (*_UNREADABLE, KeyError, ValueError):
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    for event in events:
        _take(event, now=request.now)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _view_of_provider(what: str) -> Any:  # noqa: ANN401 - anymail has no types
    match = _RESOLVER.resolve(f"{settings.MAIL_PROVIDER}/{what}/")
    return match.func.view_class()  # type: ignore[attr-defined]  # as Django's as_view makes it


def _take(event: Any, *, now: datetime) -> None:  # noqa: ANN401 - anymail has no types
    message = getattr(event, "message", None)
    if message is not None:
        _take_mail(_raw(message), str(event.event_id or ""), now=now)
        return
    letter = letter_news.find_by_provider(
        str(event.message_id or "")[:250], channel=LetterChannel.EMAIL
    )
    if letter is None:
        return
    at = event.timestamp or now
    if event.event_type == "delivered":
        letter_news.delivered(letter, at=at, now=now)
    elif event.event_type in CAME_BACK:
        why = str(event.description or event.mta_response or event.reject_reason or "")
        letter_news.bounced(letter, why=why.replace("\0", "")[:500], at=at, now=now)


def _raw(message: Any) -> bytes:  # noqa: ANN401 - anymail has no types
    """The mail, with the address that it really went to on top."""
    to = one_line(str(message.envelope_recipient or ""))
    return (f"Delivered-To: {to}\r\n".encode() if to else b"") + bytes(message.as_bytes())


def _take_mail(raw: bytes, number: str, *, now: datetime) -> None:
    """A provider that gives no number gives the same mail the same bytes."""
    place = number.replace("\0", "")[:200] or hashlib.sha256(raw).hexdigest()
    came = Came(
        raw=raw[:RAW_MAX],
        source=f"hook:{settings.MAIL_PROVIDER}",
        place=place,
        is_cut=len(raw) > RAW_MAX,
    )
    mails.receive(came, now=now)
