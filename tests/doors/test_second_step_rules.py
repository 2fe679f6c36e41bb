"""Who needs a second step, and who has lost theirs: administrators set it, and it is recorded."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from makegood.records.models import SecondStepRole, SettingsChange, SignInMail, Staff
from makegood.rules.roles import Role
from signing_in import PASSWORD, is_in, paper_codes, signed_in, somebody, with_app
from standing_clock import StandingClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def _proven(person: Staff) -> Client:
    """Signed in, and has just given the password once more."""
    client = signed_in(person)
    client.post("/account/again", {"password": PASSWORD, "next": "/account"})
    return client


def test_an_administrator_sets_which_roles_need_one():
    ada = somebody("Ada Min", role=Role.ADMINISTRATOR.value)
    somebody("Sue Super", role=Role.SUPERVISOR.value)
    client = signed_in(ada)

    answer = client.post(
        "/settings/sign-in", {"role": ["supervisor", "janitor"]}, follow=True
    ).content.decode()

    assert list(SecondStepRole.objects.values_list("role", "set_by__name")) == [
        ("supervisor", "Ada Min")
    ]
    assert "Saved." in answer
    assert "1 without a second step" in answer
    client.post("/settings/sign-in", {})
    assert not SecondStepRole.objects.exists()


def test_who_changed_the_rules_for_signing_in_is_told_and_it_can_be_taken_back():
    ada = somebody("Ada Min", role=Role.ADMINISTRATOR.value)
    client = signed_in(ada)
    client.post("/settings/sign-in", {"role": ["supervisor", "owner"]})
    client.post("/settings/sign-in", {"role": ["supervisor"]})

    page = " ".join(client.get("/settings/sign-in").content.decode().split())
    assert "<b>Ada Min</b> changed the rules for signing in" in page
    assert "from <s>Owner, Supervisor</s> to <b>Supervisor</b>" in page
    last = SettingsChange.objects.latest("pk")
    client.post(f"/settings/changes/{last.pk}/undo")

    assert set(SecondStepRole.objects.values_list("role", flat=True)) == {"owner", "supervisor"}
    assert SettingsChange.objects.latest("pk").undoes == last


def test_rules_that_were_saved_as_they_stood_are_no_change():
    client = signed_in(somebody("Ada Min", role=Role.ADMINISTRATOR.value))

    client.post("/settings/sign-in", {})

    assert not SettingsChange.objects.exists()


def test_an_administrator_helps_who_has_lost_phone_and_paper():
    ada, laura = somebody("Ada Min", role=Role.ADMINISTRATOR.value), somebody()
    with_app(laura)
    paper_codes(laura)
    client = signed_in(ada)
    form = {"person": str(laura.pk)}
    asked = client.post("/settings/sign-in/lost", form)
    assert asked.headers["Location"].startswith("/account/again")
    assert Authenticator.objects.filter(user=laura).count() == 2

    done = client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)

    assert "signs in by password alone now" in done.content.decode()
    assert not Authenticator.objects.filter(user=laura).exists()
    assert SignInMail.objects.filter(staff=laura, kind="second_step_changed").exists()
    assert is_in(signed_in(laura))
    told = SettingsChange.objects.get()
    assert (told.thing, told.key, told.fields) == ("staff", str(laura.pk), ["second_step"])
    refused = client.post(f"/settings/changes/{told.pk}/undo")
    assert refused.status_code == 409
    assert "forgotten for good" in refused.content.decode()


@pytest.mark.parametrize("junk", ["", "0", "-1", "x", "9" * 30])
def test_nobody_is_helped_who_has_no_second_step(junk):
    client = _proven(somebody("Ada Min", role=Role.ADMINISTRATOR.value))
    assert client.post("/settings/sign-in/lost", {"person": junk}).status_code == 404
