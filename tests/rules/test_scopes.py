"""What a token may do: exactly its scopes, and no amount beyond its limit."""

import pytest

from makegood.rules.scopes import Scope, allows, may_grant


@pytest.mark.parametrize("scope", Scope)
def test_a_token_may_do_what_its_scopes_say_and_no_more(scope):
    assert allows((scope.value,), scope)
    assert allows(("admin",), scope)
    assert allows((), scope) is False
    assert allows(("read",), scope) is (scope is Scope.READ)


@pytest.mark.parametrize(
    ("scopes", "limit", "minor", "currency", "may"),
    [
        (("grant",), 5000, 5000, "GBP", True),
        (("admin",), 5000, 1, "GBP", True),
        (("grant",), 5000, 5001, "GBP", False),
        (("grant",), 5000, 0, "GBP", False),
        (("grant",), 5000, -1, "GBP", False),
        (("grant",), 5000, 10, "EUR", False),
        (("grant",), None, 1, "GBP", False),
        (("promise",), 5000, 1, "GBP", False),
    ],
)
def test_a_token_grants_only_within_its_limit(scopes, limit, minor, currency, may):
    allowed = may_grant(scopes, limit_minor=limit, limit_in="GBP", minor=minor, currency=currency)
    assert allowed is may
