"""Rings become news for each page: gathered, told once, and never more than a page can hold."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from makegood.doors.live.hub import Hub, News, Stream
from makegood.doors.live.readers import Reader
from makegood.doors.live.stream import LivePages
from makegood.queries import live


async def nobody(_cases):
    return 7, {}


def a_stream(*desks: int) -> Stream:
    return Stream(session="s", reader=Reader(staff=desks[0], desks=frozenset(desks)))


def told(stream: Stream) -> dict:
    lines = stream.take().decode().splitlines()
    data = [line[6:] for line in lines if line.startswith("data: ")]
    return json.loads(data[0]) if data else {}


def passed_on(hub: Hub) -> None:
    done(hub.pass_on)


def done(work: Callable[[], Coroutine]) -> None:
    # In a thread of its own: a browser that other tests drive has a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()


def test_many_rings_are_one_event_with_each_case_once():
    hub, stream = Hub(nobody), a_stream(1)
    hub.streams.add(stream)
    for ring in ("12", "12 13", "p12", "12"):
        hub.ring(ring)

    passed_on(hub)

    assert told(stream) == {"position": 7, "changed": [12, 13], "mine": [], "present": [12]}
    assert told(stream) == {}


def test_a_page_hears_what_is_on_the_desks_that_its_reader_looks_at():
    async def concerned(_cases):
        return 1, {1: frozenset({12}), 2: frozenset({13}), 3: frozenset({14})}

    hub, covering = Hub(concerned), a_stream(1, 2)
    hub.streams.add(covering)
    hub.ring("12 13 14")

    passed_on(hub)

    assert told(covering)["mine"] == [12, 13]


def test_a_hundred_thousand_breaks_are_one_word():
    hub, stream = Hub(nobody), a_stream(1)
    hub.streams.add(stream)

    for start in range(0, 100_000, 200):
        hub.ring(" ".join(str(number) for number in range(start, start + 200)))
        passed_on(hub)

    assert told(stream) == {"position": 7, "everything": True}


@pytest.mark.parametrize("ring", ["", "drop table", "p", "-1", "12x", "٣", "1.5"])
def test_a_ring_without_sense_is_left_out(ring):
    news = News()

    news.add(ring)

    assert {*news.changed, *news.present} <= {3}


@given(st.lists(st.lists(st.integers(min_value=1, max_value=400), max_size=60), max_size=20))
def test_nothing_that_was_rung_is_lost_or_made_up(rings):
    hub, stream = Hub(nobody), a_stream(1)
    hub.streams.add(stream)
    for ring in rings:
        hub.ring(" ".join(map(str, ring)))
        passed_on(hub)

    heard = told(stream)

    rung = {number for ring in rings for number in ring}
    assert heard.get("everything") or set(heard.get("changed", [])) == rung
    assert len(heard.get("changed", [])) <= 200


def test_a_reader_who_has_gone_is_told_so_and_nothing_more():
    hub, stream = Hub(nobody), a_stream(1)
    hub.streams.add(stream)

    hub.keep_only({}, asked={"s"})

    assert stream.take() == b"event: over\ndata: {}\n\n"


def test_who_came_while_others_were_looked_at_stays():
    hub, stream = Hub(nobody), a_stream(1)
    hub.streams.add(stream)

    hub.keep_only({}, asked={"another"})

    assert not stream.is_over


def test_what_is_rung_while_a_page_catches_up_is_told_to_it(monkeypatch):
    laura = Reader(staff=1, desks=frozenset({1}))
    monkeypatch.setattr("makegood.doors.live.stream.readers", lambda _sessions, now: {"s": laura})  # noqa: ARG005 - is named by who calls
    monkeypatch.setattr(live, "position", lambda: 7)
    monkeypatch.setattr(live, "concerned", lambda _cases: {1: frozenset({12})})
    pages, sent, heard = PagesWithoutThreads("postgresql:///"), [], asyncio.Event()

    def look(_since: int) -> frozenset[int]:
        pages.hub.ring("12")
        return frozenset()

    async def receive() -> dict:
        await heard.wait()
        return {"type": "http.disconnect"}

    async def send(part: dict) -> None:
        sent.append(part.get("body", b""))
        if b"event" in sent[-1]:
            heard.set()

    monkeypatch.setattr(live, "changed_since", look)
    cookie = (b"cookie", f"{settings.SESSION_COOKIE_NAME}=s".encode())
    asked = {"type": "http", "path": "/live/events", "method": "GET", "query_string": b"since=3"}

    done(lambda: pages(asked | {"headers": [cookie]}, receive, send))

    assert any(b'"changed": [12], "mine": [12]' in body for body in sent)


class PagesWithoutThreads(LivePages):
    """What is rung while the database is asked is passed on before it answers."""

    @property
    def hub(self) -> Hub:
        return self._hub

    async def _in_thread(self, ask):
        found = ask()
        if self.hub._rung.is_set():
            await self.hub.pass_on()
        return found
