"""Signing what two systems send each other, by the Standard Webhooks scheme (v1, HMAC-SHA256).

The signature covers the message's id, its time and its body. An old message is refused, so that a
copy that somebody caught is of no use later.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

FRESH_FOR: Final = timedelta(minutes=5)
PREFIX: Final = "whsec_"
SHORTEST_SECRET: Final = 24


class SignatureError(ValueError):
    """What came is not from whom it says, or is too old to be believed."""


def key_of(secret: str) -> bytes:
    """The key in a secret such as "whsec_" and base64.

    :raises SignatureError: if it is none, or too short to be secret.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise SignatureError(
            "The secret must be base64, with or without whsec_ before it."
        ) from wrong
    if len(key) < SHORTEST_SECRET:
        raise SignatureError(f"The secret must be of at least {SHORTEST_SECRET} random bytes.")
    return key


def sign(body: bytes, *, key: bytes, message: str, at: datetime) -> str:
    """The signature of a message."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((message.encode(), stamp.encode(), body))
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def verify(
    body: bytes, *, key: bytes, message: str, stamp: str, signature: str, now: datetime
) -> None:
    """Refuse what was not signed with the key, or not just now.

    :param signature: one or several, with spaces between, while a secret is being changed.
    :raises SignatureError: if none is right, or the message is old or from the future.
    """
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < len("99999999999")):
        raise SignatureError("webhook-timestamp must be seconds since 1970.")
    at = datetime.fromtimestamp(int(stamp), UTC)
    if not message or abs(now - at) > FRESH_FOR:
        raise SignatureError("The message has no id, or was not signed within five minutes.")
    right = sign(body, key=key, message=message, at=at).encode()
    given = [one.encode("utf-8", "replace") for one in signature.split(" ")]
    if not any([hmac.compare_digest(one, right) for one in given]):  # noqa: C419 - all are compared
        raise SignatureError("The signature is not right.")
