"""The usual time zone of a country or a part of one, where there is no doubt about it."""

from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

# Countries with several zones of which one holds for nearly everybody.
_MAINLAND: Final = {
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
_ELSEWHERE: Final = {("ES", "CN"), ("PT", "20"), ("PT", "30"), ("NZ", "CIT")}
# Parts of large countries; those that two zones divide are left out on purpose.
_PARTS: Final = {
    "US": {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Los_Angeles": "CA NV WA",
        "America/Phoenix": "AZ",
        "Pacific/Honolulu": "HI",
    },
    "CA": {
        "America/Toronto": "QC",
        "America/Halifax": "NS PE",
        "America/Moncton": "NB",
        "America/St_Johns": "NL",
        "America/Winnipeg": "MB",
        "America/Edmonton": "AB",
    },
    "AU": {
        "Australia/Sydney": "ACT NSW",
        "Australia/Melbourne": "VIC",
        "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA",
        "Australia/Perth": "WA",
        "Australia/Hobart": "TAS",
        "Australia/Darwin": "NT",
    },
}


def usual_zone(code: str) -> ZoneInfo | None:
    """The zone for a code such as "GB-ENG" or "US-MA"; None where it would have to be guessed."""
    country, _, part = code.strip().upper().partition("-")
    country = "GB" if country == "UK" else country
    for zone, parts in _PARTS.get(country, {}).items():
        if part in parts.split():
            return ZoneInfo(zone)
    if country in _MAINLAND and (country, part) not in _ELSEWHERE:
        return ZoneInfo(_MAINLAND[country])
    zones = _zones_of(country)
    return ZoneInfo(zones[0]) if len(zones) == 1 else None


def _zones_of(country: str) -> list[str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return [row[2] for row in rows if row[0] == country]
