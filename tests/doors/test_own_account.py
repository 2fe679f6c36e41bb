"""One's own account: details, password, and where one is signed in."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from makegood.records.models import SignInMail, Staff
from signing_in import NEW_PASSWORD, PASSWORD, is_in, sign_in, signed_in, somebody
from standing_clock import StandingClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
DETAILS = {"name": "Laura Bennett", "phone": "", "zone": "Europe/London", "language": ""}


@pytest.fixture
def quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def test_one_changes_name_phone_zone_and_language():
    laura = somebody()
    client = signed_in(laura)

    answer = client.post(
        "/account",
        {"name": " Laura  B. ", "phone": "020 7946 0100", "zone": "america/new york"}
        | {"language": "en-gb"},
        follow=True,
    )

    laura.refresh_from_db()
    assert "Your details are changed." in answer.content.decode()
    assert (laura.name, laura.phone) == ("Laura B.", "020 7946 0100")
    assert (laura.zone, laura.language) == ("America/New_York", "en-gb")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"zone": "Europe/Lodnon"}, "No such zone"),
        ({"zone": "../../etc/passwd"}, "No such zone"),
        ({"zone": ""}, "Give a time zone"),
        ({"name": "  "}, "required"),
        ({"language": "tlh"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(changed, said):
    laura = somebody(zone="Europe/London")
    client = signed_in(laura)

    answer = client.post("/account", DETAILS | {"phone": "typed with care"} | changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "typed with care" in answer.content.decode()
    laura.refresh_from_db()
    assert (laura.phone, laura.zone) == ("", "Europe/London")


def test_nobody_gives_themselves_another_role_address_or_team():
    laura = somebody()
    client = signed_in(laura)

    client.post(
        "/account",
        DETAILS | {"role": "administrator", "email": "x@example.org", "is_superuser": "1"},
    )

    after = Staff.objects.get(pk=laura.pk)
    assert (after.role, after.email, after.is_superuser) == (laura.role, laura.email, False)


def test_a_new_password_signs_out_everywhere_else_and_stays_here():
    laura = somebody()
    here, thief = signed_in(laura), signed_in(laura)
    session = here.session.session_key

    answer = here.post(
        "/account/password",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        follow=True,
    )

    assert "Your password is changed" in answer.content.decode()
    assert is_in(here)
    assert here.session.session_key != session
    assert not is_in(thief)
    assert here.get("/account/sessions").content.decode().count(", from ") == 1
    assert SignInMail.objects.filter(staff=laura, kind="password_changed").exists()
    assert sign_in(Client(), laura.email, NEW_PASSWORD).status_code == 302


def test_a_new_password_needs_the_old_one():
    laura = somebody()
    client = signed_in(laura)

    answer = client.post(
        "/account/password",
        {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert "not your password" in answer.content.decode()
    assert sign_in(Client(), laura.email).status_code == 302


def test_who_comes_by_the_company_alone_gets_a_password_by_letter():
    laura = somebody()
    laura.set_unusable_password()
    laura.save()
    client = Client()
    client.force_login(laura)

    assert client.get("/account/password").headers["Location"] == "/sign-in/reset"


def test_one_sees_where_one_is_signed_in_and_ends_one_place():
    laura = somebody()
    here = signed_in(laura, HTTP_USER_AGENT=FIREFOX)
    phone = signed_in(laura, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="203.0.113.9")
    page = here.get("/account/sessions").content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "203.0.113.9" in page
    other = UserSession.objects.get(ip="203.0.113.9")

    answer = here.post(f"/account/sessions/{other.pk}/end", follow=True)

    assert "Signed out there." in answer.content.decode()
    assert is_in(here)
    assert not is_in(phone)


def test_one_ends_all_places_but_this():
    laura = somebody()
    here, there, far = signed_in(laura), signed_in(laura), signed_in(laura)

    answer = here.post("/account/sessions/end", follow=True)

    assert "Signed out at 2 other places." in answer.content.decode()
    assert [is_in(client) for client in (here, there, far)] == [True, False, False]


def test_nobody_ends_or_sees_the_sessions_of_somebody_else():
    laura, bob = somebody(), somebody("Bob Other")
    desk = signed_in(laura, REMOTE_ADDR="203.0.113.77")
    session = UserSession.objects.get(user=laura)
    stranger = signed_in(bob)

    answer = stranger.post(f"/account/sessions/{session.pk}/end")
    stranger.post("/account/sessions/end")

    assert answer.status_code == 404
    assert "203.0.113.77" not in stranger.get("/account/sessions").content.decode()
    assert is_in(desk)


def test_a_browser_that_says_nothing_of_itself_is_listed_all_the_same():
    client = signed_in(somebody(), HTTP_USER_AGENT="")
    assert "An unknown browser" in client.get("/account/sessions").content.decode()
