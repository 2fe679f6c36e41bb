"""Bringing a message to another system's address: one POST, to a public machine, once.

The name is looked up here, each address that it stands for is checked, and the connection goes to
just that address: a name that leads elsewhere a moment later leads nowhere. No redirection is
followed, and no proxy is asked, which would look the name up again.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from makegood.rules import webhooks

TIMEOUT_SECONDS = 15
_READ_AT_MOST = 1_000
LookUp = Callable[..., Any]
"""As `socket.getaddrinfo`."""


class WebhookError(Exception):
    """A message that was not taken; `status` is what the other side answered, if it did."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One try of one message."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def send(
    parcel: Parcel,
    *,
    is_private_allowed: bool,
    look_up: LookUp | None = None,
) -> int:
    """Send it; the status of the answer, one of two hundred.

    :raises WebhookError: if nobody takes it, or the address is not to be sent to.
    """
    parts = urlsplit(parcel.url)
    host, is_safe = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    try:
        address = _address_of(host, port, is_private_allowed, look_up or socket.getaddrinfo)
        connection = _Pinned(host, port, address=address, is_safe=is_safe)
        try:
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request("POST", path, body=parcel.body, headers=dict(parcel.headers))
            answer = connection.getresponse()
            answer.read(_READ_AT_MOST)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise WebhookError(f"{host} was not reached: {error}"[:200]) from error
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the yes of HTTP
        raise WebhookError(f"{host} answered {answer.status}.", status=answer.status)
    return answer.status


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whose certificate is asked for the name."""

    def __init__(self, host: str, port: int, *, address: str, is_safe: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address, self._is_safe = address, is_safe

    def connect(self) -> None:
        """Connect to the address that was checked."""
        plain = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        if self._is_safe:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)
        else:
            self.sock = plain


def _address_of(
    host: str,
    port: int,
    is_private_allowed: bool,  # noqa: FBT001 - passed on by the one caller
    look_up: LookUp,
) -> str:
    found = look_up(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not webhooks.may_send_to(address, is_private_allowed=is_private_allowed):
            raise WebhookError(f"{host} is within a network of its own.")
    if not addresses:
        raise WebhookError(f"{host} is not known.")
    return addresses[0]
