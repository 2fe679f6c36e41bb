"""Text messages: a service on the web that takes a signed POST for each, or the console.

A key that the service has had before sends nothing a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from makegood.gateways.signed_post import (
    AddressError,
    NeverTakenError,
    NotTakenError,
    SignedPost,
    reference_in,
)
from makegood.rules.signatures import SignatureError

CONSOLE = "console:"


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
        try:
            self._post = SignedPost(url, secret, clock=clock)
        except AddressError as wrong:
            raise SmsGatewayError(
                "Text messages go to an address that begins with https://."
            ) from wrong
        except SignatureError as wrong:
            raise SmsGatewayError(f"MAKEGOOD_SMS_SECRET: {wrong}") from wrong

    def hand_over(self, text: Text) -> str:
        """Send it, with its key.

        :raises SmsError: if nobody answers, or the service is busy.
        :raises SmsRefusedError: if the service refuses.
        """
        document = {"to": text.to, "text": text.words, "key": text.key}
        try:
            return reference_in(self._post.send(document, key=text.key))
        except NotTakenError as busy:
            raise SmsError(str(busy)) from busy
        except NeverTakenError as refused:
            raise SmsRefusedError(str(refused)) from refused


def find_sms(
    address: str, *, secret: str, write: Callable[[str], None], clock: Callable[[], datetime]
) -> Sms:
    """The service for an address: `console:`, or https://...

    :raises SmsGatewayError: if it cannot be used.
    """
    if address in {"", CONSOLE}:
        return ConsoleSms(write)
    return WebSms(address, secret, clock=clock)
