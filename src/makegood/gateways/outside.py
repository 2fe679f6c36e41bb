"""Asking another system by HTTP: a public machine, once, and for no longer than it is given.

The name is looked up here, each address that it stands for is checked, and the connection goes to
just that address: a name that leads elsewhere a moment later leads nowhere. No redirection is
followed, and no proxy is asked, which would look the name up again.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from makegood.rules import outside

SILENT_SECONDS = 15.0
"""How long it may say nothing."""

LookUp = Callable[..., Any]
"""As `socket.getaddrinfo`."""


class OutsideError(Exception):
    """A call that came to nothing; the message says with whom, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What to ask of whom; of its answer no more than `most_bytes` and a byte are read."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    most_bytes: int = 1_000
    seconds: float = SILENT_SECONDS

    @property
    def host(self) -> str:
        """Whom it asks; empty if that is no address."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What it said, whatever that was."""

    status: int
    body: bytes


def ask(call: Call, *, is_private_allowed: bool, look_up: LookUp | None = None) -> Answer:
    """Make a call.

    :raises OutsideError: if nobody answers in time, or the address is not to be asked.
    """
    host = call.host
    try:
        parts = urlsplit(call.url)
        is_safe = parts.scheme == "https"
        port = parts.port or (443 if is_safe else 80)
        address = _address_of(host, port, is_private_allowed, look_up or socket.getaddrinfo)
        connection = _Pinned(host, port, address=address, is_safe=is_safe)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        with _no_longer_than(call.seconds, connection):
            connection.request(call.method, path, body=call.body, headers=dict(call.headers))
            answer = connection.getresponse()
            return Answer(status=answer.status, body=answer.read(call.most_bytes + 1))
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        raise OutsideError(f"{host} was not reached: {error}"[:200]) from error


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whose certificate is asked for the name."""

    def __init__(self, host: str, port: int, *, address: str, is_safe: bool) -> None:
        super().__init__(host, port, timeout=SILENT_SECONDS)
        self._address, self._is_safe = address, is_safe
        self._is_cut = False

    def connect(self) -> None:
        """Connect to the address that was checked."""
        self.sock = socket.create_connection((self._address, self.port), SILENT_SECONDS)
        if self._is_safe:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
        if self._is_cut:
            raise TimeoutError("it took too long")
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, whatever it waits for."""
        self._is_cut = True
        if self.sock is not None:
            # As of a plain socket: that of TLS would forget its keys while they are in use.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@contextmanager
def _no_longer_than(seconds: float, connection: _Pinned) -> Iterator[None]:
    """Let a call take so long in all; each byte in time is not enough."""
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        try:
            connection.cut()
        except OSError:
            return  # it has just ended by itself

    clock = threading.Timer(seconds, cut)
    clock.daemon = True
    clock.start()
    try:
        yield
        if is_over.is_set():
            raise TimeoutError("it took too long")
    finally:
        clock.cancel()
        connection.close()


def _address_of(
    host: str,
    port: int,
    is_private_allowed: bool,  # noqa: FBT001 - passed on by the one caller
    look_up: LookUp,
) -> str:
    found = look_up(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not outside.may_send_to(address, is_private_allowed=is_private_allowed):
            raise OutsideError(f"{host} is within a network of its own.")
    if not addresses:
        raise OutsideError(f"{host} is not known.")
    return addresses[0]
