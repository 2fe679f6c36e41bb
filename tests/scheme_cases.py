"""The worked cases of each scheme: facts, the sum in minor units, and dates that must come out.

Sources of the figures stand in the packs. An amount of None means that a person must decide.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from makegood.queries.schemes.reading import calendar_of, shipped_packs
from makegood.rules.schemes.owing import Owed, owed


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    name: str
    scheme: str
    facts: dict[str, Any]
    amount: int | None = 0
    pay_by: date | None = None
    clocks: dict[str, date] = field(default_factory=dict)
    in_kind: str | None = None
    unsure: bool = False


def answer(scheme: str, **facts: Any) -> Owed:
    pack = shipped_packs()[scheme]
    return owed(pack, facts, calendar=calendar_of(pack.calendar, zone=pack.zone))


def case(name: str, scheme: str, amount: int | None = 0, *, owes: Any = None, **facts: Any) -> Case:
    return Case(name=name, scheme=scheme, amount=amount, facts=facts, **(owes or {}))


def _ofcom(number: int, amount: int, **facts: Any) -> Case:
    return case(f"Ofcom {number}", "ofcom-automatic-compensation", amount, **facts)


def _repair(number: int, amount: int, reported: str, fixed: str, **owes: Any) -> Case:
    return _ofcom(
        number, amount, failure="delayed_repair", reported_on=reported, fixed_on=fixed, owes=owes
    )


OFCOM = [
    _repair(1, 2068, "2026-05-11", "2026-05-15", pay_by=date(2026, 6, 14), unsure=True),
    _repair(2, 0, "2026-05-11", "2026-05-13"),
    _repair(4, 6986, "2025-12-18", "2025-12-29"),
    _repair(5, 1680, "2022-05-09", "2022-05-13"),
    _repair(7, 62040, "2026-06-01", "2026-09-15", unsure=True),
    _ofcom(
        8,
        3231,
        failure="missed_appointment",
        appointment_on="2026-06-10",
        owes={"pay_by": date(2026, 7, 10), "unsure": True},
    ),
    _ofcom(10, 1220, failure="late_start", promised_on="2024-07-10", live_on="2024-07-12"),
    _ofcom(
        11,
        7929,
        failure="delayed_repair",
        reported_on="2024-07-10",
        fixed_on="2024-07-17",
        missed_appointments=1,
    ),
]


def _flight(number: int, eu: int | None, uk: int | None, km: int, **facts: Any) -> list[Case]:
    """The same flight within the EU and within the reach of UK261."""
    unsure = {"unsure": facts.pop("unsure", False)}
    given = {"flight_on": "2026-05-11", "distance_km": km, **facts}
    within = {"departs_from": "EU", "arrives_in": "EU", "carrier": "EU"}
    british = {"departs_from": "UK", "arrives_in": "elsewhere", "carrier": "UK"}
    if not facts.get("inside", True):
        within["arrives_in"] = "elsewhere"
    given.pop("inside", None)
    cases = []
    if eu is not None:
        cases.append(case(f"EU261 {number}", "eu261", eu, owes=unsure, **{**within, **given}))
    if uk is not None:
        cases.append(case(f"UK261 {number}", "uk261", uk, owes=unsure, **{**british, **given}))
    return cases


_STORM = {"exclusion": "extraordinary", "evidence": "airport closed 10:00 to 16:00 by notice A1"}
FLIGHTS = [
    *_flight(1, 25000, 22000, 1100, failure="delay", arrival_delay_minutes="3:05"),
    *_flight(2, 0, 0, 1100, failure="delay", arrival_delay_minutes="2:59"),
    *_flight(4, 40000, None, 4000, failure="delay", arrival_delay_minutes="5:00"),
    *_flight(5, 30000, 26000, 5500, failure="delay", arrival_delay_minutes=220, inside=False),
    *_flight(
        7,
        0,
        0,
        1200,
        failure="cancellation",
        notice_days=10,
        reroute_offered=True,
        reroute_departs_minutes_earlier=110,
        reroute_arrives_minutes_later="3:50",
    ),
    *_flight(
        8,
        25000,
        22000,
        1200,
        failure="cancellation",
        notice_days=10,
        reroute_offered=True,
        reroute_arrives_minutes_later="4:00",
    ),
    *_flight(
        10,
        12500,
        11000,
        1200,
        failure="cancellation",
        notice_days=5,
        reroute_offered=True,
        reroute_arrives_minutes_later="2:00",
    ),
    *_flight(11, 0, 0, 1200, failure="delay", arrival_delay_minutes="6:00", **_STORM),
    *_flight(13, 160000, 140000, 2200, failure="delay", arrival_delay_minutes=210, passengers=4),
    *_flight(
        14,
        0,
        52000,
        5570,
        failure="delay",
        arrival_delay_minutes="4:30",
        departs_from="UK",
        arrives_in="elsewhere",
        carrier="other",
    ),
    *_flight(20, 40000, 35000, 2200, failure="delay", arrival_delay_minutes="3:00", unsure=True),
]


def _rail(
    number: int, scheme: int, amount: int | None, minutes: int, price: str, ticket: str
) -> Case:
    return case(
        f"Delay Repay {number} at {minutes} min",
        f"delay-repay-{scheme}",
        amount,
        arrival_delay_minutes=minutes,
        price=price,
        ticket=ticket,
    )


RAIL = [
    _rail(1, 15, 1200, 17, "48.00", "single"),
    _rail(2, 30, 0, 17, "48.00", "single"),
    _rail(4, 15, 2400, 59, "48.00", "single"),
    _rail(4, 15, 4800, 60, "48.00", "single"),
    _rail(5, 15, 4500, 75, "90.00", "return"),
    _rail(7, 15, 1125, 20, "90.00", "return"),
    _rail(8, 15, 2500, 130, "25.00", "single"),
    _rail(9, 30, 9000, 120, "90.00", "return"),
    _rail(10, 15, 308, 20, "12.30", "single"),
    case("TfL", "tfl-service-delay", 280, ticket="single", price="2.80", arrival_delay_minutes=15),
]


def _ofgem(number: int, amount: int, day: str, pay_by: date | None, **facts: Any) -> Case:
    given = {"failure": "missed_appointment", "failed_on": day, **facts}
    return case(
        f"Ofgem {number} {day}", "ofgem-suppliers", amount, owes={"pay_by": pay_by}, **given
    )


ENERGY = [
    _ofgem(1, 3000, "2024-11-05", date(2024, 11, 19)),
    _ofgem(2, 3000, "2025-01-01", date(2025, 1, 15)),
    _ofgem(2, 4000, "2025-01-02", date(2025, 1, 16)),
    _ofgem(3, 4000, "2025-01-06", date(2025, 1, 20)),
    _ofgem(4, 8000, "2025-01-06", date(2025, 2, 3), unpaid_on="2025-01-21"),
    _ofgem(5, 4000, "2025-04-14", date(2025, 4, 30)),
    _ofgem(7, 0, "2025-04-14", None, failure="appointment_moved", notice_working_days=2),
    _ofgem(
        8, 4000, "2025-04-14", date(2025, 4, 30), failure="no_suitable_slot", slot_minutes="5:00"
    ),
    _ofgem(10, 4000, "2025-04-14", date(2025, 4, 30), account_holders=2),
]


def _off(number: int, amount: int | None, off: str, weather: str = "normal") -> Case:
    return case(
        f"Electricity {number}",
        "electricity-distributors",
        amount,
        off_minutes=off,
        weather=weather,
        customer="domestic",
        cut_on="2026-02-02",
        owes={"unsure": amount != 0},
    )


POWER = [
    _off(1, 0, "11:54"),
    _off(2, 9500, "12:30"),
    _off(4, 18500, "36:30"),
    _off(5, 27500, "60:00"),
    _off(7, None, "60:00", "severe"),
]


def _gss(
    number: int, amount: int, day: str, failure: str, *, owes: Any = None, **facts: Any
) -> Case:
    region = facts.pop("region", "england")
    return case(
        f"GSS {number} {day}",
        f"ofwat-gss-{region}",
        amount,
        failed_on=day,
        failure=failure,
        owes=owes,
        **facts,
    )


WATER = [
    _gss(1, 2000, "2025-07-01", "missed_appointment", owes={"pay_by": date(2025, 7, 15)}),
    _gss(1, 5000, "2025-07-02", "missed_appointment", owes={"pay_by": date(2025, 7, 16)}),
    _gss(
        2, 4000, "2025-08-04", "appointment_not_made_properly", owes={"pay_by": date(2025, 8, 18)}
    ),
    _gss(4, 10000, "2025-08-04", "supply_not_restored", off_minutes="25:00"),
    _gss(5, 15000, "2025-08-04", "supply_not_restored", off_minutes="37:00"),
    _gss(7, 24000, "2025-08-04", "external_flood", yearly_charge="480.00"),
    _gss(8, 0, "2025-08-04", "low_pressure", payments_this_year=5),
    case(
        "GSS 10",
        "ofwat-gss-england",
        4000,
        failure="complaint_unanswered",
        received_on="2025-07-14",
        answered_on="2025-07-29",
        owes={"pay_by": date(2025, 8, 11), "unsure": True},
    ),
    _gss(11, 2000, "2025-08-01", "missed_appointment", region="wales"),
]
MONEY = [*OFCOM, *FLIGHTS, *RAIL, *ENERGY, *POWER, *WATER]
