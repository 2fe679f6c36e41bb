"""Phone numbers: what can be dialled is taken, all else refused, and only the end is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.phones import PhoneError, masked, may_text, read_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("07700 900123", "07700900123"),
        (" +44 (0)20 7946-0100 ", "+4402079460100"),
        ("0151/23456-78", "01512345678"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1" * 16, "0900 CALL ME", "07700900123;ext=9", "++44 7700 900123", "٠١٢٣٤٥٦٧"],
)
def test_what_nobody_could_dial_is_refused(typed):
    with pytest.raises(PhoneError, match="6 to 15 digits"):
        read_number(typed)


def test_only_the_last_digits_are_shown():
    assert masked("07700 900123") == "••• 123"
    assert masked("123") == ""


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(typed):
    try:
        number = read_number(typed)
    except PhoneError:
        return
    assert number.removeprefix("+").isdecimal()
    assert number.isascii()


@pytest.mark.parametrize(
    ("number", "may"),
    [
        ("+447700900123", True),
        ("+4917012345678", True),
        ("+33612345678", False),  # in no country that was named
        ("07700900123", False),  # of no country at all
        ("+449012345678", False),  # somebody earns by it
        ("+49900123456", False),
        ("+881612345678", False),
        ("+44", False),
    ],
)
def test_attack_48_text_messages_go_to_named_countries_and_never_to_dear_numbers(number, may):
    assert may_text(number, countries=("+44", "+49", "+881")) is may
    assert not may_text(number, countries=())
