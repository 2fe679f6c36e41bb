"""People at the door: with a password, a second step, and the letters that they get."""

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from busy_day import NOW
from makegood.clockwork import sign_in_mail
from makegood.records.models import Staff
from world import a_person

PASSWORD = "seven plain words for the door"  # noqa: S105 - of people in tests
NEW_PASSWORD = "quite another seven plain words"  # noqa: S105 - as above


def somebody(name: str = "Laura Bennett", **more) -> Staff:
    """A person who can sign in."""
    person = a_person(name, **more)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(client: Client, email: str, password: str = PASSWORD, **more):
    """Send the form of the sign-in."""
    return client.post("/sign-in", {"login": email, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether the desk is open to this browser."""
    return client.get("/").status_code == 200


def signed_in(person: Staff, **headers) -> Client:
    """A browser in which somebody has signed in by password."""
    client = Client(**headers)
    sign_in(client, person.email)
    assert is_in(client)
    return client


def with_app(person: Staff) -> str:
    """Set up an app for somebody. Returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def paper_codes(person: Staff) -> list[str]:
    """Recovery codes of somebody."""
    return RecoveryCodes.activate(person).get_unused_codes()


def letters() -> list[str]:
    """Let the letters leave. Returns the bodies of all that have left so far."""
    sign_in_mail.send_waiting(now=NOW)
    return [letter.body for letter in mail.outbox]


def link_in(body: str) -> str:
    """The path of the link in a letter."""
    return re.search(r"https?://[^/]+(/sign-in/reset/\S+)", body)[1]
