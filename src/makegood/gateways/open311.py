"""Reading another Open311 server (GeoReport v2): its service requests, a page after the other.

JSON is asked for first. A server that has none, since the standard asks only for XML, is asked for
XML from then on.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from makegood.gateways import open311_xml
from makegood.gateways.outside import Answer, Call, OutsideError, ask
from makegood.rules import following
from makegood.rules.following import Theirs, UnreadableError

MOST_BYTES: Final = 5_000_000
PAGE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 300.0
"""How long one look may take in all, so that a slow server keeps no other waiting for long."""
_OK: Final = 200
_JSON, _XML = "json", "xml"
_TYPES: Final = {_JSON: "application/json", _XML: "text/xml, application/xml"}
_NO_JSON: Final = {400, 404, 406, 415, 500, 501}
"""What servers answer who are asked for a form that they do not have."""
_ELSEWHERE: Final = range(300, 400)

Ask = Callable[[Call], Answer]


class Open311Error(Exception):
    """A server that could not be read; the message says why."""


class _NoFormError(Open311Error):
    """It may be that it only has no such form."""


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
    asking = _Asking(server, look or _ask_of(server))
    for window in windows:
        seen: set[str] = set()
        for number in range(1, following.PAGES_MAX + 1):
            if time.monotonic() > until:
                raise Open311Error(f"It took longer than {LOOK_SECONDS:.0f} seconds to read.")
            page = asking.page({**window, "page": str(number)})
            fresh = {one.id for one in page.requests} - seen
            yield page
            # A server that knows no pages gives the same again.
            if not fresh:
                break
            seen |= fresh
        else:
            raise Open311Error(f"There were more than {following.PAGES_MAX} pages to read.")


class _Asking:
    """One look at a server: in JSON, or in XML once it turned out to have no other."""

    def __init__(self, server: Server, look: Ask) -> None:
        self._server, self._look = server, look
        self._form = ""

    def page(self, window: Mapping[str, str]) -> Page:
        """One answer.

        :raises Open311Error: if there is none that can be read.
        """
        if self._form:
            return self._page(window, self._form)
        try:
            page, self._form = self._page(window, _JSON), _JSON
        except _NoFormError as no_json:
            try:
                page, self._form = self._page(window, _XML), _XML
            except Open311Error as no_xml:
                raise Open311Error(f"{no_json} As XML: {no_xml}") from no_xml
        return page

    def _page(self, window: Mapping[str, str], form: str) -> Page:
        call = Call(
            url=_address(self._server, window, form),
            headers={"Accept": _TYPES[form], "User-Agent": "Makegood"},
            most_bytes=MOST_BYTES,
            seconds=PAGE_SECONDS,
        )
        try:
            answer = self._look(call)
        except OutsideError as error:
            raise Open311Error(str(error)) from error
        _check(call, answer)
        try:
            requests, unread = following.read(_parsed(answer.body))
        except UnreadableError as wrong:
            raise _NoFormError(f"{call.host}: {wrong}") from wrong
        return Page(requests=requests, unread=unread)


def _check(call: Call, answer: Answer) -> None:
    if answer.status in _ELSEWHERE:
        raise Open311Error(
            f"{call.host} answered {answer.status}: a redirection is not followed; set the "
            "address that it leads to."
        )
    if answer.status != _OK:
        kind = _NoFormError if answer.status in _NO_JSON else Open311Error
        raise kind(f"{call.host} answered {answer.status}.")
    if len(answer.body) > MOST_BYTES:
        raise Open311Error(f"{call.host} answered more than {MOST_BYTES // 1_000_000} MB.")


def _ask_of(server: Server) -> Ask:
    return lambda call: ask(call, is_private_allowed=server.is_private_allowed)


def _address(server: Server, window: Mapping[str, str], form: str) -> str:
    given = {
        "jurisdiction_id": server.jurisdiction,
        "api_key": server.key,
        "service_code": "" if "service_request_id" in window else ",".join(server.services),
        "page_size": str(following.PAGE_SIZE),
        **window,
    }
    asked = urlencode({name: value for name, value in given.items() if value})
    return f"{server.url.rstrip('/')}/requests.{form}?{asked}"


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - whatever came
    """What an answer holds, in whichever form it came: some answer XML to whatever is asked."""
    try:
        if open311_xml.is_xml(body):
            return open311_xml.read(body)
        return json.loads(_text(body))
    except (ValueError, RecursionError) as wrong:
        raise UnreadableError(UnreadableError.__doc__) from wrong


def _text(body: bytes) -> str:
    """JSON as text: letters of another charset cost themselves, and not the page."""
    return body.decode(json.detect_encoding(body), "replace")
