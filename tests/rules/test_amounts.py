"""Amounts of time: what people may write, and what is refused in one sentence."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from makegood.rules.amounts import LARGEST, Amount, AmountError, Unit, parse_amount


@pytest.mark.parametrize(
    ("words", "quantity", "unit"),
    [
        ("3 working days", 3, Unit.WORKING_DAYS),
        ("3 business days", 3, Unit.WORKING_DAYS),
        ("1 Working Day", 1, Unit.WORKING_DAYS),
        ("5 workdays", 5, Unit.WORKING_DAYS),
        ("one working day", 1, Unit.WORKING_DAYS),
        ("4 working hours", 4, Unit.WORKING_HOURS),
        ("4 business-hours", 4, Unit.WORKING_HOURS),
        ("30 working_minutes", 30, Unit.WORKING_MINUTES),
        ("90 minutes", 90, Unit.MINUTES),
        ("90 min", 90, Unit.MINUTES),
        ("24h", 24, Unit.HOURS),
        ("an hour", 1, Unit.HOURS),
        ("  2   days ", 2, Unit.DAYS),
        ("two weeks", 2, Unit.WEEKS),
        ("ten hours", 10, Unit.HOURS),
        ("+3 days", 3, Unit.DAYS),
        ("PT4H", 4, Unit.HOURS),
        ("PT90M", 90, Unit.MINUTES),
        ("PT1H30M", 90, Unit.MINUTES),
        ("p2d", 2, Unit.DAYS),
        ("P2W", 2, Unit.WEEKS),
    ],
)
def test_an_amount_is_read_from_words_or_from_an_iso_duration(words, quantity, unit):
    assert parse_amount(words) == Amount(quantity=quantity, unit=unit)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "not an amount"),
        ("soon", "not an amount"),
        ("days", "not an amount"),
        ("3", "not an amount"),
        ("1.5 hours", "not an amount"),
        ("3 fortnights", "not an amount"),
        ("some days", "not an amount"),
        ("3 days 4 hours", "not an amount"),
        ("٣ days", "not an amount"),
        ("P", "not an amount"),
        ("PT", "not an amount"),
        ("P1Y", "not an amount"),
        ("P1M", "not an amount"),
        ("PT0.5H", "not an amount"),
        ("P1DT2H", "mixes units"),
        ("2 working weeks", "say it in working days"),
        ("-1 day", "negative"),
        ("0 days", "at least 1"),
        ("PT0H", "at least 1"),
        ("3651 days", "at most 3650 days"),
        ("2501 working days", "at most 2500 working days"),
        ("9" * 5000 + " minutes", "at most"),
        ("P" + "9" * 5000 + "D", "at most"),
        ("x" * 5000, "not an amount"),
    ],
)
def test_what_is_no_amount_is_refused_in_one_short_sentence(words, says):
    with pytest.raises(AmountError, match=says) as refused:
        parse_amount(words)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_a_bare_number_from_a_policy_file_is_refused_like_any_other_words():
    with pytest.raises(AmountError, match='"4" is not an amount'):
        parse_amount(4)


@given(st.sampled_from(Unit).flatmap(lambda unit: st.tuples(st.just(unit), _quantities(unit))))
def test_the_words_of_an_amount_are_read_back_as_the_same_amount(given_amount):
    unit, quantity = given_amount
    amount = Amount(quantity=quantity, unit=unit)
    assert parse_amount(str(amount)) == amount


def _quantities(unit):
    return st.integers(1, LARGEST[unit])


@given(st.text(max_size=30) | st.from_regex(r"[PT0-9DHMWdays -]{0,12}", fullmatch=True))
@example("\x00 days")
def test_any_words_are_either_an_amount_or_an_amount_error(words):
    try:
        amount = parse_amount(words)
    except AmountError:
        return
    assert amount.quantity >= 1


@pytest.mark.parametrize("unit", Unit)
def test_one_of_a_unit_is_said_in_the_singular(unit):
    assert not str(Amount(quantity=1, unit=unit)).endswith("s")
    assert str(Amount(quantity=2, unit=unit)).endswith("s")


def test_working_units_are_told_from_elapsed_ones():
    assert {unit for unit in Unit if unit.is_working} == {
        Unit.WORKING_MINUTES,
        Unit.WORKING_HOURS,
        Unit.WORKING_DAYS,
    }


@pytest.mark.parametrize("unit", Unit)
def test_the_largest_amount_is_allowed_and_one_more_is_not(unit):
    assert Amount(quantity=LARGEST[unit], unit=unit).quantity == LARGEST[unit]
    with pytest.raises(AmountError, match="at most"):
        Amount(quantity=LARGEST[unit] + 1, unit=unit)


EXAMPLES = 'such as "3 working days", "4 working hours", "90 minutes", "2 days" or "PT4H"'


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("3 working weeks", '"3 working weeks" is unclear; say it in working days.'),
        ("-3 days", '"-3 days" is negative; an amount must be at least 1.'),
        ("9999 days", "An amount may be at most 3650 days; give a shorter one."),
        ("P1DT2H", f'"P1DT2H" mixes units; write one {EXAMPLES}.'),
        ("soon", f'"soon" is not an amount of time; write one {EXAMPLES}.'),
    ],
)
def test_a_refusal_quotes_what_was_said_and_shows_what_would_do(words, sentence):
    with pytest.raises(AmountError) as refused:
        parse_amount(words)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("words", ["3 parsecs", "PT", "some days"])
def test_every_refusal_quotes_the_words(words):
    with pytest.raises(AmountError, match=f'"{words}"'):
        parse_amount(words)


def test_an_amount_is_said_in_plain_words():
    assert str(Amount(quantity=3, unit=Unit.WORKING_DAYS)) == "3 working days"
    assert str(Amount(quantity=1, unit=Unit.WORKING_HOURS)) == "1 working hour"
