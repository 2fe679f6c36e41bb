"""The links in letters about signing in: what scanners, time and forged hosts can do with them."""

from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from busy_day import NOW
from makegood.actions import sign_in as actions
from makegood.records.models import SignInMailKind, Staff
from signing_in import NEW_PASSWORD, is_in, letters, link_in, sign_in, somebody
from standing_clock import StandingClock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def test_attack_16_a_scanner_that_follows_a_letters_link_uses_nothing_up():
    laura = somebody()
    actions.write_to(laura, SignInMailKind.INVITATION, now=NOW)
    link = link_in(letters()[0])
    for _ in range(3):
        scanner = Client()
        scanner.head(link, follow=True)
        scanner.get(link, follow=True)
        assert not is_in(scanner)

    owner = Client()
    form = owner.get(link, follow=True).redirect_chain[-1][0]
    owner.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert sign_in(Client(), laura.email, NEW_PASSWORD).status_code == 302


def test_attack_17_a_letters_link_ends_with_its_day_and_with_the_address_it_went_to(monkeypatch):
    laura = somebody()
    actions.write_to(laura, SignInMailKind.INVITATION, now=NOW)
    link = link_in(letters()[0])
    generator = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    made = PasswordResetTokenGenerator()._now()

    with monkeypatch.context() as later:
        later.setattr(generator, lambda _self: made + timedelta(hours=25))
        assert "no longer good" in Client().get(link).content.decode()
    assert "no longer good" not in Client().get(link, follow=True).content.decode()
    Staff.objects.filter(pk=laura.pk).update(email="laura.new@example.org")
    assert "no longer good" in Client().get(link).content.decode()


@pytest.mark.parametrize("name", ["host", "x-forwarded-host", "forwarded"])
def test_attack_22_a_forged_host_stands_in_no_letter(settings, name):
    settings.BASE_URL = "https://desk.example.com"
    laura = somebody()
    forged = "host=evil.example" if name == "forwarded" else "evil.example"

    Client().post("/sign-in/reset", {"email": laura.email}, headers={name: forged})

    assert not any("evil.example" in body for body in letters())
    if name != "host":  # which is refused
        assert "https://desk.example.com/sign-in/reset/" in letters()[0]
