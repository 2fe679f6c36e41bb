"""Gateways of payments: each key is taken once, and a refusal says whether to try again."""

import base64
import csv
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from makegood.gateways.payments import (
    COLUMNS,
    ConsolePayments,
    FolderPayments,
    GatewayError,
    Instruction,
    PaymentDelayedError,
    PaymentRefusedError,
    WebPayments,
    find_payments,
)
from makegood.rules import signatures
from makegood.rules.remedies import RemedyKind

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SECRET = base64.b64encode(b"s" * 32).decode()


def instruction(key: str = "remedy-1-1", **more) -> Instruction:
    return Instruction(
        **{
            "key": key, "kind": RemedyKind.CREDIT, "amount_minor": 2_500, "currency": "GBP",
            "thing": "", "customer": "c", "case": "ABCD-2345", "booked_to": "Street services",
            "made_at": NOW,
        } | more
    )  # fmt: skip


class Service(ThreadingHTTPServer):
    """A payment service on this machine that answers as it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.status, self.body, self.asked = 200, b'{"reference": "r1", "arrived": true}', []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/pay"


class Asked(BaseHTTPRequestHandler):
    """One payment to it."""

    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_) -> None:
        """Say nothing."""


@pytest.fixture
def service(monkeypatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Service() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def web(service: Service) -> WebPayments:
    return WebPayments(service.url, SECRET, clock=lambda: NOW)


def test_the_console_says_what_would_be_paid_and_has_credits_arrive_at_once():
    said = []
    console = ConsolePayments(said.append)
    assert console.hand_over(instruction()).arrived
    gift = instruction(kind=RemedyKind.GIFT, thing="flowers")
    assert not console.hand_over(gift).arrived
    assert said == ["Payment remedy-1-1: credit, £25.00.", "Payment remedy-1-1: gift, flowers."]


def test_a_batch_has_a_row_for_each_key_once_however_often_it_is_handed_over(tmp_path):
    gateway = FolderPayments(tmp_path)
    keys = [f"remedy-{n % 5}-1" for n in range(40)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: gateway.hand_over(instruction(key)), keys))

    [file] = tmp_path.glob("*.csv")
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert file.name == "payments-2026-06-01.csv"
    assert tuple(rows[0]) == COLUMNS
    assert sorted(row["key"] for row in rows) == sorted(set(keys))
    assert {(row["amount"], row["currency"]) for row in rows} == {("25.00", "GBP")}


def test_a_thing_that_looks_like_a_formula_is_none(tmp_path):
    FolderPayments(tmp_path).hand_over(instruction(kind=RemedyKind.GIFT, thing='=HYPERLINK("x")'))
    [file] = tmp_path.glob("*.csv")
    assert next(csv.DictReader(file.read_text().splitlines()))["thing"].startswith("'=")


def test_a_folder_that_cannot_be_written_delays(tmp_path):
    gateway = FolderPayments(tmp_path)
    (tmp_path / "payments-2026-06-01.csv").mkdir()
    with pytest.raises(PaymentDelayedError):
        gateway.hand_over(instruction())


def test_the_web_gets_a_signed_payment_with_its_key_and_gives_a_receipt(service):
    receipt = web(service).hand_over(instruction())

    [(headers, body)] = service.asked
    lower = {name.lower(): value for name, value in headers.items()}
    assert (receipt.reference, receipt.arrived) == ("r1", True)
    assert lower["idempotency-key"] == "remedy-1-1"
    assert json.loads(body)["amount"] == "25.00"
    signatures.verify(
        body, key=signatures.key_of(SECRET), message=lower["webhook-id"],
        stamp=lower["webhook-timestamp"], signature=lower["webhook-signature"], now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("status", [500, 503, 408, 429])
def test_a_busy_service_delays(service, status):
    service.status = status
    with pytest.raises(PaymentDelayedError):
        web(service).hand_over(instruction())


@pytest.mark.parametrize("status", [302, 400, 403, 404, 422])
def test_a_refusing_service_refuses_and_is_followed_nowhere(service, status):
    service.status = status
    with pytest.raises(PaymentRefusedError):
        web(service).hand_over(instruction())
    assert len(service.asked) == 1


@pytest.mark.parametrize("body", [b"not json", b"[]"])
def test_an_odd_answer_delays(service, body):
    service.body = body
    with pytest.raises(PaymentDelayedError):
        web(service).hand_over(instruction())


def test_nobody_there_delays():
    with pytest.raises(PaymentDelayedError):
        WebPayments("http://127.0.0.1:9/", SECRET, clock=lambda: NOW).hand_over(instruction())


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("http://pay.example.com/", SECRET),
        ("ftp://pay.example.com/", SECRET),
        ("https://pay.example.com/", "short"),
        ("folder:/nowhere/at/all", ""),
    ],
)
def test_a_gateway_that_cannot_be_used_says_what_would_be_right(address, secret):
    with pytest.raises(GatewayError):
        find_payments(address, secret=secret, write=print, clock=lambda: NOW)


def test_without_an_address_the_console_stands_in():
    assert isinstance(find_payments("", secret="", write=print, clock=lambda: NOW), ConsolePayments)
