"""Distances between airports, and packs that take airports for regions and kilometres."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.queries.schemes.airports import airport_of
from makegood.rules.schemes.airports import Airport, iata_of, kilometres, no_airport
from makegood.rules.schemes.facts import FactError, MissingFactError, UnknownAirportError
from scheme_cases import answer

PLACES = st.builds(
    Airport,
    code=st.just("AAA"),
    country=st.just("ZZ"),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)


def _late(scheme: str, *way: str, **facts):
    airports = dict(zip(("from_airport", "to_airport"), way, strict=False))
    said = {"failure": "delay", "arrival_delay_minutes": "5:00", "flight_on": "2026-05-11"}
    return answer(scheme, **{**said, **airports, **facts})


# The distances are those that public calculators of great circles give, to within their half
# of a per cent.
@pytest.mark.parametrize(
    ("first", "last", "km"),
    [
        ("LHR", "CDG", 347),
        ("AMS", "JFK", 5848),
        ("LHR", "SYD", 17_020),
        ("FRA", "PMI", 1_250),
        ("MAD", "LPA", 1_765),
        ("SVO", "NRT", 7_488),
        ("AKL", "SCL", 9_650),
    ],
)
def test_distances_are_those_of_the_great_circle(first, last, km):
    found = kilometres(airport_of(first), airport_of(last))

    assert found == kilometres(airport_of(last), airport_of(first))
    assert abs(found - km) <= km * 0.005


@given(first=PLACES, last=PLACES)
def test_no_two_places_are_further_apart_than_half_the_globe(first, last):
    assert 0 <= kilometres(first, last) <= 20_016
    assert kilometres(first, first) == 0


@pytest.mark.parametrize("written", ["ams", " AMS ", "Ams"])
def test_a_code_may_be_written_small(written):
    assert iata_of(written) == "AMS"


@pytest.mark.parametrize("written", ["", "AM", "EHAM", "A1S", "ÄMS", 3, None, True])
def test_what_is_no_code_is_none(written):
    assert iata_of(written) is None


def test_every_airport_held_has_a_place_on_the_globe():
    held = [airport_of(code) for code in ("AAA", "ZZV", "LHR", "RUN")]

    assert {one.country for one in held} == {"PF", "US", "GB", "RE"}
    assert no_airport("LHR") is None


@pytest.mark.parametrize(
    ("scheme", "way", "facts", "amount"),
    [
        ("eu261", ("CDG", "OTP"), {}, 40_000),  # within the EU, 1,851 km
        ("eu261", ("FRA", "PMI"), {}, 25_000),
        ("eu261", ("AMS", "JFK"), {}, 60_000),
        ("eu261", ("CDG", "RUN"), {}, 40_000),  # Réunion is the EU, far as it lies
        ("eu261", ("LHR", "MAD"), {"carrier": "EU"}, 25_000),
        ("eu261", ("LHR", "MAD"), {"carrier": "UK"}, 0),
        ("eu261", ("LHR", "MAD"), {"flight_on": "2020-12-31"}, 25_000),
        ("eu261", ("JFK", "LHR"), {}, 0),
        ("uk261", ("LHR", "JFK"), {}, 52_000),
        ("uk261", ("EDI", "PMI"), {}, 35_000),
        ("uk261", ("JFK", "LHR"), {"carrier": "EU"}, 52_000),
        ("uk261", ("JFK", "LHR"), {"carrier": "other"}, 0),
        ("uk261", ("JFK", "CDG"), {"carrier": "UK"}, 52_000),
    ],
)
def test_airports_say_the_region_and_the_distance(scheme, way, facts, amount):
    found = _late(scheme, *way, **facts)

    assert (found.amount, found.unsure) == (amount, ())


def test_what_is_said_goes_before_what_is_reckoned():
    found = _late("eu261", "AMS", "JFK", distance_km=3_400)

    assert found.amount == 40_000
    assert "3,400 km" in found.because


def test_a_distance_at_a_limit_is_said_to_be_near_it():
    found = _late("eu261", "AMS", "VGO")

    assert 1_492 < kilometres(airport_of("AMS"), airport_of("VGO")) < 1_508
    assert "half a per cent" in found.unsure[0]


@pytest.mark.parametrize("code", ["GIB", "ECN", "LYR", "XQX"])
def test_an_airport_that_is_not_held_is_asked_for_in_words(code):
    with pytest.raises(UnknownAirportError, match="give departs_from and distance_km"):
        _late("eu261", code, "JFK")

    found = _late("eu261", code, "JFK", departs_from="EU", arrives_in="elsewhere", distance_km=900)
    assert found.amount == 25_000


def test_what_is_no_code_is_refused():
    with pytest.raises(FactError, match="must be the IATA code of an airport, such as AMS"):
        _late("eu261", "Amsterdam", "JFK")


def test_one_airport_alone_is_not_enough():
    with pytest.raises(MissingFactError, match="The fact distance_km is missing"):
        _late("eu261", "CDG")
