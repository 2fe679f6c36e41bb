"""News from a payment service at the door, and from accounting by file."""

import base64
import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from typer.testing import CliRunner

from makegood.doors.cli import arrived as arrived_cli
from makegood.queries import verify
from makegood.records.models import Mute, Payment, Remedy
from makegood.rules import signatures
from money_world import a_remedy
from world import MONDAY

pytestmark = pytest.mark.django_db

SECRET = base64.b64encode(b"s" * 32).decode()


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.PAYMENTS_SECRET = SECRET


def tell(
    news: object,
    *,
    secret: str = SECRET,
    raw: bytes | None = None,
    to: str = "/hooks/payments",
    **headers,
):
    body = json.dumps(news).encode() if raw is None else raw
    now = datetime.now(UTC)  # noqa: TID251 - as the service's own clock
    given = {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signatures.sign(
            body, key=signatures.key_of(secret), message="m1", at=now
        ),
    } | headers
    return Client(enforce_csrf_checks=True).post(
        to, body, content_type="application/json", headers=given
    )


def news_of(remedy: Remedy, **more) -> dict:
    key = Payment.objects.get(remedy=remedy).key
    return {
        "key": key, "state": "arrived", "at": "2026-06-01T10:00:00Z", "amount": "25.00",
        "currency": "GBP", "reference": "bank-1",
    } | more  # fmt: skip


def test_signed_news_of_an_arrival_keeps_the_promise_once():
    remedy = a_remedy()
    assert tell(news_of(remedy)).status_code == 204
    assert tell(news_of(remedy)).status_code == 204
    remedy.refresh_from_db()
    assert (remedy.outcome, remedy.promise.outcome) == ("arrived", "kept")
    assert verify.run() == []


def test_attack_47_what_was_signed_for_another_door_is_not_heard_at_this_one(settings):
    """Each door has a secret of its own, and a mail service's password is none of them."""
    settings.SMS_SECRET = base64.b64encode(b"t" * 32).decode()
    settings.ANYMAIL = {"WEBHOOK_SECRET": "hook:a-long-password"}
    remedy = a_remedy()
    basic = "Basic " + base64.b64encode(b"hook:a-long-password").decode()

    refused = [
        tell(news_of(remedy), secret=settings.SMS_SECRET).status_code,
        tell(news_of(remedy), Authorization=basic, **{"webhook-signature": ""}).status_code,
    ]
    text = {"kind": "text", "from": "+447700900123", "text": "STOP"}
    at_texts = tell(text, to="/hooks/sms").status_code

    assert (refused, at_texts) == ([401, 401], 401)
    assert (Remedy.objects.get().outcome, Mute.objects.count()) == (None, 0)


def test_news_that_nobody_signed_changes_nothing(settings):
    remedy = a_remedy()
    other = base64.b64encode(b"x" * 32).decode()
    answers = [
        tell(news_of(remedy), secret=other),
        tell(news_of(remedy), **{"webhook-signature": ""}),
        tell(news_of(remedy), **{"webhook-timestamp": "1"}),
        Client().post("/hooks/payments", news_of(remedy)),
    ]
    settings.PAYMENTS_SECRET = ""
    answers.append(tell(news_of(remedy)))
    assert [answer.status_code for answer in answers] == [401] * 5
    assert Client().get("/hooks/payments").status_code == 405
    assert Remedy.objects.get().outcome is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"amount": "26.00"}, 409),
        ({"currency": "EUR"}, 409),
        ({"key": "unknown"}, 404),
        ({"key": "\0"}, 422),
        ({"key": 7}, 422),
        ({"state": "perhaps"}, 422),
        ({"at": "yesterday"}, 422),
        ({"at": "2026-06-01T10:00:00"}, 422),
        ({"amount": 25}, 422),
        ({"amount": "-25"}, 422),
        ({"amount": "1e999990"}, 422),
    ],
)
def test_news_that_contradicts_or_makes_no_sense_is_refused_in_a_sentence(change, status):
    answer = tell(news_of(a_remedy()) | change)
    assert answer.status_code == status
    assert answer.content.decode().strip().endswith(".")
    assert Remedy.objects.get().outcome is None


def test_attack_36_news_of_the_future_has_arrived_no_later_than_now():
    assert tell(news_of(a_remedy(), at="2999-06-01T10:00:00Z")).status_code == 204
    assert Payment.objects.get().arrived_at.year < 2999


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 5_000])
def test_junk_that_is_signed_is_still_junk(raw):
    assert tell(None, raw=raw).status_code == 422


def test_a_payment_that_failed_says_so_on_the_case():
    remedy = a_remedy()
    assert (
        tell({"key": news_of(remedy)["key"], "state": "failed", "error": "closed"}).status_code
        == 204
    )
    assert Payment.objects.get().error == "closed"


def run(file) -> tuple[int, str]:
    from typer import Typer  # noqa: PLC0415 - the command alone

    alone = Typer()
    alone.command()(arrived_cli.arrived)
    done = CliRunner().invoke(alone, [str(file)])
    return done.exit_code, done.output


def test_a_file_of_accounting_is_taken_row_by_row_and_twice_does_nothing(tmp_path):
    remedy = a_remedy(now=MONDAY)
    file = tmp_path / "paid.csv"
    file.write_text(
        "key,arrived_at,amount,currency,reference\n"
        f"remedy-{remedy.pk}-1,2026-06-01T10:00:00Z,25.00,GBP,b1\n"
        "unknown,2026-06-01,1.00,GBP,\n"
        f"remedy-{remedy.pk}-1,soon,25.00,GBP,\n"
        f"remedy-{remedy.pk}-1,2026-06-01,x,GBP,\n"
    )
    for _ in range(2):
        code, said = run(file)
        assert code == 1
        assert "line 3: No payment has the key unknown." in said
        assert "line 4: arrived_at is a day" in said
        assert "line 5: x is no amount" in said
        assert "Payments that have arrived: 1." in said
    assert Remedy.objects.get().outcome == "arrived"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_that_is_none_is_refused_in_a_line(tmp_path, content):
    file = tmp_path / "paid.csv"
    file.write_bytes(content)
    code, said = run(file)
    assert code == 2
    assert len(said.strip().splitlines()) == 1
    assert run(tmp_path / "none.csv")[0] == 2
