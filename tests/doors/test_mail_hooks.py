"""Webhooks of mail providers and text message services: signed, taken once, and never authority."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from letter_world import a_case_by_mail, a_letter
from mail_world import HOST, MAILBOX, a_mail, reply_to, state_of
from makegood.actions import letters
from makegood.actions.letters import NoAddressError
from makegood.records.models import AsideBecause, Contact, Letter, Mail, MailKind, Mute, Promise
from makegood.rules import signatures
from makegood.rules.letters import LetterChannel
from standing_clock import StandingClock
from world import MONDAY

pytestmark = pytest.mark.django_db

SECRET = base64.b64encode(b"s" * 32).decode()
USER = "hook:a-long-password"
BASIC = "Basic " + base64.b64encode(USER.encode()).decode()


@pytest.fixture(autouse=True)
def _provider(settings):
    settings.MAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": USER}
    settings.MAIL_TRUSTED_HOST, settings.MAIL_REPLY = HOST, MAILBOX
    settings.SMS_SECRET, settings.SMS_COUNTRIES = SECRET, ("+44",)


def tell(what: str, news: object, *, basic: str = BASIC, raw: bytes | None = None):
    body = json.dumps(news).encode() if raw is None else raw
    return Client(enforce_csrf_checks=True).post(
        f"/hooks/mail/{what}", body, content_type="application/json",
        headers={"Authorization": basic},
    )  # fmt: skip


def a_letter_with_provider(number: str = "p-1", **more) -> Letter:
    letter = a_letter(**more)
    letters.take(now=MONDAY)
    letters.leaving(letter.pk, now=MONDAY)
    letters.left(letter.pk, provider_id=number, now=MONDAY)
    return letter


def test_the_provider_says_what_was_delivered_and_what_came_back():
    good, bad = a_letter_with_provider("p-1"), a_letter_with_provider("p-2")
    delivered = {
        "RecordType": "Delivery", "MessageID": "p-1", "Recipient": "x@example.net",
        "DeliveredAt": "2026-06-01T09:00:30Z",
    }  # fmt: skip
    bounced = {
        "RecordType": "Bounce", "MessageID": "p-2", "ID": 42, "Type": "HardBounce", "TypeCode": 1,
        "Email": "x@example.net", "BouncedAt": "2026-06-01T09:00:30Z",
        "Description": "no such person",
    }  # fmt: skip
    for news in (delivered, bounced, delivered, bounced, delivered | {"MessageID": "unknown"}):
        assert tell("tracking", news).status_code == 204
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.delivered_at == datetime(2026, 6, 1, 9, 0, 30, tzinfo=UTC)
    assert bad.bounced_at is not None
    assert "no such person" in bad.error


def test_mail_comes_by_the_provider_once_and_has_to_prove_itself_as_any_other(monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    letter = a_letter_with_provider()
    for proven, expected in (("pass", MailKind.REPLY), (None, MailKind.ASIDE)):
        raw = a_mail(proven=proven).as_string()
        news = {
            "RecordType": "Inbound", "MessageID": f"m-{proven}", "RawEmail": raw, "Headers": [],
            "OriginalRecipient": reply_to(letter),
        }  # fmt: skip
        for _ in range(2):
            assert tell("inbound", news).status_code == 204
        kept = Mail.objects.get(place=f"m-{proven}")
        assert (kept.kind, kept.aside_because) == (expected, "" if proven else "unproven")
    assert Mail.objects.count() == 2


SIGNING_KEY = "key-of-mailgun-that-signs"


@pytest.fixture
def _mailgun(settings, monkeypatch):
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL |= {"MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def signed_by_mailgun(token: str, key: str = SIGNING_KEY) -> dict[str, str]:
    """What Mailgun signs, as its documentation and anymail's have it."""
    made = hmac.new(key.encode(), f"1780304430{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": "1780304430", "token": token, "signature": made}


