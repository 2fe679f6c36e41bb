"""How many failures a second one core can answer, beside a bare sum without rules or reasons.

Run: python bench/owed.py [SECONDS]. The goal is 20,000 a second for each core.
"""

import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle
from typing import Any

from makegood.queries.schemes.reading import calendar_of, shipped_packs
from makegood.rules.schemes.owing import owed

GOAL = 20_000
Failure = tuple[str, dict[str, Any]]


def failures(count: int = 2_000) -> list[Failure]:
    """Failures of five schemes, no two alike, the same in every run."""
    dice = random.Random(5)
    makers = [_repair, _flight, _train, _energy, _water]
    return [makers[number % len(makers)](dice) for number in range(count)]


def _day(dice: random.Random, *, more: int = 0) -> str:
    return (date(2025, 8, 1) + timedelta(days=dice.randrange(400) + more)).isoformat()


def _repair(dice: random.Random) -> Failure:
    reported = date(2025, 8, 1) + timedelta(days=dice.randrange(400))
    fixed = reported + timedelta(days=dice.randrange(15))
    days = {"reported_on": reported.isoformat(), "fixed_on": fixed.isoformat()}
    return "ofcom-automatic-compensation", {"failure": "delayed_repair", **days}


def _flight(dice: random.Random) -> Failure:
    return "eu261", {
        "failure": "delay",
        "flight_on": _day(dice),
        "departs_from": "EU",
        "arrives_in": "EU",
        "carrier": "EU",
        "distance_km": dice.randrange(200, 4000),
        "arrival_delay_minutes": dice.randrange(100, 400),
    }


def _train(dice: random.Random) -> Failure:
    price = f"{dice.randrange(1, 300)}.{dice.randrange(100):02}"
    minutes = dice.randrange(10, 200)
    return "delay-repay-15", {
        "ticket": dice.choice(["single", "return"]),
        "price": price,
        "arrival_delay_minutes": minutes,
    }


def _energy(dice: random.Random) -> Failure:
    return "ofgem-suppliers", {
        "failure": "missed_appointment",
        "failed_on": _day(dice),
        "unpaid_on": _day(dice, more=10),
    }


def _water(dice: random.Random) -> Failure:
    return "ofwat-gss-england", {
        "failure": "supply_not_restored",
        "failed_on": _day(dice),
        "off_minutes": dice.randrange(600, 5000),
    }


def whole() -> Callable[[], object]:
    packs = shipped_packs()
    work = cycle(
        [
            (packs[name], facts, calendar_of(packs[name].calendar, zone=packs[name].zone))
            for name, facts in failures()
        ]
    )

    def once() -> object:
        pack, facts, calendar = next(work)
        return owed(pack, facts, calendar=calendar)

    return once


def bare() -> Callable[[], object]:
    """The repairs alone, written out by hand: two dates, two working days, one product."""
    repairs = cycle([facts for name, facts in failures() if name.startswith("ofcom")])
    holidays = {date(2026, 5, 4), date(2026, 5, 25)}

    def once() -> object:
        facts = next(repairs)
        deadline = date.fromisoformat(facts["reported_on"])
        for _ in range(2):
            deadline += timedelta(days=1)
            while deadline.weekday() > 4 or deadline in holidays:
                deadline += timedelta(days=1)
        days = max(0, (date.fromisoformat(facts["fixed_on"]) - deadline).days)
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
