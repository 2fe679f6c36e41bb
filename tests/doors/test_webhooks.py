"""Webhooks on the settings: who may make one, the secret that is shown once, and sending again."""

import pytest
from django.test import Client

from makegood.queries import case_timeline, page_sentences
from makegood.records.models import Delivery, Webhook
from makegood.rules import webhooks
from makegood.rules.roles import Role
from world import a_case, a_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/webhooks"


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(a_person(f"Some {role.value}", role=role.value))
    return client


def made(client: Client, **more):
    return client.post(PAGE, {"name": "Shop", "url": "https://shop.example/hook"} | more)


def test_an_administrator_makes_one_and_sees_its_secret_once():
    client = client_of(Role.ADMINISTRATOR)
    answer = made(client)
    webhook = Webhook.objects.get()
    assert webhook.secret in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert webhook.secret not in client.get(f"{PAGE}/{webhook.pk}").content.decode()
    assert webhook.secret not in client.get(PAGE).content.decode()


def test_nobody_else_may_and_strangers_sign_in():
    assert made(client_of(Role.SUPERVISOR)).status_code == 403
    assert made(Client()).status_code == 302
    assert Webhook.objects.count() == 0


def test_an_address_of_ones_own_network_is_refused_at_its_field():
    answer = made(client_of(Role.ADMINISTRATOR), url="https://127.0.0.1/")
    assert answer.status_code == 422
    assert "give a public one" in answer.content.decode()


def test_it_is_stopped_started_rotated_and_sent_again():
    client = client_of(Role.ADMINISTRATOR)
    made(client)
    webhook = Webhook.objects.get()
    a_case()
    delivery = Delivery.objects.earliest("pk")
    address = f"{PAGE}/{webhook.pk}"

    client.post(address, {"do": "stop"})
    stopped = Webhook.objects.get()
    client.post(address, {"do": "start"})
    client.post(address, {"do": "again", "delivery": delivery.pk})
    client.post(address, {"do": "replay", "since": "2026-01-01T00:00"})
    rotated = client.post(address, {"do": "rotate"})

    assert stopped.stopped_at is not None
    assert Webhook.objects.get().secret in rotated.content.decode()
    assert Delivery.objects.filter(send_at__isnull=False).exists()
    assert client.post(address, {"do": "again", "delivery": "x"}).status_code == 404
    assert client.post(address, {"do": "replay", "since": ""}).status_code == 422
    assert client.post(address, {"do": "sing"}).status_code == 400
    assert client.get(f"{PAGE}/999").status_code == 404
    assert delivery.entry.case.reference in client.get(address).content.decode()


def test_every_kind_of_entry_that_a_case_tells_is_in_one_topic():
    told = {*case_timeline._TELLERS, *page_sentences.SENTENCES}

    assert {kind for kinds in webhooks.TOPICS.values() for kind in kinds} == told


def test_it_hears_of_the_topics_and_single_kinds_that_were_chosen():
    client = client_of(Role.ADMINISTRATOR)

    made(client, kinds=["promises", "case_closed"])

    assert set(Webhook.objects.get().kinds) == {*webhooks.TOPICS["promises"], "case_closed"}
    page = client.get(PAGE).content.decode()
    assert "Promises, case_closed" in page
    assert made(client, kinds=["weather"]).status_code == 422
