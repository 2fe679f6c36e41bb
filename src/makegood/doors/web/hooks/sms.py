"""News from the text message service: receipts, and what somebody wrote back.

A number is no proof of who writes: "YES" from it agrees to nothing. "STOP" and "START" are
heard by the number alone, whoever shares it.
"""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from makegood.actions import letter_news, texts
from makegood.doors import access
from makegood.doors.moment import MomentRequest
from makegood.rules import signatures
from makegood.rules.letters import LetterChannel
from makegood.rules.signatures import SignatureError

LONGEST = 20_000


@access.signed
@require_POST
def receive(request: MomentRequest) -> HttpResponse:
    """Take `{"kind": "delivered" or "failed", "reference", ...}`, or `"kind": "text"` and words.

    Answers 204 when it is recorded, also for the second time; 401 if the signature is not right,
    422 if it cannot be read.
    """
    try:
        body = _signed_body(request)
    except SignatureError as wrong:
        return HttpResponse(f"{wrong}\n", status=HTTPStatus.UNAUTHORIZED, content_type="text/plain")
    try:
        news = json.loads(body)
    except (ValueError, RecursionError):
        news = None
    if not isinstance(news, dict) or not _take(news, _key(request), now=request.now):
        said = "News of a text message is a JSON object with its kind.\n"
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return HttpResponse(said, status=status, content_type="text/plain")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _signed_body(request: MomentRequest) -> bytes:
    if not settings.SMS_SECRET:
        raise SignatureError("MAKEGOOD_SMS_SECRET is not set, so that nothing can be believed.")
    body = request.read(LONGEST + 1)
    if len(body) > LONGEST:
        raise SignatureError(f"News of a text message has at most {LONGEST} bytes.")
    signatures.verify(
        body,
        key=signatures.key_of(settings.SMS_SECRET),
        message=request.headers.get("webhook-id", "")[:200],
        stamp=request.headers.get("webhook-timestamp", ""),
        signature=request.headers.get("webhook-signature", "")[:1_000],
        now=request.now,
    )
    return bytes(body)


def _key(request: MomentRequest) -> str:
    """The number of the message, which is signed with it."""
    return request.headers.get("webhook-id", "").replace("\0", "")[:200]


def _take(news: dict[str, Any], key: str, *, now: datetime) -> bool:
    kind = news.get("kind")
    if kind == "text":
        texts.receive(_text(news, "from"), _text(news, "text"), key=key, now=now)
        return True
    letter = letter_news.find_by_provider(_text(news, "reference"), channel=LetterChannel.SMS)
    if kind == "delivered" and letter is not None:
        letter_news.delivered(letter, at=now, now=now)
    elif kind == "failed" and letter is not None:
        letter_news.bounced(letter, why=_text(news, "error"), at=now, now=now)
    return kind in {"delivered", "failed"}


def _text(news: dict[str, Any], name: str) -> str:
    given = news.get(name, "")
    return given.replace("\0", "")[:2_000] if isinstance(given, str) else ""
