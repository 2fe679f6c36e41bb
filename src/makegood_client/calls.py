"""The calls themselves: JSON over HTTPS, problems as errors, pages that go on by themselves."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Json = dict[str, Any]
TIMEOUT_SECONDS: Final = 30
TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[[str, str, Mapping[str, str], bytes | None], Reply]
"""Method, address, headers and body in; an answer out. Tests and proxies bring their own."""


class ProblemError(Exception):
    """What the desk would not do, by RFC 9457: `name` is for programs, the message for people."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body.get("detail", "The desk gave no reason."))
        self.status = status
        self.name = str(body.get("type", "")).removeprefix("urn:makegood:problem:")
        self.body = body


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, and the cursor of the rest."""

    items: tuple[Json, ...]
    next: str | None


class Client:
    """Speaks to one desk with one token.

    :param send: how requests travel; by default over the network.
    """

    def __init__(self, address: str, token: str, *, send: Send | None = None) -> None:
        self._address, self._token = address.rstrip("/"), token
        self._send = send or _over_the_network

    def get(self, path: str, **asked: object) -> Any:  # noqa: ANN401 - whatever the address answers
        """What stands at an address.

        :raises ProblemError: if the desk will not say.
        """
        given = {name: _plain(value) for name, value in asked.items() if value is not None}
        return self._call("GET", f"{path}?{urlencode(given)}" if given else path, None, "")

    def post(self, path: str, *, key: str = "", **body: object) -> Json:
        """Do something, once: the same key again is answered the same.

        :raises ProblemError: if the desk will not.
        """
        given = {name: value for name, value in body.items() if value is not None}
        done: Json = self._call("POST", path, given, key or uuid.uuid4().hex)
        return done

    def page(self, path: str, **asked: object) -> Page:
        """One page of a list."""
        found = self.get(path, **asked)
        return Page(tuple(found["items"]), found["next"])

    def every(self, path: str, **asked: object) -> Iterator[Json]:
        """All of a list, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.page(path, **asked, cursor=cursor or None)
            yield from page.items
            cursor = page.next

    def _call(self, method: str, path: str, body: Json | None, key: str) -> Any:  # noqa: ANN401 - as `get`
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        content = None if body is None else json.dumps(body).encode()
        reply = self._send(method, f"{self._address}/api/v1/{path}", headers, content)
        answer = json.loads(reply.body or b"{}")
        if reply.status >= 400:  # noqa: PLR2004 - from here on HTTP says no
            raise ProblemError(reply.status, answer)
        return answer


class Desk(Client):
    """What programs do most, by name; everything else by `get`, `post` and `every`."""

    def may_i_say(self, text: str, *, case: str = "") -> Json:
        """Whether this may be said to the customer of a case; nothing is written."""
        return self.post("say", text=text, case=case)

    def say(self, text: str, *, case: str, channel: str = "chat", key: str = "") -> Json:
        """Say it, if it may be said; what it promises is on record."""
        return self.post("say", key=key, text=text, case=case, channel=channel, say=True)

    def report(
        self, customer: str, title: str, *, function: str, harm: str = "lost", **more: object
    ) -> Json:
        """Report that something failed a customer; answers the case that it opened or joined."""
        known = {"customer": customer, "title": title, "function": function, "harm": harm}
        body: Json = {**known, **more}
        return self.post("reports", **body)

    def case(self, reference: str) -> Json:
        """A case, with its promises."""
        found: Json = self.get(f"cases/{quote(reference, safe='')}")
        return found

    def cases(self, **asked: object) -> Iterator[Json]:
        """Cases, by the filters of the desk's own list."""
        return self.every("cases", **asked)

    def promise(
        self, case: str, words: str, *, due_at: str, kind: str = "callback", **more: object
    ) -> Json:
        """Give the customer of a case the company's word."""
        known = {"words": words, "due_at": due_at, "kind": kind, "channel": "chat"}
        body: Json = {**known, **more}
        return self.post(f"cases/{quote(case, safe='')}/promises", **body)

    def keep(self, promise: int, *, evidence: str, at: str | None = None) -> Json:
        """Record that what was promised was done, and how that is known."""
        return self.post(f"promises/{promise}/keep", evidence=evidence, at=at)

    def give(
        self, case: str, amount_minor: int, currency: str, *, because: str, key: str = ""
    ) -> Json:
        """Credit a sum, or ask who may: look at `state`, granted or approval_required."""
        return self.post(
            f"cases/{quote(case, safe='')}/remedies",
            key=key,
            kind="credit",
            amount_minor=amount_minor,
            currency=currency,
            because=because,
        )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _over_the_network(
    method: str, address: str, headers: Mapping[str, str], body: bytes | None
) -> Reply:
    """Send it, and again with the same key where nobody knows whether it came through."""
    if not address.startswith(("https://", "http://")):
        raise ValueError("The desk is at an address that begins with https:// or http://.")
    request = Request(address, data=body, headers=dict(headers), method=method)  # noqa: S310 - checked
    for left in reversed(range(TRIES)):
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - checked
                return Reply(answer.status, dict(answer.headers), answer.read())
        except HTTPError as refusal:
            with refusal:
                return Reply(refusal.code, dict(refusal.headers), refusal.read())
        except (URLError, TimeoutError, ConnectionError):
            if not left:
                raise
    raise AssertionError  # unreachable: the last try returns or raises
