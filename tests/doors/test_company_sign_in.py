"""Signing in by the company's own identity provider: known people with a verified address."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from identity_provider import CLIENT, Provider, running
from makegood.records.models import Staff
from signing_in import code_of, is_in, sign_in, somebody, with_app
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db

GO = "/sign-in/with/company"
BACK = "/sign-in/with/company/back"


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[Provider]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as server:
        app = {
            "provider_id": "company",
            "name": "Example Ltd",
            "client_id": CLIENT,
            "secret": "s" * 20,
            "settings": {"server_url": server.issuer, "oauth_pkce_enabled": True},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        settings.OIDC_NAME = "Example Ltd"
        yield server


def _asked(client: Client, **more) -> dict[str, str]:
    """Start; returns what the identity provider is asked by the address that one is sent to."""
    page = client.post(GO, more)
    assert page.status_code == 200
    query = parse_qs(urlsplit(page.context["address"]).query)
    return {name: given[0] for name, given in query.items()}


def _come_back(client: Client, **more):
    asked = _asked(client, **more)
    return client.get(BACK, {"code": "c", "state": asked["state"]})


def _says(provider: Provider, email: str, *, verified: bool = True, sub: str = "42") -> None:
    provider.claims = {"sub": sub, "email": email, "email_verified": verified, "name": "Laura B."}


def test_a_known_person_with_a_verified_address_comes_in(provider):
    laura = somebody()
    _says(provider, "Laura.Bennett@Example.org")
    client = Client()

    answer = _come_back(client, next="/cases")

    assert answer.headers["Location"] == "/cases"
    assert is_in(client)
    assert SocialAccount.objects.get().user == laura
    assert not SocialToken.objects.exists()


def test_the_sign_in_offers_the_company_and_the_way_there_is_guarded(provider):
    client = Client()
    assert "Sign in with Example Ltd" in client.get("/sign-in").content.decode()

    page = client.post(GO)
    asked = _asked(client)

    assert page.context["address"].startswith(f"{provider.issuer}/authorise?")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].endswith(BACK)
    assert len(asked["state"]) >= 16


def test_an_address_that_nobody_verified_lets_nobody_in(provider):
    laura = somebody()
    _says(provider, laura.email, verified=False)
    client = Client()

    answer = _come_back(client)

    assert answer.status_code == 403
    assert "does not know you" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_somebody_whom_the_desk_does_not_know_gets_a_plain_page_and_no_account(provider):
    somebody()
    before = Staff.objects.count()
    _says(provider, "stranger@example.org")
    client = Client()

    answer = _come_back(client)

    assert answer.status_code == 403
    assert "does not know you" in answer.content.decode()
    assert Staff.objects.count() == before
    assert not is_in(client)


def test_who_has_left_is_a_stranger_also_when_they_came_this_way_before(provider):
    laura = somebody()
    _says(provider, laura.email)
    _come_back(Client())
    Staff.objects.filter(pk=laura.pk).update(is_active=False)
    client = Client()

    answer = _come_back(client)

    assert answer.status_code == 403
    assert "does not know you" in answer.content.decode()
    assert not is_in(client)


def test_the_owner_of_the_canary_does_not_come_in_this_way(provider):
    somebody()
    _says(provider, "canary@makegood.invalid")
    assert _come_back(Client()).status_code == 403


def test_a_second_step_is_asked_for_on_this_way_too(provider):
    laura = somebody()
    secret = with_app(laura)
    _says(provider, laura.email)
    client = Client()

    answer = _come_back(client)

    assert answer.headers["Location"].startswith("/sign-in/second-step")
    assert not is_in(client)
    client.post("/sign-in/second-step", {"code": code_of(secret)})
    assert is_in(client)


def test_an_answer_for_another_browser_is_worth_nothing(provider):
    laura = somebody()
    _says(provider, laura.email)
    state = _asked(Client())["state"]
    victim = Client()

    answers = [
        victim.get(BACK, {"code": "c", "state": state}),
        victim.get(BACK, {"code": "c"}),
        victim.get(BACK, {"code": "c", "state": "made-up"}),
    ]

    assert {answer.status_code for answer in answers} <= {401, 403, 502}
    assert not is_in(victim)
    assert not SocialAccount.objects.exists()


def test_a_get_starts_nothing_and_unknown_providers_are_nowhere(provider):  # noqa: ARG001 - is there
    assert Client().get(GO).headers["Location"] == "/sign-in"
    assert Client().post("/sign-in/with/evil").status_code == 404
    assert Client().get("/sign-in/with/evil/back").status_code == 404


def test_nobody_connects_an_account_of_theirs_to_somebody_who_is_signed_in(provider):
    laura = somebody()
    _says(provider, "attacker@example.org")
    client = Client()
    sign_in(client, laura.email)

    assert client.post(GO, {"process": "connect"}).status_code == 404
    assert client.post(f"{GO}?process=connect").status_code == 404
    assert not SocialAccount.objects.exists()


def test_one_is_sent_back_to_pages_of_this_desk_alone(provider):
    laura = somebody()
    _says(provider, laura.email)

    answer = _come_back(Client(), next="https://evil.example/")

    assert answer.headers["Location"] == "/"


def test_a_provider_in_trouble_or_a_refusal_is_said_in_words(provider):
    somebody()
    client = Client()
    state = _asked(client)["state"]
    refused = client.get(BACK, {"error": "access_denied", "state": state})
    client = Client()
    state = _asked(client)["state"]
    provider.is_broken = True

    broken = client.get(BACK, {"code": "c", "state": state})

    for answer in (refused, broken):
        assert answer.status_code == 502
        assert "did not let you in" in answer.content.decode()


def test_a_provider_that_is_not_there_is_said_in_words(provider):
    provider.is_broken = True

    answer = Client().post(GO)

    assert answer.status_code == 502
    assert "did not let you in" in answer.content.decode()


def test_without_a_provider_the_sign_in_offers_none():
    page = Client().get("/sign-in").content.decode()
    assert "Sign in with" not in page
    assert Client().post(GO).status_code == 404
