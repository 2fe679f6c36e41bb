"""Airports as facts: where one lies, and how far two are apart along the great circle.

The earth is taken as a globe, which is wrong by half a per cent at most; a pack says so where that
decides a sum.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_RADIUS_KM: Final = 6371.0088
_IATA: Final = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Airport:
    """An airport: its IATA code, the ISO code of its country, and its place in degrees."""

    code: str
    country: str
    latitude: float
    longitude: float


AirportOf = Callable[[str], Airport | None]


def no_airport(_code: str) -> Airport | None:
    """For packs that know of no airports."""
    return None


def iata_of(given: object) -> str | None:
    """A code as it is written, such as "ams"; None if it can be none."""
    code = given.strip().upper() if isinstance(given, str) else ""
    return code if _IATA.fullmatch(code) else None


def kilometres(first: Airport, last: Airport) -> Fraction:
    """The great circle between two airports, to a tenth of a kilometre."""
    north, north_too = math.radians(first.latitude), math.radians(last.latitude)
    east = math.radians(last.longitude - first.longitude)
    half = (
        math.sin((north_too - north) / 2) ** 2
        + math.cos(north) * math.cos(north_too) * math.sin(east / 2) ** 2
    )
    angle = 2 * math.asin(min(1.0, math.sqrt(half)))
    return Fraction(round(angle * _RADIUS_KM * 10), 10)
