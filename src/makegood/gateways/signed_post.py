"""A signed POST to a service on the web: what text messages and payments have in common.

By the Standard Webhooks scheme, with a key that stays the same at each try: a service that has had
it before does nothing a second time.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from makegood.gateways.heartbeat import plain_opener
from makegood.rules import signatures

TIMEOUT_SECONDS = 10
_LONGEST = 10_000
_TRY_AGAIN = frozenset({408, 409, 425, 429})
_FIRST_OF_SERVER = 500
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class AddressError(ValueError):
    """The address is not one of https; only this machine may be asked without."""


class NotTakenError(Exception):
    """Nobody answered, or the service is busy: the same is to be sent again later."""


class NeverTakenError(Exception):
    """The service refuses, and would again."""


class SignedPost:
    """A service that takes JSON, signed.

    :raises AddressError: if the address is not one of https.
    :raises SignatureError: if the secret is none.
    """

    def __init__(self, url: str, secret: str, *, clock: Callable[[], datetime]) -> None:
        parts = urlsplit(url)
        schemes = {"http", "https"} if parts.hostname in _HERE else {"https"}
        if not parts.hostname or parts.scheme not in schemes:
            raise AddressError
        self._key = signatures.key_of(secret)
        self._url, self._host, self._clock = url, parts.hostname, clock

    def send(self, document: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """Send a document; a redirection is refused like any other odd answer.

        :raises NotTakenError: if nobody answers, or not in JSON, or the service is busy.
        :raises NeverTakenError: if the service refuses.
        """
        request = self._request(json.dumps(document).encode(), key=key)
        try:
            with plain_opener().open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _answer(answer.read(_LONGEST))
        except HTTPError as refusal:
            refusal.close()
            why = f"{self._host} answered {refusal.code}."
            if refusal.code >= _FIRST_OF_SERVER or refusal.code in _TRY_AGAIN:
                raise NotTakenError(why) from refusal
            raise NeverTakenError(why) from refusal
        except (OSError, HTTPException, ValueError) as error:
            raise NotTakenError(f"{self._host} was not reached: {error}") from error

    def _request(self, body: bytes, *, key: str) -> Request:
        now = self._clock()
        return Request(  # noqa: S310 - the address was checked
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "webhook-id": key,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signatures.sign(body, key=self._key, message=key, at=now),
                "User-Agent": "Makegood",
            },
        )


def _answer(body: bytes) -> dict[str, Any]:
    answer = json.loads(body or b"{}")
    if not isinstance(answer, dict):
        raise ValueError("its answer is no JSON object")  # noqa: TRY004 - told as any odd answer
    return answer


def reference_in(answer: Mapping[str, Any]) -> str:
    """What the service calls it."""
    return str(answer.get("reference", ""))[:200]
