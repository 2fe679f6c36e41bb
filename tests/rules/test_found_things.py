"""What counts as found: a thing with a name, or money with an amount."""

import pytest

from makegood.rules.found_things import BadFoundError, Found, FoundKind


def test_a_thing_has_a_name_and_money_an_amount():
    Found(kind=FoundKind.PROPERTY, what="a shirt")
    Found(kind=FoundKind.REFUND, what="fare of May", amount_minor=1, currency="GBP")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FoundKind.PROPERTY, "what": " "},
        {"kind": FoundKind.PROPERTY, "what": "a shirt", "amount_minor": 1, "currency": "GBP"},
        {"kind": FoundKind.BALANCE, "what": "credit", "currency": "GBP"},
        {"kind": FoundKind.BALANCE, "what": "credit", "amount_minor": 1, "currency": "pounds"},
    ],
)
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(BadFoundError):
        Found(**wrong)