def mailgun_event(number: str, event: str, **more: str) -> dict[str, object]:
    return {
        "event": event, "timestamp": 1780304430.5, "id": "DACSsAdVSeGpLid7TN03WA",
        "message": {"headers": {"message-id": number, "to": "x@example.net"}},
        "recipient": "x@example.net", "log-level": "info", "tags": [], "user-variables": {},
        "delivery-status": {"code": 550, "message": "no such person", "description": ""}, **more,
    }  # fmt: skip


@pytest.mark.usefixtures("_mailgun")
def test_what_mailgun_signs_is_heard_and_a_failure_that_may_pass_is_none():
    good, bad, slow = (a_letter_with_provider(f"<{name}@mg.example>") for name in "abc")
    for number, event, more in (
        ("a@mg.example", "delivered", {}),
        ("b@mg.example", "failed", {"severity": "permanent", "reason": "bounce"}),
        ("c@mg.example", "failed", {"severity": "temporary", "reason": "generic"}),
    ):
        news = {"signature": signed_by_mailgun(number), "event-data": {}}
        news["event-data"] = mailgun_event(number, event, **more)
        forged = news | {"signature": signed_by_mailgun(number, key="another")}
        assert tell("tracking", forged).status_code == 401
        assert tell("tracking", news, basic="").status_code == 401
        heard = Letter.objects.exclude(delivered_at=None, bounced_at=None)
        assert not heard.filter(provider_id=f"<{number}>")
        assert [tell("tracking", news).status_code for _again in range(2)] == [204, 204]
    for letter in (good, bad, slow):
        letter.refresh_from_db()
    assert good.delivered_at == datetime(2026, 6, 1, 9, 0, 30, 500_000, tzinfo=UTC)
    assert "no such person" in bad.error
    assert (slow.delivered_at, slow.bounced_at) == (None, None)


@pytest.mark.usefixtures("_mailgun")
def test_mail_that_mailgun_signs_joins_by_its_address_and_its_proven_sender_once():
    letter = a_letter_with_provider("<a@mg.example>")
    for token, proven, key, expected in (
        ("t1", "pass", SIGNING_KEY, 204),
        ("t2", None, SIGNING_KEY, 204),
        ("t3", "pass", "another", 401),
    ):
        form = {
            "recipient": reply_to(letter), "sender": "x@example.net", "subject": "Your case",
            "body-mime": a_mail(proven=proven).as_string(), **signed_by_mailgun(token, key),
        }  # fmt: skip
        for _again in range(2):
            answer = Client(enforce_csrf_checks=True).post(
                "/hooks/mail/inbound", form, headers={"Authorization": BASIC}
            )
            assert answer.status_code == expected
    kept = Mail.objects.order_by("place").values_list("place", "kind", "case")
    assert list(kept) == [("t1", MailKind.REPLY, letter.case_id), ("t2", MailKind.ASIDE, None)]


def test_attack_47_nobody_without_the_secret_is_heard(settings):
    letter = a_letter_with_provider()
    news = {"RecordType": "Delivery", "MessageID": "p-1", "DeliveredAt": "2026-06-01T09:00:30Z"}
    wrong = "Basic " + base64.b64encode(b"hook:wrong").decode()
    assert [tell("tracking", news, basic=each).status_code for each in ("", wrong)] == [401, 401]
    assert tell("other", news).status_code == 404
    assert Client().get("/hooks/mail/tracking").status_code == 405
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert tell("tracking", news).status_code == 404
    settings.ANYMAIL, settings.MAIL_PROVIDER = {"WEBHOOK_SECRET": USER}, ""
    assert tell("tracking", news).status_code == 404
    letter.refresh_from_db()
    assert letter.delivered_at is None


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"7", b'{"RecordType": 7}'])
@pytest.mark.parametrize("what", ["inbound", "tracking"])
def test_junk_with_the_secret_is_still_junk(what, raw):
    assert tell(what, None, raw=raw).status_code in {204, 422}
    assert not any(mail.case for mail in Mail.objects.all())


