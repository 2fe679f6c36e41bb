"""Sign-ins as they are looked up with every page."""

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from busy_day import NOW
from signing_in import is_in, sign_in, somebody
from standing_clock import StandingClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


@pytest.fixture
def quick(settings, monkeypatch):
    """The hour stands, and hashing takes no time worth waiting for."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("makegood.doors.moment.datetime", StandingClock)


def test_a_sign_in_is_over_when_its_time_is():
    laura, client = somebody(), Client()
    sign_in(client, laura.email)
    assert is_in(client)

    Session.objects.update(expire_date=NOW.replace(year=2020))

    assert not is_in(client)


def test_a_forged_cookie_that_no_table_could_hold_is_nobodys():
    client = Client()
    client.cookies[configured.SESSION_COOKIE_NAME] = "forged\x00and long enough"

    assert not is_in(client)


def test_looking_a_sign_in_up_is_planned_once():
    laura, client = somebody(), Client()
    sign_in(client, laura.email)

    with CaptureQueriesContext(connection) as asked:
        is_in(client)

    put_together_by_django = '"django_session"."session_key"'
    assert [query["sql"] for query in asked if "django_session" in query["sql"]]
    assert not [query["sql"] for query in asked if put_together_by_django in query["sql"]]
