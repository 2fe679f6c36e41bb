"""The stream of live pages as a small ASGI application: server-sent events for who has signed in.

It tells that a case changed, and never what: the page then asks for itself, through the doors that
check its reader's rights. It writes nothing.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar
from urllib.parse import parse_qs

import structlog
from django.conf import settings
from django.db import close_old_connections

from makegood.doors.live.hub import EVERYTHING, Hub, Stream, event
from makegood.doors.live.listening import Listener
from makegood.doors.live.readers import Reader, readers
from makegood.queries import live

PATH = "/live/events"
ALIVE = "/live/healthz"
STREAMS_MAX = 2_000
STREAMS_OF_ONE_SESSION_MAX = 12
BEAT_SECONDS = 10
CHECK_SECONDS = 15
SEND_SECONDS = 10
"""Who has not taken an event by then is not there any more, or too slow."""

COME_BACK_MILLISECONDS = 3_000
THREADS = 4
NUMBER_MAX = 18

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Result = TypeVar("Result")
Headers = list[tuple[bytes, bytes]]

log = structlog.get_logger(__name__)


class RefusedError(Exception):
    """The stream is not opened; status and words for whoever asked."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class LivePages:
    """The application."""

    def __init__(self, database_url: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._hub = Hub(self._concerned)
        self._listener = Listener(database_url, ring=self._hub.ring, lost=self._rings_were_lost)
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.startup":
                self._start()
            else:
                await self._stop()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    def _start(self) -> None:
        for work in (self._listener.run(), self._hub.run(), self._check_readers()):
            self._tasks.append(asyncio.create_task(work))

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            if scope["path"] == ALIVE:
                raise (
                    RefusedError(200, "ok")
                    if self._listener.is_listening
                    else RefusedError(503, "deaf")
                )
            cors = _cors(headers)
            stream = await self._open(scope, headers)
        except RefusedError as refusal:
            await _say(send, refusal)
            return
        # It hears from here on: what is rung while it catches up would be lost to it.
        self._hub.streams.add(stream)
        try:
            await self._catch_up(stream, _since(scope, headers))
            await self._tell(stream, cors, receive, send)
        finally:
            self._hub.streams.discard(stream)

    async def _open(self, scope: Scope, headers: Mapping[bytes, str]) -> Stream:
        if scope["path"] != PATH:
            raise RefusedError(404, "Only /live/events is here.")
        if scope["method"] != "GET":
            raise RefusedError(405, "A stream is asked for by GET.")
        session = _session(headers)
        reader = (await self._readers(frozenset({session}))).get(session)
        if reader is None:
            raise RefusedError(401, "Sign in first.")
        if len(self._hub.streams) >= STREAMS_MAX:
            raise RefusedError(503, "Too many pages are live; this one looks by itself.")
        if self._hub.count(session) >= STREAMS_OF_ONE_SESSION_MAX:
            raise RefusedError(
                429, "Too many pages of one person are live; this one looks by itself."
            )
        return Stream(session=session, reader=reader)

    async def _catch_up(self, stream: Stream, since: int | None) -> None:
        """What changed since the page was made, or since the stream before it was lost."""
        if since is None:
            return
        changed = await self._in_thread(lambda: live.changed_since(since))
        stream.position = max(stream.position, since)
        if changed is None:
            stream.news.say_everything()
        elif changed:
            position, desks = await self._concerned(changed)
            for desk in stream.reader.desks:
                stream.news.mine |= desks.get(desk, frozenset())
            stream.news.changed |= changed
            stream.position = max(stream.position, position)
        stream.wake.set()

    async def _tell(self, stream: Stream, cors: Headers, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),  # nginx would gather events
            *cors,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async with _watching(receive) as gone:
            with contextlib.suppress(TimeoutError):
                await _send_in_time(send, b"retry: %d\n\n" % COME_BACK_MILLISECONDS)
                while not (gone.done() or stream.is_over):
                    await _wait(stream, gone)
                    if not gone.done():
                        await _send_in_time(send, stream.take() or event("beat", {}))
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _check_readers(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                asked = self._hub.sessions()
                self._hub.keep_only(await self._readers(asked), asked=asked)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look comes soon
                log.warning("live_pages_could_not_check_readers", why=str(error))

    def _rings_were_lost(self) -> None:
        if self._hub.streams:
            self._hub.ring(EVERYTHING)

    async def _concerned(self, cases: frozenset[int]) -> tuple[int, Mapping[int, frozenset[int]]]:
        def ask() -> tuple[int, Mapping[int, frozenset[int]]]:
            return live.position(), live.concerned(cases) if cases else {}

        try:
            return await self._in_thread(ask)
        except Exception as error:  # noqa: BLE001 - the ring is told all the same, to pages of the case
            log.warning("live_pages_could_not_ask", why=str(error))
            return 0, {}

    async def _readers(self, sessions: frozenset[str]) -> Mapping[str, Reader]:
        now = datetime.now(UTC)
        return await self._in_thread(lambda: readers(sessions, now=now)) if sessions else {}

    async def _in_thread(self, ask: Callable[[], Result]) -> Result:
        def run() -> Result:
            close_old_connections()
            try:
                return ask()
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)


@contextlib.asynccontextmanager
async def _watching(receive: Receive) -> AsyncIterator["asyncio.Task[None]"]:
    """A task that ends when the page has gone."""

    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    task = asyncio.create_task(until_gone())
    try:
        yield task
    finally:
        task.cancel()


async def _wait(stream: Stream, gone: "asyncio.Task[None]") -> None:
    """Until there is something to tell, the page has gone, or it is time for a beat."""
    woken = asyncio.create_task(stream.wake.wait())
    try:
        await asyncio.wait({woken, gone}, timeout=BEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        woken.cancel()


async def _send_in_time(send: Send, body: bytes) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await send({"type": "http.response.body", "body": body, "more_body": True})


async def _say(send: Send, refusal: RefusedError) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{refusal}\n".encode(), "more_body": False})


def _session(headers: Mapping[bytes, str]) -> str:
    try:
        cookies = SimpleCookie(headers.get(b"cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    found = cookies.get(settings.SESSION_COOKIE_NAME)
    if found is None:
        raise RefusedError(401, "Sign in first.")
    return found.value


def _cors(headers: Mapping[bytes, str]) -> Headers:
    """The pages of this desk may read the stream from their own address; nobody else's may."""
    origin = headers.get(b"origin")
    if origin is None:
        if headers.get(b"sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            raise RefusedError(403, "Only pages of this desk may listen.")
        return []
    if origin not in settings.LIVE_ORIGINS:
        raise RefusedError(403, "Only pages of this desk may listen.")
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


def _since(scope: Scope, headers: Mapping[bytes, str]) -> int | None:
    """The position from which to catch up: where the last stream was lost, or the page was made."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[-1]
    given = headers.get(b"last-event-id") or asked
    return (
        int(given) if given.isascii() and given.isdecimal() and len(given) <= NUMBER_MAX else None
    )
