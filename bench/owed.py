"""How many failures a second one core can answer, beside a bare sum without rules or reasons.

Run: python bench/owed.py [SECONDS]. The goal is 20,000 a second for each core.
"""

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from makegood.queries.schemes.reading import calendar_of, shipped_packs
from makegood.rules.schemes.owing import owed

GOAL = 20_000
FAILURES: list[tuple[str, dict[str, Any]]] = [
    (
        "ofcom-automatic-compensation",
        {"failure": "delayed_repair", "reported_on": "2026-05-11", "fixed_on": "2026-05-15"},
    ),
    (
        "eu261",
        {
            "failure": "delay",
            "flight_on": "2026-05-11",
            "departs_from": "EU",
            "arrives_in": "EU",
            "carrier": "EU",
            "distance_km": 1100,
            "arrival_delay_minutes": 185,
        },
    ),
    ("delay-repay-15", {"ticket": "return", "price": "90.00", "arrival_delay_minutes": 75}),
    (
        "ofgem-suppliers",
        {"failure": "missed_appointment", "failed_on": "2025-01-06", "unpaid_on": "2025-01-21"},
    ),
    (
        "ofwat-gss-england",
        {"failure": "supply_not_restored", "failed_on": "2025-08-04", "off_minutes": "37:00"},
    ),
]


def whole() -> Callable[[], object]:
    packs = shipped_packs()
    work = cycle(
        [
            (packs[name], facts, calendar_of(packs[name].calendar, zone=packs[name].zone))
            for name, facts in FAILURES
        ]
    )

    def once() -> object:
        pack, facts, calendar = next(work)
        return owed(pack, facts, calendar=calendar)

    return once


def bare() -> Callable[[], object]:
    """The first of the cases, written out by hand: two dates, two working days, one product."""
    facts = FAILURES[0][1]
    holidays = {date(2026, 5, 4), date(2026, 5, 25)}

    def once() -> object:
        deadline = date.fromisoformat(facts["reported_on"])
        for _ in range(2):
            deadline += timedelta(days=1)
            while deadline.weekday() > 4 or deadline in holidays:
                deadline += timedelta(days=1)
        days = (date.fromisoformat(facts["fixed_on"]) - deadline).days
        return f"{days} x 10.34 = {days * 1034 / 100:.2f}"

    return once


def rate(once: Callable[[], object], *, seconds: float) -> float:
    for _ in range(1000):
        once()
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        for _ in range(500):
            once()
        done += 500
    return done / spent


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    first, base, second = (rate(make(), seconds=seconds) for make in (whole, bare, whole))
    best = max(first, second)
    print(
        f"owed: {best:,.0f} a second on one core (goal {GOAL:,}); bare sum {base:,.0f}; "
        f"ratio {best / base:.3f}"
    )


main()
