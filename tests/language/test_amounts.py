"""Amounts of time that were set in English, in English and German."""

import pytest

from makegood.language import amounts, choice
from makegood.rules.amounts import Amount, Unit


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("quantity", [1, 3])
def test_an_amount_is_said_in_english_as_it_is_set(unit, quantity):
    written = str(Amount(quantity=quantity, unit=unit))

    with choice.speaking("en-gb"):
        assert amounts.in_words(written) == written
    with choice.speaking("de"):
        assert amounts.in_words(written) != written


def test_an_amount_in_german():
    with choice.speaking("de"):
        assert amounts.in_words("1 working day") == "1 Arbeitstag"
        assert amounts.in_words("as soon as we can") == "as soon as we can"
