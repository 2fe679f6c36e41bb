"""Where something is broken: from what somebody typed to a district that many people share."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 60
# A British postcode is 5 to 7 characters; all but the last three are its district.
_BRITISH = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}")
# Parts of other codes, as in "1012 AB" or "02134-1234": a word such as Road is none.
_PART = re.compile(r"[A-Z]{1,2}|[A-Z0-9]*[0-9][A-Z0-9]*")
REGION: Final = 3


def area_of(typed: str) -> str:
    """The district of a postcode or town: "EX4" of "ex4 4qj"; a town in capitals; else empty.

    Long codes of other countries are cut to their first three characters, which is a region
    there, so that no area is a single street.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    packed = re.sub(r"[^\w]+", "", plain)
    if british := _BRITISH.fullmatch(packed):
        return british[1]
    town = re.sub(r"[^\w]+", " ", plain).strip()
    if any(char.isdigit() for char in town) and all(map(_PART.fullmatch, town.split())):
        return packed[:REGION]
    # A number among words is a house's, and houses are no areas.
    return "" if any(char.isdigit() for char in town) else town[:LONGEST].strip()
