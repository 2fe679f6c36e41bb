"""From the database's rings to the pages: bursts become one event, and each page hears its own.

Nothing here reads or holds a word of anybody: a ring and an event are numbers of cases.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from makegood.doors.live.readers import Reader
from makegood.queries.live import CASES_MAX

GATHER_SECONDS = 0.25
"""After the first ring of a burst; the page hears of it together with what follows."""

EVERYTHING = "*"
PRESENT = "p"
DATA = "d"

Concerned = Callable[[frozenset[int]], Awaitable[tuple[int, Mapping[int, frozenset[int]]]]]


@dataclass(slots=True)
class News:
    """What was rung, or what a page has yet to hear."""

    changed: set[int] = field(default_factory=set)
    mine: set[int] = field(default_factory=set)
    present: set[int] = field(default_factory=set)
    everything: bool = False
    data: bool = False
    """An import or an export went on; only the pages of those ask again."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.present or self.everything or self.data)

    def add(self, ring: str) -> None:
        """Take what a ring says; anybody may ring, so what makes no sense is left out."""
        for word in ring.split():
            if word == EVERYTHING:
                self.everything = True
            elif word == DATA:
                self.data = True
            elif word.isdecimal():
                self.changed.add(int(word))
            elif word.startswith(PRESENT) and word[1:].isdecimal():
                self.present.add(int(word[1:]))
        if len(self.changed) + len(self.present) > CASES_MAX:
            self.say_everything()

    def say_everything(self) -> None:
        """Too much to name: pages look at all that they show."""
        self.everything = True
        self.changed.clear()
        self.mine.clear()
        self.present.clear()


@dataclass(eq=False, slots=True)
class Stream:
    """One open page, or one browser that shares the stream between its pages."""

    session: str
    reader: Reader
    position: int = 0
    news: News = field(default_factory=News)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def hear(self, news: News, desks: Mapping[int, frozenset[int]], *, position: int) -> None:
        """Add to what this page has to be told; what it has not read yet never grows long."""
        self.news.changed |= news.changed
        self.news.present |= news.present
        self.news.data |= news.data
        for desk in self.reader.desks:
            self.news.mine |= desks.get(desk, frozenset())
        if news.everything or len(self.news.changed) + len(self.news.present) > CASES_MAX:
            self.news.say_everything()
        self.position = max(self.position, position)
        self.wake.set()

    def end(self) -> None:
        """The reader has signed out or left: nothing more is told."""
        self.is_over = True
        self.wake.set()

    def take(self) -> bytes:
        """The event of what there is to tell; empty if there is nothing."""
        news, self.news = self.news, News()
        self.wake.clear()
        if self.is_over:
            return event("over", {})
        if not news:
            return b""
        told: dict[str, Any] = {"position": self.position}
        if news.data:
            told["data"] = True
        if news.everything:
            told["everything"] = True
        else:
            told |= {
                "changed": sorted(news.changed),
                "mine": sorted(news.mine),
                "present": sorted(news.present),
            }
        return event("news", told, position=self.position)


class Hub:
    """Every open stream of this process."""

    def __init__(self, concerned: Concerned) -> None:
        self.streams: set[Stream] = set()
        self._concerned = concerned
        self._news = News()
        self._rung = asyncio.Event()

    def ring(self, payload: str) -> None:
        """The database rang."""
        self._news.add(payload)
        self._rung.set()

    async def run(self) -> None:
        """Pass rings on for ever, gathered."""
        while True:
            await self._rung.wait()
            await asyncio.sleep(GATHER_SECONDS)
            await self.pass_on()

    async def pass_on(self) -> None:
        """Tell every stream what was rung since the last time."""
        news, self._news = self._news, News()
        self._rung.clear()
        position, desks = await self._concerned(frozenset(news.changed))
        for stream in self.streams:
            stream.hear(news, desks, position=position)

    def keep_only(self, good: Mapping[str, Reader], *, asked: Collection[str]) -> None:
        """End the streams of sessions that were asked about and are not good any more.

        The desks of the others may have changed. What was opened meanwhile was looked at then.
        """
        for stream in [one for one in self.streams if one.session in asked]:
            reader = good.get(stream.session)
            if reader is None:
                stream.end()
            else:
                stream.reader = reader

    def count(self, session: str) -> int:
        """How many streams a session has open."""
        return sum(stream.session == session for stream in self.streams)

    def sessions(self) -> frozenset[str]:
        """The sessions that have a stream open."""
        return frozenset(stream.session for stream in self.streams)


def event(name: str, data: dict[str, Any], *, position: int | None = None) -> bytes:
    """One event as it goes over the wire."""
    number = f"id: {position}\n" if position is not None else ""
    return f"{number}event: {name}\ndata: {json.dumps(data)}\n\n".encode()
