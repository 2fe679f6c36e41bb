"""Text messages: a service on the web that takes a signed POST for each, or the console.

A key that the service has had before sends nothing a second time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from makegood.gateways.heartbeat import plain_opener
from makegood.rules import signatures

CONSOLE = "console:"
TIMEOUT_SECONDS = 10
_LONGEST = 10_000
_TRY_AGAIN = frozenset({408, 409, 425, 429})
_FIRST_OF_SERVER = 500


class SmsError(Exception):
    """A text message was not taken, and should be tried again; the message says why."""


class SmsRefusedError(SmsError):
    """It will never be taken: somebody has to find another way."""


class SmsGatewayError(ValueError):
    """A service that cannot be used; the message says what would be right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """One text message, with the key that makes it leave once."""

    to: str
    words: str
    key: str


class Sms(Protocol):
    """Something that brings text messages to phones."""

    def hand_over(self, text: Text) -> str:
        """Take a message; the number that it is known by.

        :raises SmsError: if it should be tried again.
        :raises SmsRefusedError: if it never will be taken.
        """


class ConsoleSms:
    """The twin for a desk without a service: it writes a line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def hand_over(self, text: Text) -> str:
        """Write what would be sent."""
        self._write(f"Text message to {text.to}: {text.words}")
        return f"console-{text.key}"


class WebSms:
    """A service on the web, which knows keys: what it has had before it sends no second time.

    :raises SmsGatewayError: if the address is not one of https, or the secret is none.
    """

    def __init__(self, url: str, secret: str, *, clock: Callable[[], datetime]) -> None:
        parts = urlsplit(url)
        is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if not parts.hostname or parts.scheme not in ({"http", "https"} if is_here else {"https"}):
            raise SmsGatewayError("Text messages go to an address that begins with https://.")
        try:
            self._key = signatures.key_of(secret)
        except signatures.SignatureError as wrong:
            raise SmsGatewayError(f"MAKEGOOD_SMS_SECRET: {wrong}") from wrong
        self._url, self._host, self._clock = url, parts.hostname, clock

    def hand_over(self, text: Text) -> str:
        """Send it, with its key; a redirection is refused like any other odd answer.

        :raises SmsError: if nobody answers, or the service is busy.
        :raises SmsRefusedError: if the service refuses.
        """
        try:
            with plain_opener().open(self._request(text), timeout=TIMEOUT_SECONDS) as answer:
                return _reference(answer.read(_LONGEST))
        except HTTPError as refusal:
            refusal.close()
            why = f"{self._host} answered {refusal.code}."
            if refusal.code >= _FIRST_OF_SERVER or refusal.code in _TRY_AGAIN:
                raise SmsError(why) from refusal
            raise SmsRefusedError(why) from refusal
        except (OSError, HTTPException, ValueError) as error:
            raise SmsError(f"{self._host} was not reached: {error}") from error

    def _request(self, text: Text) -> Request:
        body = json.dumps({"to": text.to, "text": text.words, "key": text.key}).encode()
        now = self._clock()
        return Request(  # noqa: S310 - the address was checked
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": text.key,
                "webhook-id": text.key,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signatures.sign(body, key=self._key, message=text.key, at=now),
                "User-Agent": "Makegood",
            },
        )


def find_sms(
    address: str, *, secret: str, write: Callable[[str], None], clock: Callable[[], datetime]
) -> Sms:
    """The service for an address: `console:`, or https://...

    :raises SmsGatewayError: if it cannot be used.
    """
    if address in {"", CONSOLE}:
        return ConsoleSms(write)
    return WebSms(address, secret, clock=clock)


def _reference(body: bytes) -> str:
    answer = json.loads(body or b"{}")
    return str(answer.get("reference", ""))[:200] if isinstance(answer, dict) else ""
