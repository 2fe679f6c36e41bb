"""The heartbeat: one GET to a monitor that raises the alarm when it does not come.

Any dead man's switch that takes a GET will do. Its twin writes to the console.
"""

from collections.abc import Callable
from http.client import HTTPException
from typing import Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

CONSOLE = "console:"
TIMEOUT_SECONDS = 10


class HeartbeatError(Exception):
    """The monitor could not be told; the message says which and why."""


class Heartbeat(Protocol):
    """Something that can be told that all is well."""

    def beat(self) -> None:
        """Say that all is well.

        :raises HeartbeatError: if nobody heard it.
        """


class WebHeartbeat:
    """A monitor on the web.

    :raises HeartbeatError: if the address is not one of http or https.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise HeartbeatError(
                "The heartbeat goes to an address that begins with http:// or https://,"
                f" and not to {parts.scheme or 'one without a scheme'}."
            )
        self._host = parts.hostname  # the rest of the address is a secret, and stays out of logs
        self._request = Request(url, headers={"User-Agent": "Makegood"})  # noqa: S310 - checked
        self._timeout = timeout

    def beat(self) -> None:
        """Ask once; anything but a plain yes is an error, and so is a redirection.

        :raises HeartbeatError: if it does not answer in time, or with an error.
        """
        try:
            with plain_opener().open(self._request, timeout=self._timeout) as answer:
                answer.read(1)
        except HTTPError as refusal:
            refusal.close()
            raise HeartbeatError(
                f"The monitor at {self._host} answered {refusal.code} instead of 200."
            ) from refusal
        except (OSError, HTTPException, ValueError) as error:
            raise HeartbeatError(f"The monitor at {self._host} was not told: {error}") from error


class ConsoleHeartbeat:
    """The twin for a desk without a monitor: it writes a line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def beat(self) -> None:
        """Write that all is well."""
        self._write("The clock is well.")


def find_heartbeat(url: str, *, write: Callable[[str], None]) -> Heartbeat | None:
    """The heartbeat for an address: none for an empty one, the console for `console:`.

    :raises HeartbeatError: if the address is of another kind.
    """
    if not url:
        return None
    return ConsoleHeartbeat(write) if url == CONSOLE else WebHeartbeat(url)


def plain_opener() -> OpenerDirector:
    """One that speaks http and https alone, through the proxy of the environment if it names one.

    It follows no redirection: that would lead where nobody has configured it to.
    """
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
