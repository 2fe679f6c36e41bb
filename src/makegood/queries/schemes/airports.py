"""Where the world's airports lie, by IATA code (airports.csv; its source stands in NOTICE).

Left out are those of which it is not sure which law holds there: Gibraltar, Svalbard, and in Cyprus
the north and the British bases. Whoever asks about them gives the distance and the region.
"""

import csv
from functools import cache
from importlib import resources

from makegood.rules.schemes.airports import Airport


def airport_of(code: str) -> Airport | None:
    """The airport of an IATA code; None if it is not known."""
    return _airports().get(code)


@cache
def _airports() -> dict[str, Airport]:
    text = (resources.files("makegood.queries.schemes") / "airports.csv").read_text("utf-8")
    return {
        row["code"]: Airport(
            code=row["code"],
            country=row["country"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in csv.DictReader(text.splitlines())
    }
