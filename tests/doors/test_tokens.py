"""Another system is let in by a good token in the header, and by nothing else."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from makegood.actions import tokens
from makegood.actions.tokens import NewToken
from makegood.doors.tokens import token_for
from makegood.records.models import Token
from makegood.rules.scopes import Scope
from world import MONDAY, a_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def _asked(header: str | None, *, now=MONDAY, address: str = "/api"):
    more = {} if header is None else {"headers": {"authorization": header}}
    request = RequestFactory().get(address, **more)
    request.now = now
    return token_for(request)


@pytest.fixture
def words() -> str:
    wanted = NewToken(name="Phone system", scopes=(Scope.READ,), expires_at=MONDAY + DAY)
    return tokens.make(wanted, by=a_person(), now=MONDAY)[1]


def test_a_good_token_opens_what_it_may_and_its_use_is_noted(words):
    found = _asked(f"Bearer {words}")

    assert found.name == "Phone system"
    assert found.allows(Scope.READ)
    assert not found.allows(Scope.GRANT)
    assert Token.objects.get().last_used_at == MONDAY


def test_an_expired_or_revoked_token_opens_nothing(words):
    assert _asked(f"Bearer {words}", now=MONDAY + DAY) is None
    tokens.revoke(Token.objects.get().pk, by=a_person(), now=MONDAY)
    assert _asked(f"Bearer {words}") is None


def test_anything_else_opens_nothing(words):
    for header in (
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {words}",
        words,
        f"Bearer {words}x",
        f"Bearer {words.swapcase()}",
        "Bearer %",
        "Bearer ' OR ''='",
    ):
        assert _asked(header) is None, header
    assert _asked(f"Bearer {'x' * 5000}") is None
    assert _asked(None, address=f"/api?token={words}") is None
