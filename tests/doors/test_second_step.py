"""The second step: who has one cannot be let in without it, and who needs one sets it up first."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from addresses import addresses, things_of
from busy_day import NOW, a_busy_day
from makegood.actions import sign_in as actions
from makegood.records.models import SignInMail, Staff, StaffRole
from makegood.rules.roles import Role
from signing_in import (
    PASSWORD,
    code_of,
    is_in,
    paper_codes,
    sign_in,
    signed_in,
    somebody,
    with_app,
)
from standing_clock import StandingClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

STEP = "/sign-in/second-step"
SET_UP = "/account/second-step"


@pytest.fixture
def quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def _after_password(person: Staff, **more) -> Client:
    client = Client()
    answer = sign_in(client, person.email, **more)
    assert answer.headers["Location"].startswith(STEP)
    return client


def _proven(person: Staff) -> Client:
    """Signed in, and has just given the password once more."""
    client = signed_in(person)
    client.post("/account/again", {"password": PASSWORD, "next": "/account"})
    return client


def test_the_code_of_the_app_lets_in_and_the_password_alone_does_not():
    laura = somebody()
    secret = with_app(laura)
    client = _after_password(laura)
    assert not is_in(client)

    answer = client.post(STEP, {"code": code_of(secret)})

    assert answer.headers["Location"] == "/"
    assert is_in(client)


def test_one_comes_to_the_wanted_page_by_way_of_the_second_step():
    laura = somebody()
    secret = with_app(laura)
    client = _after_password(laura, next="/cases?q=bin")

    answer = client.post(STEP, {"code": code_of(secret)})

    assert answer.headers["Location"] == "/cases?q=bin"


def test_no_other_address_leads_around_the_second_step():
    day = a_busy_day()
    lena = somebody("Lena Long")
    with_app(lena)
    client = _after_password(lena)

    for address in addresses(door="staff"):
        url = address.filled(things_of(day))
        for answer in (client.get(url), client.post(url)):
            assert answer.headers["Location"].startswith("/sign-in"), url
    for public in ("/sign-in", "/sign-in?next=/", "/sign-in/reset/done"):
        client.get(public, follow=True)
    assert not is_in(client)
    assert not Client().get(STEP).headers["Location"].startswith(STEP)


def test_a_new_password_by_letter_does_not_lead_around_it_either():
    laura = somebody()
    with_app(laura)

    sign_in(client := Client(), laura.email)

    assert "_auth_user_id" not in client.session
    assert not is_in(client)


def test_a_code_works_once():
    laura = somebody()
    secret = with_app(laura)
    code = code_of(secret)
    _after_password(laura).post(STEP, {"code": code})

    thief = _after_password(laura)
    answer = thief.post(STEP, {"code": code})

    assert "was used already" in answer.content.decode()
    assert not is_in(thief)


def test_a_code_from_paper_works_once_and_tells_nobody_of_the_others():
    laura = somebody()
    with_app(laura)
    codes = paper_codes(laura)
    first = _after_password(laura)
    first.post(STEP, {"code": codes[0]})
    assert is_in(first)

    again = _after_password(laura)
    answer = again.post(STEP, {"code": codes[0]})

    assert "was used already" in answer.content.decode()
    assert not is_in(again)
    assert codes[1] not in answer.content.decode()
    again.post(STEP, {"code": codes[1]})
    assert is_in(again)


def test_guessing_codes_is_limited_for_the_person_wherever_it_comes_from():
    laura = somebody()
    secret = with_app(laura)
    client = _after_password(laura)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})

    answer = client.post(STEP, {"code": code_of(secret)})

    assert "tried too often" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("junk", ["", "x" * 5000, "١٢٣٤٥٦", "\x00", "-1", "12 34 56"])
def test_junk_instead_of_a_code_is_refused_in_words(junk):
    laura = somebody()
    with_app(laura)

    answer = _after_password(laura).post(STEP, {"code": junk})

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_junk_instead_of_a_key_is_refused_in_words():
    laura = somebody()
    with_app(laura)
    for junk in ("", "{}", "null", '{"id": 1}', "[1]"):
        client = _after_password(laura)
        answer = client.post(STEP, {"credential": junk})
        assert answer.status_code == 200, junk
        assert not is_in(client)


@pytest.mark.parametrize("address", [STEP, f"{SET_UP}/key", "/account/again/key"])
def test_what_no_key_would_answer_is_a_request_that_cannot_be_read(address):
    laura = somebody()
    known = _proven(laura)
    with_app(laura)
    Authenticator.objects.create(
        user=laura, type=Authenticator.Type.WEBAUTHN, data={"name": "blue", "credential": {}}
    )
    client = _after_password(laura) if address == STEP else known
    deep = "[" * 100_000 + "]" * 100_000

    answer = client.post(address, {"credential": deep, "name": "blue"})

    assert answer.status_code == 400
    assert "We could not read that request" in answer.content.decode()


def test_whose_role_needs_one_sets_it_up_before_anything_else():
    day = a_busy_day()
    client = signed_in(somebody("Lena Long"))
    actions.require_second_step(frozenset({StaffRole.OWNER}), by=day.laura, now=NOW)

    for address in addresses(door="staff"):
        if address.route.startswith("account"):
            continue
        answer = client.get(address.filled(things_of(day)))
        assert (answer.status_code, answer.headers["Location"]) == (302, SET_UP), address.name
    fragment = client.get("/", HTTP_HX_REQUEST="true")
    page = client.get(SET_UP).content.decode()

    assert fragment.headers["HX-Redirect"] == SET_UP
    assert "Your role needs a second step" in page
    assert client.get("/account").status_code == 200


def test_other_roles_are_not_asked_and_who_has_one_is_through():
    day = a_busy_day()
    lena, sue = somebody("Lena Long"), somebody("Sue Super", role=Role.SUPERVISOR.value)
    actions.require_second_step(frozenset({StaffRole.OWNER}), by=day.laura, now=NOW)
    assert is_in(signed_in(sue))

    client = _needy(lena)
    with_app(lena)

    assert is_in(client)
    assert "Your role needs" not in client.get(SET_UP, follow=True).content.decode()


def _needy(person: Staff) -> Client:
    client = Client()
    sign_in(client, person.email)
    assert client.get("/").headers["Location"] == SET_UP
    return client


def test_paper_codes_alone_are_no_second_step():
    day = a_busy_day()
    lena = somebody("Lena Long")
    paper_codes(lena)
    actions.require_second_step(frozenset({StaffRole.OWNER}), by=day.laura, now=NOW)

    assert not is_in(_needy(lena))


def test_setting_up_an_app_asks_for_the_password_first_and_gives_codes_for_paper():
    laura = somebody()
    client = signed_in(laura)
    asked = client.get(f"{SET_UP}/app")
    assert asked.headers["Location"].startswith("/account/again?next=")

    client.post(asked.headers["Location"], {"password": PASSWORD})
    page = client.get(f"{SET_UP}/app").content.decode()
    secret = re.search(r'class="mg-secret">(\w+)<', page)[1]
    done = client.post(f"{SET_UP}/app", {"code": code_of(secret)})
    codes = client.get(done.headers["Location"]).content.decode()

    assert done.headers["Location"] == f"{SET_UP}/codes"
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert "no-store" in client.get(f"{SET_UP}/codes").headers["Cache-Control"]
    fresh = Client()
    assert sign_in(fresh, laura.email).headers["Location"].startswith(STEP)


def test_a_wrong_first_code_sets_nothing_up():
    laura = somebody()
    client = _proven(laura)
    client.get(f"{SET_UP}/app")

    answer = client.post(f"{SET_UP}/app", {"code": "000000"})

    assert "not right" in answer.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("what", ["app", "app/remove", "codes", "codes/new", "key"])
def test_nobody_at_an_open_desk_changes_the_second_step_without_the_password(what):
    laura = somebody()
    client = signed_in(laura)
    with_app(laura)
    paper_codes(laura)
    before = list(Authenticator.objects.order_by("pk").values())

    for answer in (client.get(f"{SET_UP}/{what}"), client.post(f"{SET_UP}/{what}")):
        if (what, answer.status_code) != ("codes", 405):
            assert answer.headers["Location"].startswith("/account/again")

    assert list(Authenticator.objects.order_by("pk").values()) == before


def test_a_wrong_password_does_not_prove_that_it_is_you():
    laura = somebody()
    client = signed_in(laura)

    answer = client.post("/account/again", {"password": "wrong", "next": f"{SET_UP}/app"})

    assert "not your password" in answer.content.decode()
    assert client.get(f"{SET_UP}/app").status_code == 302


def test_new_codes_make_the_old_ones_worthless():
    laura = somebody()
    client = _proven(laura)
    with_app(laura)
    old = paper_codes(laura)

    client.post(f"{SET_UP}/codes/new")

    thief = _after_password(laura)
    thief.post(STEP, {"code": old[0]})
    assert not is_in(thief)


def test_taking_the_app_away_takes_the_codes_too_and_tells_its_owner():
    laura = somebody()
    client = _proven(laura)
    with_app(laura)
    paper_codes(laura)

    client.post(f"{SET_UP}/app/remove")

    assert not Authenticator.objects.exists()
    assert SignInMail.objects.filter(staff=laura, kind="second_step_changed").exists()


def test_nobody_removes_the_key_of_somebody_else():
    laura, bob = somebody(), somebody("Bob Other")
    key = Authenticator.objects.create(
        user=laura, type=Authenticator.Type.WEBAUTHN, data={"name": "blue", "credential": {}}
    )
    client = _proven(bob)

    answer = client.post(f"{SET_UP}/keys/{key.pk}/remove")

    assert answer.status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_a_page_asks_the_database_nothing_more_for_the_second_step(django_assert_max_num_queries):
    client = signed_in(somebody())
    client.get("/account/second-step")

    with django_assert_max_num_queries(7) as asked:
        client.get("/account/sessions")

    # The sign-in is looked up by a kept statement, of which no text is logged: it asks this too.
    said = [query["sql"] for query in asked.captured_queries if query["sql"]]
    assert len(said) < len(asked.captured_queries)
    assert not any("secondsteprole" in sql for sql in said)
