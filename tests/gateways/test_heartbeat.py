"""The heartbeat: one GET, to the address that was given and to no other, in time or not at all."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from makegood.gateways.heartbeat import (
    ConsoleHeartbeat,
    HeartbeatError,
    WebHeartbeat,
    find_heartbeat,
)


class Monitor(ThreadingHTTPServer):
    """A monitor on this machine that answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answer, self.asked, self.hold = 200, [], threading.Event()
        self.hold.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/ping/secret"


class Asked(BaseHTTPRequestHandler):
    """One question to it."""

    server: Monitor

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        self.server.hold.wait(5)
        self.send_response(self.server.answer)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def monitor(monkeypatch) -> Iterator[Monitor]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Monitor() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_it_asks_once(monitor):
    WebHeartbeat(monitor.url).beat()
    assert monitor.asked == [("/ping/secret", "Makegood")]


@pytest.mark.parametrize("answer", [302, 403, 404, 500])
def test_any_other_answer_is_an_error_and_no_redirection_is_followed(monitor, answer):
    monitor.answer = answer
    with pytest.raises(HeartbeatError) as error:
        WebHeartbeat(monitor.url).beat()
    assert len(monitor.asked) == 1
    assert str(answer) in str(error.value)
    assert "secret" not in str(error.value)


def test_a_monitor_that_is_slow_is_not_waited_for(monitor):
    monitor.hold.clear()
    with pytest.raises(HeartbeatError, match="was not told"):
        WebHeartbeat(monitor.url, timeout=0.1).beat()
    monitor.hold.set()


def test_a_monitor_that_is_away_is_an_error(monitor):
    monitor.server_close()
    with pytest.raises(HeartbeatError, match="was not told"):
        WebHeartbeat("http://127.0.0.1:1/").beat()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "example.org", "http://"]
)
def test_it_goes_to_the_web_and_nowhere_else(url):
    with pytest.raises(HeartbeatError, match="http"):
        find_heartbeat(url, write=print)


def test_without_an_address_there_is_none():
    assert find_heartbeat("", write=print) is None


def test_its_twin_writes_a_line():
    lines: list[str] = []
    twin = find_heartbeat("console:", write=lines.append)
    assert isinstance(twin, ConsoleHeartbeat)
    twin.beat()
    assert lines == ["The clock is well."]
