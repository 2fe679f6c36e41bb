"""Reading another Open311 server (GeoReport v2): its service requests, a page after the other."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from makegood.gateways.outside import Answer, Call, OutsideError, ask
from makegood.rules import following
from makegood.rules.following import Theirs, UnreadableError

MOST_BYTES: Final = 5_000_000
PAGE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 300.0
"""How long one look may take in all, so that a slow server keeps no other waiting for long."""
_OK: Final = 200
_ELSEWHERE: Final = range(300, 400)

Ask = Callable[[Call], Answer]


class Open311Error(Exception):
    """A server that could not be read; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Whom to read, and which of its requests."""

    url: str
    jurisdiction: str = ""
    key: str = ""
    services: Sequence[str] = ()
    is_private_allowed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer: the requests in it, and how many rows were none."""

    requests: tuple[Theirs, ...]
    unread: int


def pages(
    server: Server, windows: Sequence[Mapping[str, str]], *, look: Ask | None = None
) -> Iterator[Page]:
    """The answers for some windows, a page after the other, until nothing new comes.

    :raises Open311Error: if the server cannot be read, or not in time; what came before counts.
    """
    until = time.monotonic() + LOOK_SECONDS
    for window in windows:
        seen: set[str] = set()
        for number in range(1, following.PAGES_MAX + 1):
            if time.monotonic() > until:
                raise Open311Error(f"It took longer than {LOOK_SECONDS:.0f} seconds to read.")
            page = _page(server, {**window, "page": str(number)}, look=look)
            fresh = {one.id for one in page.requests} - seen
            yield page
            # A server that knows no pages gives the same again.
            if not fresh:
                break
            seen |= fresh
        else:
            raise Open311Error(f"There were more than {following.PAGES_MAX} pages to read.")


def _page(server: Server, window: Mapping[str, str], *, look: Ask | None) -> Page:
    call = Call(
        url=_address(server, window),
        headers={"Accept": "application/json", "User-Agent": "Makegood"},
        most_bytes=MOST_BYTES,
        seconds=PAGE_SECONDS,
    )
    try:
        answer = (look or _ask_of(server))(call)
    except OutsideError as error:
        raise Open311Error(str(error)) from error
    _check(call, answer)
    try:
        requests, unread = following.read(_parsed(answer.body))
    except UnreadableError as wrong:
        raise Open311Error(f"{call.host}: {wrong}") from wrong
    return Page(requests=requests, unread=unread)


def _check(call: Call, answer: Answer) -> None:
    if answer.status in _ELSEWHERE:
        raise Open311Error(
            f"{call.host} answered {answer.status}: a redirection is not followed; set the "
            "address that it leads to."
        )
    if answer.status != _OK:
        raise Open311Error(f"{call.host} answered {answer.status}.")
    if len(answer.body) > MOST_BYTES:
        raise Open311Error(f"{call.host} answered more than {MOST_BYTES // 1_000_000} MB.")


def _ask_of(server: Server) -> Ask:
    return lambda call: ask(call, is_private_allowed=server.is_private_allowed)


def _address(server: Server, window: Mapping[str, str]) -> str:
    given = {
        "jurisdiction_id": server.jurisdiction,
        "api_key": server.key,
        "service_code": "" if "service_request_id" in window else ",".join(server.services),
        "page_size": str(following.PAGE_SIZE),
        **window,
    }
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"{server.url.rstrip('/')}/requests.json?{asked}"


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - whatever came
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise UnreadableError(UnreadableError.__doc__) from wrong
