"""Money: minor units and a currency, in and out of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import money
from makegood.rules.money import MoneyError


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1250, "GBP", "£12.50"),
        (123456789, "EUR", "€1,234,567.89"),
        (400, "JPY", "¥400"),
        (9900, "KWD", "9.900 KWD"),
        (5, "CHF", "0.05 CHF"),
    ],
)
def test_money_in_words(minor, currency, words):
    assert money.in_words(minor, currency) == words


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("1.5", "JPY"), ("-1", "GBP"), ("1.234", "GBP"), ("ten", "GBP"), ("NaN", "GBP"),
        ("Infinity", "GBP"), ("1", "gbp"), ("1", "POUNDS"), ("1", ""),
        ("1e3", "GBP"), ("1e999990", "GBP"), ("9" * 14, "GBP"), ("1_000", "GBP"), ("", "GBP"),
        (".", "GBP"), ("0." + "9" * 40, "GBP"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(amount, currency):
    with pytest.raises(MoneyError):
        money.parse(amount, currency)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_no_amount_is_lost_on_its_way_through_text(minor, currency):
    digits = "".join(c for c in money.in_words(minor, currency) if c.isdigit() or c == ".")

    assert money.parse(digits, currency) == minor
