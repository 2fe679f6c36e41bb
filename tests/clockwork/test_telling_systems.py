"""Other systems are told what happens: signed, tried again, given up, replayed, stopped."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from makegood.actions import webhooks as actions
from makegood.actions.changes import FieldError
from makegood.actions.webhooks import NewWebhook
from makegood.clockwork.telling_systems import tell_due
from makegood.gateways.webhooks import Parcel, WebhookError, send
from makegood.records.models import Delivery, TimelineEntry, Webhook
from makegood.rules import signatures, webhooks
from world import MONDAY, a_case, a_person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HERE = "http://127.0.0.1"


class Shop:
    """Another system, which keeps what it gets and answers as it is told."""

    def __init__(self, *answers: int) -> None:
        self.got: list[Parcel] = []
        self._answers = list(answers)

    def __call__(self, parcel: Parcel) -> int:
        self.got.append(parcel)
        status = self._answers.pop(0) if self._answers else 200
        if status != 200:
            raise WebhookError("It said no.", status=status)
        return status


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.WEBHOOKS_PRIVATE = True


def a_webhook(**more) -> Webhook:
    wanted = NewWebhook(**({"name": "shop", "url": f"{HERE}/hook"} | more))
    return actions.make(wanted, by=a_person(), now=MONDAY)


@pytest.mark.django_db
class TestOfTelling:
    """What is sent, and what becomes of it."""

    def test_what_happens_is_sent_once_and_signed(self):
        webhook, shop = a_webhook(), Shop()
        case = a_case()

        tell_due(now=MONDAY, hand_over=shop)
        tell_due(now=MONDAY + MINUTE, hand_over=shop)

        entries = TimelineEntry.objects.filter(case=case).count()
        assert len(shop.got) == entries
        first = shop.got[0]
        signatures.verify(
            first.body, key=signatures.key_of(webhook.secret), message=first.headers["webhook-id"],
            stamp=first.headers["webhook-timestamp"],
            signature=first.headers["webhook-signature"], now=MONDAY,
        )  # fmt: skip
        assert json.loads(first.body)["data"]["case"] == case.reference
        assert "Food bin" not in first.body.decode(), "the title is a customer's words"
        assert Delivery.objects.filter(delivered_at=MONDAY).count() == entries

    def test_what_was_rolled_back_is_told_to_nobody(self):
        a_webhook()
        with transaction.atomic():
            a_case()
            transaction.set_rollback(True)
        assert Delivery.objects.count() == 0

    def test_a_failure_is_tried_again_with_the_same_id(self):
        a_webhook(kinds=["case_opened"])
        shop = Shop(500)
        a_case()

        tell_due(now=MONDAY, hand_over=shop)
        waiting = Delivery.objects.get()
        tell_due(now=MONDAY + webhooks.PAUSES[0], hand_over=shop)

        assert (waiting.status, waiting.send_at) == (500, MONDAY + webhooks.PAUSES[0])
        assert len({parcel.headers["webhook-id"] for parcel in shop.got}) == 1
        assert Delivery.objects.get().delivered_at is not None
        assert Webhook.objects.get().failing_since is None

    def test_what_takes_nothing_for_days_is_stopped_and_hears_no_more(self):
        a_webhook(kinds=["case_opened"])
        shop = Shop(*[503] * 50)
        a_case()
        now = MONDAY
        for pause in (timedelta(), *webhooks.PAUSES, *webhooks.PAUSES):
            now += pause
            tell_due(now=now, hand_over=shop)
        a_case(title="another")
        assert Webhook.objects.get().stopped_at is not None
        assert Webhook.objects.get().stopped_by is None
        assert Delivery.objects.count() == 1
        assert Delivery.objects.get().given_up_at is not None

    def test_what_says_that_it_is_gone_is_stopped_at_once(self):
        a_webhook(kinds=["case_opened"])
        a_case()
        tell_due(now=MONDAY, hand_over=Shop(410))
        assert Webhook.objects.get().stopped_at == MONDAY

    def test_with_a_new_secret_both_sign_for_a_day(self):
        webhook, shop = a_webhook(kinds=["case_opened"]), Shop()
        actions.rotate(webhook.pk, now=MONDAY)
        a_case()
        tell_due(now=MONDAY, hand_over=shop)
        delivery = Delivery.objects.get()
        actions.send_again(webhook.pk, delivery.pk, now=MONDAY + DAY)
        tell_due(now=MONDAY + DAY, hand_over=shop)
        both, one = (parcel.headers["webhook-signature"].split(" ") for parcel in shop.got)
        assert (len(both), len(one)) == (2, 1)
        assert Webhook.objects.get().secret != webhook.secret

    def test_attack_47_each_has_a_secret_of_its_own(self):
        shop, bank = a_webhook(), a_webhook(name="bank", url=f"{HERE}/bank")
        heard = Shop()
        a_case()
        tell_due(now=MONDAY, hand_over=heard)
        for parcel in heard.got:
            ours, theirs = (shop, bank) if parcel.url == shop.url else (bank, shop)
            given = {
                "message": parcel.headers["webhook-id"], "now": MONDAY,
                "stamp": parcel.headers["webhook-timestamp"],
                "signature": parcel.headers["webhook-signature"],
            }  # fmt: skip
            signatures.verify(parcel.body, key=signatures.key_of(ours.secret), **given)
            with pytest.raises(signatures.SignatureError):
                signatures.verify(parcel.body, key=signatures.key_of(theirs.secret), **given)
        assert {parcel.url for parcel in heard.got} == {shop.url, bank.url}

    def test_the_log_is_told_again_also_to_who_came_later(self):
        a_case()
        webhook, shop = a_webhook(), Shop()
        count = actions.replay(webhook.pk, since=MONDAY, now=MONDAY + MINUTE)
        tell_due(now=MONDAY + MINUTE, hand_over=shop)
        again = actions.replay(webhook.pk, since=MONDAY, now=MONDAY + 2 * MINUTE)
        tell_due(now=MONDAY + 2 * MINUTE, hand_over=shop)
        ids = [parcel.headers["webhook-id"] for parcel in shop.got]
        assert count == again == len(set(ids)) == len(ids) / 2

    def test_an_address_of_ones_own_network_is_refused(self, settings):
        settings.WEBHOOKS_PRIVATE = False
        with pytest.raises(FieldError) as refused:
            a_webhook(url="https://169.254.169.254/latest")
        assert refused.value.field == "url"


class TestOfSending:
    """The connection itself."""

    def test_a_message_reaches_who_listens_and_no_redirection_is_followed(self):
        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if self.path == "/ok" else 302)
                self.send_header("Location", f"{HERE}:{port}/ok")
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        got: list[bytes] = []
        server = HTTPServer(("127.0.0.1", 0), Listener)
        port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yes = Parcel(url=f"{HERE}:{port}/ok", body=b"{}", headers={})
            assert send(yes, is_private_allowed=True) == 200
            away = Parcel(url=f"{HERE}:{port}/away", body=b"{}", headers={})
            with pytest.raises(WebhookError) as refused:
                send(away, is_private_allowed=True)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
        assert refused.value.status == 302
        assert got == [b"{}", b"{}"]

    def test_a_name_that_leads_into_ones_own_network_is_not_connected_to(self):
        def look_up(*_: object, **__: object):
            return [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("127.0.0.1", 443))]

        parcel = Parcel(url="https://rebound.example/", body=b"", headers={})
        with pytest.raises(WebhookError, match="network of its own"):
            send(parcel, is_private_allowed=False, look_up=look_up)
