"""A real browser on a real server, at a moment that stands."""

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from django.conf import settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from browser_pages import DESK
from busy_day import NOW, BusyDay, a_busy_day
from guests import ServerWithGuests
from live_process import a_session
from makegood.records.models import Case, Staff

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screens"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine is slow now and then, which says nothing of the page. Actions wait as long.
expect.set_options(timeout=30_000)
LiveServerThread.server_class = ServerWithGuests


class _StandingClock(datetime):
    """It is always the afternoon of the busy day."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return NOW.astimezone(tz)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it."""
    found = subprocess.run(
        [ROOT / "scripts" / "find-chromium", "--no-install"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if not found:
        pytest.skip("needs Chromium: install the package chromium")
    # Playwright runs an event loop in this thread, in which Django would refuse to ask PostgreSQL.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def day(transactional_db) -> BusyDay:  # noqa: ARG001 - a database is needed, its fixture has no value
    return a_busy_day()


@pytest.fixture
def server(live_server, transactional_db, monkeypatch) -> Iterator[str]:  # noqa: ARG001 - it is emptied when all have gone
    """The address of a server at which it is that afternoon."""
    monkeypatch.setattr("makegood.doors.moment.datetime", _StandingClock)
    yield live_server.url
    live_server.thread.httpd.wait_until_all_have_gone()


@pytest.fixture
def page(browser, server) -> Iterator[Page]:
    """A page of an ordinary desk's size that reports what the browser complains about."""
    context = browser.new_context(
        base_url=server, viewport={"width": 1366, "height": 900}, locale="en-GB"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if _is_wrong(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # A form that is refused answers 409 or 422, which the browser also calls an error.
    assert [c for c in complaints if "status of 409" not in c and "status of 422" not in c] == []


def _is_wrong(said: ConsoleMessage) -> bool:
    """An error, but for a fragment that was asked for while the page was being left.

    What else goes wrong with a fragment is told by an event of its own (`htmx:sendError`, ...).
    """
    is_cut_off = said.text.startswith(("htmx:sendAbort,", "htmx:afterRequest,"))
    return said.type == "error" and not is_cut_off


class Somebody:
    """One of the staff at a browser of their own."""

    def __init__(
        self, browser: Browser, server: str, person: Staff, *, viewport=DESK, **more
    ) -> None:
        self.context = browser.new_context(
            base_url=server, viewport=viewport, locale="en-GB", **more
        )
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": a_session(person), "url": server}]
        )
        self.page = self.context.new_page()

    def at(self, case: Case, query: str = "") -> Page:
        self.page.goto(f"/cases/{case.reference}{query}")
        return self.page


@pytest.fixture
def people(browser, server) -> Iterator:
    """Lets people sit down; they all get up when the test is over."""
    seated = []

    def sit_down(person: Staff, **more) -> Somebody:
        seated.append(Somebody(browser, server, person, **more))
        return seated[-1]

    yield sit_down
    for one in seated:
        if one.context in browser.contexts:  # or else the test itself has sent them home
            one.context.close()
