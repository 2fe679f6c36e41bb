"""Coming in: who gets in, who does not, and what somebody learns who tries."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client

from addresses import addresses
from busy_day import NOW
from makegood.actions import sign_in as actions
from makegood.actions import staff
from makegood.records.models import SignInMail, SignInMailKind, Staff
from signing_in import (
    NEW_PASSWORD,
    PASSWORD,
    is_in,
    letters,
    link_in,
    sign_in,
    signed_in,
    somebody,
)
from standing_clock import StandingClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

REFUSED = "do not belong together"
TOO_OFTEN = "tried too often"


@pytest.fixture
def quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def _bare(answer) -> str:
    return re.sub(r'value="[^"]*"', "", answer.content.decode())


def test_address_and_password_let_somebody_in_whatever_the_capitals_of_the_address():
    laura, client = somebody(), Client()

    answer = sign_in(client, laura.email.title())

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_in(client)


def test_guessing_is_limited_for_the_account_and_the_right_password_must_wait_too():
    laura, other = somebody(), somebody("Mike Doyle")
    for _ in range(5):
        assert REFUSED in sign_in(Client(), laura.email, "wrong").content.decode()

    late = sign_in(Client(), laura.email)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")

    assert TOO_OFTEN in late.content.decode()
    assert TOO_OFTEN in sign_in(elsewhere, laura.email.upper()).content.decode()
    assert sign_in(Client(), other.email).status_code == 302


def test_guessing_is_limited_for_the_place_that_it_comes_from():
    laura = somebody()
    for number in range(30):
        sign_in(Client(), f"nobody{number}@example.org", "wrong")

    here, spoofed = Client(), Client(HTTP_X_FORWARDED_FOR="198.51.100.7")

    assert TOO_OFTEN in sign_in(here, laura.email).content.decode()
    assert TOO_OFTEN in sign_in(spoofed, laura.email).content.decode()
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), laura.email).status_code == 302


def test_many_sign_ins_from_one_place_are_told_to_wait(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(2):
        sign_in(Client(), "nobody@example.org", "wrong")

    answer = sign_in(Client(), "nobody@example.org", "wrong")

    assert answer.status_code == 429
    assert "look like guessing" in answer.content.decode()


def test_tries_are_counted_where_every_process_sees_them():
    sign_in(Client(), "nobody@example.org", "wrong")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM makegood_cache WHERE cache_key LIKE %s", ["%rl%"])
        assert cursor.fetchone()[0] > 0
    assert "nobody@example.org" not in str(configured.CACHES)


def test_a_successful_sign_in_does_not_reset_the_count_of_guesses():
    laura = somebody()
    for _ in range(4):
        sign_in(Client(), laura.email, "wrong")
    assert sign_in(Client(), laura.email).status_code == 302

    sign_in(Client(), laura.email, "wrong")

    assert TOO_OFTEN in sign_in(Client(), laura.email).content.decode()


def test_wrong_unknown_and_left_look_the_same():
    laura, lee = somebody(), somebody("Lee Left")
    Staff.objects.filter(pk=lee.pk).update(is_active=False)

    answers = [
        sign_in(Client(), laura.email, "wrong"),
        sign_in(Client(), "nobody@example.org", "wrong"),
        sign_in(Client(), lee.email),
        sign_in(Client(), lee.email, "wrong"),
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({_bare(answer) for answer in answers}) == 1
    assert REFUSED in _bare(answers[0])


def test_a_hash_is_computed_whether_or_not_there_is_such_a_person(monkeypatch):
    laura = somebody()
    unusable = somebody("Uma Unusable")
    unusable.set_unusable_password()
    unusable.save()
    hashed = []
    plain = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    from django.contrib.auth.hashers import MD5PasswordHasher  # noqa: PLC0415 - to count its calls

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(plain, lambda *args: hashed.append(1) or encode(*args))

    counts = []
    for email in (laura.email, "nobody@example.org", unusable.email):
        hashed.clear()
        sign_in(Client(), email, "wrong")
        counts.append(len(hashed))

    assert counts == [1, 1, 1]


def test_asking_for_a_new_password_tells_nothing_and_sends_nothing_at_once():
    laura, lee = somebody(), somebody("Lee Left")
    Staff.objects.filter(pk=lee.pk).update(is_active=False)

    answers = [
        Client().post("/sign-in/reset", {"email": email}, follow=True)
        for email in (laura.email, "nobody@example.org", lee.email)
    ]

    assert len({_bare(answer) for answer in answers}) == 1
    assert {answer.redirect_chain[0] for answer in answers} == {("/sign-in/reset/sent", 302)}
    assert mail.outbox == []
    assert [row.staff for row in SignInMail.objects.all()] == [laura]


def test_asking_for_letters_over_and_over_is_limited():
    laura = somebody()
    for _ in range(5):
        assert Client().post("/sign-in/reset", {"email": laura.email}).status_code == 302

    answer = Client().post("/sign-in/reset", {"email": laura.email.upper()})

    assert answer.status_code == 429
    assert SignInMail.objects.count() == 5


def test_a_letters_link_sets_a_password_once_and_ends_all_sessions():
    laura, thief = somebody(), Client()
    sign_in(thief, laura.email)
    Client().post("/sign-in/reset", {"email": laura.email})
    link = link_in(letters()[0])

    owner = Client()
    page = owner.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    done = owner.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert done.headers["Location"] == "/sign-in/reset/done"
    assert not is_in(owner)
    assert not is_in(thief)
    assert not UserSession.objects.exists()
    assert "no longer good" in Client().get(link).content.decode()
    assert REFUSED in sign_in(Client(), laura.email).content.decode()
    assert sign_in(Client(), laura.email, NEW_PASSWORD).status_code == 302
    assert "was changed" in letters()[1]


def test_opening_the_link_changes_nothing_and_its_secret_leaves_the_address():
    laura = somebody()
    actions.write_to(laura, SignInMailKind.INVITATION, now=NOW)
    link = link_in(letters()[0])
    before = Staff.objects.get(pk=laura.pk).password

    scanner = Client().get(link)
    again = Client().get(link, follow=True)

    assert link.split("/")[-1] not in scanner.headers["Location"]
    assert "Choose your password" in again.content.decode()
    assert Staff.objects.get(pk=laura.pk).password == before


@pytest.mark.parametrize(
    "link",
    [
        "/sign-in/reset/1/set-password",
        "/sign-in/reset/zz/x-y",
        "/sign-in/reset/%00/a-b",
        "/sign-in/reset/zzzzzzzzzzzzz/a-b",
        "/sign-in/reset/1/%00",
    ],
)
def test_a_link_that_was_made_up_opens_nothing(link):
    somebody()
    assert "no longer good" in Client().get(link).content.decode()
    assert "no longer good" in Client().post(link, {"password1": "x"}).content.decode()


def test_a_weak_new_password_is_refused_with_what_would_be_right():
    laura = somebody()
    Client().post("/sign-in/reset", {"email": laura.email})
    client = Client()
    form = client.get(link_in(letters()[0]), follow=True).redirect_chain[-1][0]

    short = client.post(form, {"password1": "laura", "password2": "laura"}).content.decode()
    unlike = client.post(form, {"password1": NEW_PASSWORD, "password2": "x"}).content.decode()

    assert "too short" in short
    assert "errorlist" in unlike


def test_a_new_password_ends_a_lock_that_guessing_brought_about():
    laura = somebody()
    for _ in range(6):
        sign_in(Client(), laura.email, "wrong")
    Client().post("/sign-in/reset", {"email": laura.email})
    client = Client()
    form = client.get(link_in(letters()[0]), follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert sign_in(Client(), laura.email, NEW_PASSWORD).status_code == 302


def test_the_session_that_somebody_planted_before_is_worth_nothing_after():
    laura, client = somebody(), Client()
    client.get("/sign-in/reset")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key

    sign_in(client, laura.email)

    assert client.cookies[configured.SESSION_COOKIE_NAME].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert is_in(client)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "https://testserver.evil.example/",
        "\x00//evil.example",
    ],
)
def test_one_is_sent_back_to_pages_of_this_desk_alone(wanted):
    laura = somebody()

    answer = Client().post("/sign-in", {"login": laura.email, "password": PASSWORD, "next": wanted})

    assert answer.headers["Location"] == "/"


def test_one_comes_back_to_the_page_that_one_wanted():
    laura, client = somebody(), Client()
    asked = client.get("/cases?q=bin").headers["Location"]
    page = client.get(asked).content.decode()
    wanted = re.search(r'name="next"\s+value="([^"]*)"', page)[1]

    answer = sign_in(client, laura.email, next=wanted)

    assert answer.headers["Location"] == "/cases?q=bin"


def test_no_form_of_the_door_counts_without_its_token():
    client = Client(enforce_csrf_checks=True)
    things = {"uidb36": "1", "key": "set-password", "provider_id": "company"}
    posted = [
        address.filled(things)
        for address in addresses(door="public")
        if address.route.startswith("sign-") and not address.route.endswith("/back")
    ]

    assert len(posted) > 5
    for address in posted:
        assert client.post(address, {"login": "x"}).status_code == 403, address


def test_no_get_signs_anybody_in_or_out():
    laura, client = somebody(), Client()

    client.get("/sign-in", {"login": laura.email, "password": PASSWORD})
    assert not is_in(client)
    sign_in(client, laura.email)
    page = client.get("/sign-out")

    assert "Sign out?" in page.content.decode()
    assert is_in(client)
    client.post("/sign-out")
    assert not is_in(client)


def test_who_leaves_is_signed_out_everywhere_at_once():
    lee = somebody("Lee Left")
    desk, phone = signed_in(lee), signed_in(lee)
    keys = [client.session.session_key for client in (desk, phone)]

    staff.leave(lee, now=NOW)

    assert not Session.objects.filter(session_key__in=keys).exists()
    assert not UserSession.objects.filter(user=lee).exists()
    assert not is_in(desk)
    assert not is_in(phone)


def test_a_sign_in_does_not_last_for_ever():
    laura, client = somebody(), Client()
    sign_in(client, laura.email)

    cookie = client.cookies[configured.SESSION_COOKIE_NAME]

    assert timedelta(seconds=int(cookie["max-age"])) == timedelta(hours=12)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nothing_that_allauth_keeps_beside_lets_an_old_address_in():
    laura = somebody()
    Client().post("/sign-in/reset", {"email": laura.email})
    signed_in(laura)
    letters()
    Staff.objects.filter(pk=laura.pk).update(email="laura.new@example.org")

    old = sign_in(Client(), "laura.bennett@example.org")

    assert REFUSED in old.content.decode()
    assert not EmailAddress.objects.exists()
    assert sign_in(Client(), "Laura.New@example.org").status_code == 302


@pytest.mark.parametrize(
    "address", ["/sign-up", "/signup", "/accounts/signup/", "/account/email", "/sign-in/code"]
)
def test_nobody_signs_up_and_unused_pages_are_nowhere(address):
    assert Client().get(address).status_code == 404
    assert Client().post(address, {"email": "x@example.org"}).status_code == 404


def test_the_door_is_not_kept_by_caches_nor_shown_in_frames():
    answer = Client().get("/sign-in")

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
