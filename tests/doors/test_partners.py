"""Partners on the settings: who may follow another desk, its address, its key, and its history."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from makegood.records.models import Partner, SettingsChange
from makegood.rules.roles import Role
from partner_world import City, a_partner, a_service, look
from world import a_person

pytestmark = pytest.mark.django_db
PAGE = "/settings/partners"


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(a_person(f"Some {role.value}", role=role.value))
    return client


def made(client: Client, **more):
    fields = {"name": "The city", "url": "https://city.example/v2", "service": a_service().pk,
              "since": "2026-06-01", "key": "secret-key-1234", "codes": "12, 13 ,"}  # fmt: skip
    return client.post(PAGE, fields | more)


def test_an_administrator_follows_another_desk_from_a_day_of_its_office_on():
    answer = made(client_of(Role.ADMINISTRATOR))
    partner = Partner.objects.get()
    assert answer.status_code == 302
    assert (partner.codes, partner.api_key) == (["12", "13"], "secret-key-1234")
    assert partner.since == datetime(2026, 5, 31, 23, 0, tzinfo=UTC)


def test_nobody_else_may_and_strangers_sign_in():
    assert made(client_of(Role.SUPERVISOR)).status_code == 403
    assert made(Client()).status_code == 302
    a_partner()
    partner = Partner.objects.get()
    assert client_of(Role.SUPERVISOR).get(f"{PAGE}/{partner.pk}").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": "https://127.0.0.1/v2"}, "give a public one"),
        ({"url": "https://city.example/v2?x=1"}, "Give the address up to /v2"),
        ({"url": "http://city.example/v2"}, "begins with https://"),
        ({"service": "999999"}, "valid choice"),
        ({"since": "soon"}, "valid date"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong, says):
    answer = made(client_of(Role.ADMINISTRATOR), **wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Partner.objects.count() == 0


def test_a_name_is_taken_once():
    client = client_of(Role.ADMINISTRATOR)
    made(client)
    answer = made(client)
    assert (answer.status_code, Partner.objects.count()) == (422, 1)


def test_its_key_is_shown_nowhere_and_stays_when_the_field_is_left_empty():
    client = client_of(Role.ADMINISTRATOR)
    made(client)
    partner = Partner.objects.get()
    page = client.get(f"{PAGE}/{partner.pk}").content.decode()
    fields = {"do": "change", "name": "The county", "url": partner.url, "key": "",
              "service": a_service("Bridges").pk, "since": "2026-06-02"}  # fmt: skip

    assert client.post(f"{PAGE}/{partner.pk}", fields).status_code == 302

    partner.refresh_from_db()
    assert "secret-key-1234" not in page + client.get(PAGE).content.decode()
    assert (partner.name, partner.api_key) == ("The county", "secret-key-1234")
    change = SettingsChange.objects.latest("pk")
    assert set(change.fields) == {"name", "service", "since", "codes"}
    assert "secret-key" not in str(SettingsChange.objects.values_list("before", "after"))


def test_it_is_looked_at_stopped_and_started():
    client = client_of(Role.ADMINISTRATOR)
    made(client)
    address = f"{PAGE}/{Partner.objects.get().pk}"

    client.post(address, {"do": "look"})
    client.post(address, {"do": "stop"})
    stopped = Partner.objects.get()
    client.post(address, {"do": "start"})

    assert (stopped.stopped_at is None, stopped.look_at) == (False, None)
    assert Partner.objects.get().look_at is not None
    assert client.post(address, {"do": "sing"}).status_code == 400
    assert client.get(f"{PAGE}/999999").status_code == 404


def test_its_page_shows_how_it_does_and_each_of_its_requests(django_assert_max_num_queries):
    a_partner()
    city = City()
    city.shows("17")
    city.shows("18")
    look(city)
    city.is_down = True
    look(city)
    client = client_of(Role.ADMINISTRATOR)
    partner = Partner.objects.get()

    with django_assert_max_num_queries(20):
        page = client.get(f"{PAGE}/{partner.pk}").content.decode()

    assert "Cannot be read since" in page
    assert "city.example was not reached" in page
    assert page.count('href="/cases/') >= 2
    assert "cannot be read" in client.get("/settings").content.decode()