def text(
    news: object, *, key: str = "m1", secret: str = SECRET, raw: bytes | None = None,
    age: timedelta = timedelta(), **more,
):  # fmt: skip
    body = json.dumps(news).encode() if raw is None else raw
    now = datetime.now(UTC) - age  # noqa: TID251 - as the service's own clock
    signature = signatures.sign(body, key=signatures.key_of(secret), message=key, at=now)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    } | more
    return Client(enforce_csrf_checks=True).post(
        "/hooks/sms", body, content_type="application/json", headers=headers
    )


def test_a_text_message_is_delivered_or_fails():
    good = a_letter_with_provider("s-1", channel=LetterChannel.SMS)
    bad = a_letter_with_provider("s-2", channel=LetterChannel.SMS)
    assert text({"kind": "delivered", "reference": "s-1"}).status_code == 204
    assert (
        text({"kind": "failed", "reference": "s-2", "error": "no such number"}).status_code == 204
    )
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.delivered_at is not None
    assert bad.error == "no such number"


def test_attack_48_yes_from_a_number_agrees_to_nothing_and_stop_is_heard_by_the_number():
    letter = a_letter_with_provider("s-1", channel=LetterChannel.SMS)
    before = list(Promise.objects.values_list("pk", "due_at", "outcome"))
    for key, words in (("1", "YES"), ("2", "Stop."), ("1", "YES")):
        assert (
            text({"kind": "text", "from": "+447700900123", "text": words}, key=key).status_code
            == 204
        )
    assert list(Promise.objects.values_list("pk", "due_at", "outcome")) == before
    assert sorted(Contact.objects.values_list("note", flat=True)) == ["Stop.", "YES"]
    assert Mute.objects.get().number == letter.recipient
    letter.case.refresh_from_db()
    assert letter.case.closed_at is None


def test_attack_48_stop_from_a_shared_number_is_heard_for_all_and_touches_no_case():
    two = [
        a_letter_with_provider(
            f"s-{name}", case=a_case_by_mail(name=name), channel=LetterChannel.SMS
        )
        for name in ("David Taylor", "Ann Taylor")
    ]
    before = [state_of(letter.case) for letter in two]
    assert text({"kind": "text", "from": "+447700900123", "text": "STOP"}).status_code == 204
    assert [state_of(letter.case) for letter in two] == before
    for letter in two:
        with pytest.raises(NoAddressError, match="no more text messages"):
            a_letter(letter.case, channel=LetterChannel.SMS)
        assert a_letter(letter.case).send_at == MONDAY  # a letter by mail still goes


@pytest.mark.parametrize("minutes", [6, -6])
def test_attack_47_what_was_signed_long_ago_is_not_heard_again(minutes):
    a_letter_with_provider("s-1", channel=LetterChannel.SMS)
    news = {"kind": "delivered", "reference": "s-1"}
    assert text(news, age=timedelta(minutes=minutes)).status_code == 401
    assert Letter.objects.get().delivered_at is None
    assert text(news, age=timedelta(minutes=4)).status_code == 204


def test_attack_48_a_shared_number_joins_no_case_by_guess():
    for _ in range(2):
        a_letter(a_case_by_mail(), channel=LetterChannel.SMS)
    text({"kind": "text", "from": "+447700900123", "text": "YES"})
    text({"kind": "text", "from": "nonsense", "text": "YES"}, key="m2")
    assert [mail.aside_because for mail in Mail.objects.all()] == [AsideBecause.UNPROVEN] * 2
    assert not Contact.objects.exists()


def test_attack_47_a_text_that_nobody_signed_changes_nothing(settings):
    a_letter_with_provider("s-1", channel=LetterChannel.SMS)
    news = {"kind": "delivered", "reference": "s-1"}
    other = base64.b64encode(b"x" * 32).decode()
    answers = [
        text(news, secret=other),
        text(news, **{"webhook-signature": ""}),
        text(news, **{"webhook-timestamp": "1"}),
        text(news, raw=b"x" * 30_000),
    ]
    settings.SMS_SECRET = ""
    answers.append(text(news))
    assert [answer.status_code for answer in answers] == [401] * 5
    assert Letter.objects.get().delivered_at is None


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 5_000, b'{"kind": "other"}'])
def test_a_text_that_makes_no_sense_is_refused(raw):
    assert text(None, raw=raw).status_code == 422
