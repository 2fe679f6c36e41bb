"""The usual zone of a place is given where there is no doubt, and never guessed."""

from zoneinfo import ZoneInfo

import pytest

from makegood.queries.usual_zones import _PARTS, _zones_of, usual_zone


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("GB-ENG", "Europe/London"),
        ("UK", "Europe/London"),
        ("us-ma", "America/New_York"),
        ("US-AZ", "America/Phoenix"),
        ("AU-NSW", "Australia/Sydney"),
        ("DE-BE", "Europe/Berlin"),
        ("ES", "Europe/Madrid"),
        ("FR", "Europe/Paris"),
        ("IN", "Asia/Kolkata"),
    ],
)
def test_a_place_with_one_zone_has_it_as_its_usual_zone(code, zone):
    assert usual_zone(code) == ZoneInfo(zone)


@pytest.mark.parametrize("code", ["US", "US-TX", "CA", "AU", "BR", "RU", "ES-CN", "XX", "", "-"])
def test_a_place_with_several_zones_or_none_is_not_guessed(code):
    assert usual_zone(code) is None


@pytest.mark.parametrize("country", _PARTS)
def test_the_zones_of_the_parts_are_zones_of_the_country(country):
    assert set(_PARTS[country]) <= set(_zones_of(country))
