"""Text messages go out signed, with their key; a service is taken at its word."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from makegood.gateways.sms import (
    ConsoleSms,
    SmsError,
    SmsGatewayError,
    SmsRefusedError,
    Text,
    WebSms,
    find_sms,
)
from makegood.rules import signatures

SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"  # noqa: S105 - of a test
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TEXT = Text(to="+447700900123", words="We are on it.", key="k1")


@contextmanager
def a_service(status: int = 200, answer: bytes = b'{"reference": "r1"}') -> Iterator[tuple]:
    heard = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            given = {name.lower(): value for name, value in self.headers.items()}
            heard.append((given, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_text_goes_out_signed_with_its_key():
    with a_service() as (url, heard):
        assert WebSms(url, SECRET, clock=lambda: NOW).hand_over(TEXT) == "r1"
    headers, body = heard[0]
    assert json.loads(body) == {"to": "+447700900123", "text": "We are on it.", "key": "k1"}
    assert headers["idempotency-key"] == "k1"
    signatures.verify(
        body, key=signatures.key_of(SECRET), message="k1", now=NOW,
        stamp=headers["webhook-timestamp"], signature=headers["webhook-signature"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, SmsRefusedError), (429, SmsError), (500, SmsError), (302, SmsError)],
)
def test_attack_44_a_service_that_does_not_take_it_is_believed_and_never_followed_elsewhere(
    status, error
):
    with a_service(status) as (url, heard), pytest.raises(SmsError) as said:
        WebSms(url, SECRET, clock=lambda: NOW).hand_over(TEXT)
    assert isinstance(said.value, error)
    assert len(heard) == 1


def test_a_service_that_is_gone_or_talks_nonsense_is_tried_again():
    with a_service(answer=b"<html>") as (url, _heard), pytest.raises(SmsError):
        WebSms(url, SECRET, clock=lambda: NOW).hand_over(TEXT)
    with pytest.raises(SmsError):
        WebSms(url, SECRET, clock=lambda: NOW).hand_over(TEXT)


@pytest.mark.parametrize("url", ["http://sms.example.com/", "ftp://x", "https://"])
def test_attack_44_a_service_is_one_of_https(url):
    with pytest.raises(SmsGatewayError):
        find_sms(url, secret=SECRET, write=print, clock=lambda: NOW)


def test_a_service_needs_its_secret_and_without_one_there_is_the_console():
    with pytest.raises(SmsGatewayError):
        find_sms("https://sms.example.com/", secret="", write=print, clock=lambda: NOW)
    lines: list[str] = []
    sms = find_sms("", secret="", write=lines.append, clock=lambda: NOW)
    assert isinstance(sms, ConsoleSms)
    assert sms.hand_over(TEXT) == "console-k1"
    assert lines == ["Text message to +447700900123: We are on it."]
