"""News from a payment service: signed, taken once, and never believed beyond what was granted."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from makegood.actions import payments
from makegood.actions.payments import Arrival, UnknownPaymentError
from makegood.doors import access
from makegood.doors.moment import MomentRequest
from makegood.doors.numbers import body_length
from makegood.rules import money, signatures
from makegood.rules.money import MoneyError
from makegood.rules.promises import PromiseError
from makegood.rules.remedies import RemedyError
from makegood.rules.signatures import SignatureError

LONGEST = 20_000


class BadNewsError(ValueError):
    """News of a payment that cannot be read; the message says what would be right."""


@access.signed
@require_POST
def receive(request: MomentRequest) -> HttpResponse:
    """Take `{"key", "state": "arrived" or "failed", "at", "amount", "currency", ...}`.

    Answers 204 when it is recorded, also for the second time; 401 if the signature is not right,
    409 if it contradicts what was granted, 422 if it cannot be read.
    """
    try:
        body = _signed_body(request)
    except SignatureError as wrong:
        return _said(wrong, HTTPStatus.UNAUTHORIZED)
    try:
        _take(_read(body), now=request.now)
    except BadNewsError as wrong:
        return _said(wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    except UnknownPaymentError as wrong:
        return _said(wrong, HTTPStatus.NOT_FOUND)
    except (RemedyError, PromiseError) as wrong:
        return _said(wrong, HTTPStatus.CONFLICT)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _signed_body(request: MomentRequest) -> bytes:
    if not settings.PAYMENTS_SECRET:
        raise SignatureError(
            "MAKEGOOD_PAYMENTS_SECRET is not set, so that nothing can be believed."
        )
    if body_length(request) > LONGEST:
        raise SignatureError(f"News of a payment has at most {LONGEST} bytes.")
    body = request.body
    signatures.verify(
        body,
        key=signatures.key_of(settings.PAYMENTS_SECRET),
        message=request.headers.get("webhook-id", "")[:200],
        stamp=request.headers.get("webhook-timestamp", ""),
        signature=request.headers.get("webhook-signature", "")[:1_000],
        now=request.now,
    )
    return body


def _read(body: bytes) -> dict[str, Any]:
    try:
        news = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise BadNewsError("News of a payment is a JSON object.") from wrong
    if not isinstance(news, dict):
        raise BadNewsError("News of a payment is a JSON object.")
    for name in ("key", "state"):
        if not isinstance(news.get(name), str) or "\0" in news[name]:
            raise BadNewsError(f"News of a payment has a {name}.")
    return news


def _take(news: dict[str, Any], *, now: datetime) -> None:
    if news["state"] == "failed":
        payments.record_failed_by_key(news["key"], error=_text(news, "error"), now=now)
        return
    if news["state"] != "arrived":
        raise BadNewsError('The state of a payment is "arrived" or "failed".')
    arrival = Arrival(
        key=news["key"],
        at=min(_moment(news), now),
        evidence=f"The payment service confirmed it: {_text(news, 'reference') or news['key']}.",
        amount_minor=_amount(news),
        currency=_text(news, "currency"),
        reference=_text(news, "reference"),
    )
    payments.record_arrival(arrival, now=now)


def _moment(news: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(str(news.get("at")))
    except ValueError as wrong:
        raise BadNewsError("at is a moment such as 2026-06-01T09:00:00Z.") from wrong
    if at.tzinfo is None:
        raise BadNewsError("at has its offset, such as Z or +01:00.")
    return at


def _amount(news: dict[str, Any]) -> int:
    given = news.get("amount")
    if not isinstance(given, str):
        raise BadNewsError('amount is text such as "25.00".')
    try:
        return money.parse(given, _text(news, "currency"))
    except MoneyError as wrong:
        raise BadNewsError(str(wrong)) from wrong


def _text(news: dict[str, Any], name: str) -> str:
    given = news.get(name, "")
    return given.replace("\0", "")[:200] if isinstance(given, str) else ""


def _said(wrong: Exception, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(f"{wrong}\n", status=status, content_type="text/plain; charset=utf-8")
