"""Amounts of money as English and German readers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.language import choice, money
from makegood.rules.money import parse


@pytest.mark.parametrize(
    ("language", "minor", "currency", "words"),
    [
        ("en-gb", 1250, "GBP", "£12.50"),
        ("en-gb", 123456789, "EUR", "€1,234,567.89"),
        ("de", 1250, "GBP", "12,50\N{NO-BREAK SPACE}£"),
        ("de", 123456789, "EUR", "1.234.567,89\N{NO-BREAK SPACE}€"),
        ("de", 400, "JPY", "400\N{NO-BREAK SPACE}¥"),
        ("de", 9900, "KWD", "9,900\N{NO-BREAK SPACE}KWD"),
        ("de", -500, "EUR", "-5,00\N{NO-BREAK SPACE}€"),
    ],
)
def test_an_amount_is_written_as_its_reader_writes_it(language, minor, currency, words):
    with choice.speaking(language):
        assert money.in_words(minor, currency) == words


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_no_penny_is_lost_on_the_way(minor, currency):
    said = money.in_words(minor, currency)
    plain = "".join(sign for sign in said if sign.isdigit() or sign == ".")

    assert parse(plain, currency) == minor
