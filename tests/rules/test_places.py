"""Districts: what people type of where they live becomes an area, and never a house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules.places import LONGEST, area_of


@pytest.mark.parametrize(
    ("typed", "area"),
    [
        ("EX4 4QJ", "EX4"),
        ("ex44qj", "EX4"),
        ("SW1A 1AA", "SW1A"),
        ("N1 1AA", "N1"),
        ("10115", "101"),
        ("02134-1234", "021"),
        ("Exeter", "EXETER"),
        ("  saint-étienne ", "SAINT ÉTIENNE"),
        ("12 Elm Road", ""),
        ("", ""),
        ("?!", ""),
    ],
)
def test_an_area_is_what_many_share(typed, area):
    assert area_of(typed) == area


@given(st.text(max_size=200))
def test_any_text_gives_an_area_of_its_own_or_none(typed):
    area = area_of(typed)

    assert len(area) <= LONGEST
    assert area == area.strip()
    assert area_of(area) in {area, ""} or any(char.isdigit() for char in area)
