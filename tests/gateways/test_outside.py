"""Asking other systems: slow, endless and lying ones, and names that lead inside."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from makegood.gateways.outside import Call, OutsideError, ask


@contextmanager
def a_server(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on this machine that says what `speak` says, to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    came, _who = listening.accept()
                    with came, suppress(OSError):
                        came.recv(65_536)
                        speak(came)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/requests.json"


def asked(url: str, **more):
    return ask(Call(url=url, **more), is_private_allowed=True)


def saying(text: bytes) -> Callable[[socket.socket], None]:
    return lambda came: came.sendall(text)


def drip(came: socket.socket) -> None:
    """A byte now and then, each in time, for ever."""
    came.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        came.sendall(b"x")
        time.sleep(0.02)


def test_an_answer_is_read_whatever_its_status():
    with a_server(saying(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")) as url:
        answer = asked(url)
    assert (answer.status, answer.body) == (404, b"no")


def test_whoever_sends_a_byte_now_and_then_is_cut_off():
    with a_server(drip) as url:
        began = time.monotonic()
        with pytest.raises(OutsideError, match=r"127\.0\.0\.1 was not reached"):
            asked(url, seconds=0.3)
        assert time.monotonic() - began < 60


def test_of_an_endless_answer_no_more_is_read_than_was_asked_for():
    def endless(came: socket.socket) -> None:
        came.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            came.sendall(b"x" * 65_536)

    with a_server(endless) as url:
        assert len(asked(url, most_bytes=100_000).body) == 100_001


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"nonsense",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999999\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n[]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n[]",
    ],
)
def test_whoever_lies_about_sizes_is_refused_or_read_to_the_bound(said):
    with a_server(saying(said)) as url, suppress(OutsideError):
        assert len(asked(url, most_bytes=50).body) <= 51


def test_a_redirection_is_an_answer_like_any_other():
    with a_server(saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")) as url:
        assert asked(url).status == 302


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_asked(address):
    def look_up(_host: str, _port: int, **_more: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (address, 443))]

    with pytest.raises(OutsideError, match="within a network of its own"):
        ask(Call(url="https://city.example/v2"), is_private_allowed=False, look_up=look_up)


@pytest.mark.parametrize(
    "url",
    ["https://city.example:99999/", "https://[::1/", "https:///v2", "https://\ud800.example/"],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(OutsideError):
        ask(Call(url=url), is_private_allowed=False, look_up=lambda *_a, **_more: [])


def test_attack_44_a_name_is_looked_up_once_and_leads_to_what_was_checked():
    """Asked a second time it would stand for another machine; nobody asks a second time."""
    with a_server(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) as url:
        port = int(url.split(":")[2].split("/")[0])
        asked_for: list[str] = []

        def look_up(host: str, _port: int, **_more: object) -> list[tuple[object, ...]]:
            asked_for.append(host)
            return [(0, 0, 0, "", ("127.0.0.1" if len(asked_for) == 1 else "192.0.2.1", port))]

        call = Call(url=f"http://rebound.example:{port}/")
        answer = ask(call, is_private_allowed=True, look_up=look_up)

    assert (answer.body, asked_for) == (b"ok", ["rebound.example"])
