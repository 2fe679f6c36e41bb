"""Tables that others wrote down: our packs must say the same, or say why not."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from makegood.queries.schemes.reading import shipped_packs
from makegood.rules.schemes.packs import Rounding
from makegood.rules.schemes.sums import times_over
from scheme_cases import answer


def read(shared_data: Path, name: str) -> str:
    path = shared_data / name
    if not path.is_file():
        pytest.skip(f"needs {name} in {shared_data}")
    return path.read_text()


@pytest.mark.parametrize(
    ("named", "scheme"),
    [("DR15", "delay-repay-15"), ("DR30", "delay-repay-30"), ("TFL", "tfl-service-delay")],
)
def test_delays_pay_the_fractions_of_the_table_minute_by_minute(shared_data, named, scheme):
    schemes = json.loads(read(shared_data, "uk-delay-repay/schemes.json"))["schemes"]
    table = schemes[named]
    for minutes in range(200):
        reached = [t for t in table["tiers"] if t["min_minutes"] <= minutes]
        leg = Fraction(str(reached[-1]["leg_fraction"])) if reached else Fraction()
        whole = minutes >= (table["full_return_minutes"] or 1_000)
        for ticket, share in (("single", leg), ("return", 1 if whole else leg / 2)):
            found = answer(scheme, ticket=ticket, price="87.30", arrival_delay_minutes=minutes)
            expected = times_over(8730, Fraction(share), Rounding.HALF_UP)
            assert found.amount == expected, (minutes, ticket)


def test_operators_pay_by_the_scheme_of_the_table_or_are_said_to_be_unsure(shared_data):
    table = json.loads(read(shared_data, "uk-delay-repay/schemes.json"))["operator_scheme"]
    called = {"GR": "lner", "XC": "crosscountry", "SR": "scotrail", "TFL": "tfl",
              "XR": "elizabeth_line", "*": "other"}  # fmt: skip
    assert table.keys() == called.keys()
    facts = {"ticket": "single", "price": "40.00", "arrival_delay_minutes": 40}
    for code, scheme in table.items():
        for named, pack in (("DR15", "delay-repay-15"), ("DR30", "delay-repay-30")):
            found = answer(pack, operator=called[code], **facts)
            is_theirs = scheme == named
            assert found.unsure or is_theirs, (code, pack)
            assert not is_theirs or not found.outside, (code, pack)
            assert found.outside == (scheme == "TFL" or (code, named) == ("SR", "DR15"))


def _eu261(shared_data: Path) -> dict:
    return yaml.safe_load(read(shared_data, "eu261/eu261-v1.yaml"))


def _flight(km: int, **facts) -> int | None:
    inside = facts.pop("inside", False)
    there = "EU" if inside else "elsewhere"
    return answer(
        "eu261",
        flight_on="2026-03-02",
        departs_from="EU",
        arrives_in=there,
        carrier="EU",
        distance_km=km,
        **facts,
    ).amount


def test_flights_are_paid_by_the_bands_of_the_table(shared_data):
    for band in _eu261(shared_data)["amounts_eur"]["bands"]:
        for km in (band.get("min_distance_km", 1), band.get("max_distance_km", 9000)):
            inside = band.get("intra_eu_only", False)
            found = _flight(km, inside=inside, failure="delay", arrival_delay_minutes=300)
            assert found == band["amount_eur"] * 100, (band["id"], km)


def test_halves_reach_as_far_as_the_table_says(shared_data):
    table = _eu261(shared_data)["amounts_eur"]["reduction_50pct"]["thresholds"]
    of_band = {
        "short_haul": (900, False),
        "medium_intra_eu": (2000, True),
        "medium_extra_eu": (2000, False),
        "long_haul": (6000, False),
    }
    for row in table:
        km, inside = of_band[row["band_label"]]
        limit = row["max_extra_arrival_hours"] * 60
        facts = {"failure": "denied_boarding", "reroute_offered": True, "inside": inside}
        half = _flight(km, reroute_arrives_minutes_later=limit, **facts)
        full = _flight(km, reroute_arrives_minutes_later=limit + 1, **facts)
        assert half * 2 == full


def test_notice_and_other_flights_free_the_airline_as_the_table_says(shared_data):
    rows = _eu261(shared_data)["qualifying_events"]["cancellation"]["not_eligible_if"]
    assert _flight(900, failure="cancellation", notice_days=rows[0]["notice_days_gte"]) == 0
    assert _flight(900, failure="cancellation", notice_days=13) == 25000
    for row in rows[1:]:
        early = row["rebooked_departs_hours_early_max"] * 60
        late = row["rebooked_arrives_hours_late_max"] * 60
        facts = {
            "failure": "cancellation",
            "notice_days": row["notice_days_lt"] - 1,
            "reroute_offered": True,
        }
        times = {"reroute_departs_minutes_earlier": early, "reroute_arrives_minutes_later": late}
        # The table says "at most so late"; the regulation, as a court quotes it, "less than".
        assert _flight(900, **facts, **times) > 0
        assert _flight(900, **facts, **times | {"reroute_arrives_minutes_later": late - 1}) == 0
        assert _flight(900, **facts, **times | {"reroute_departs_minutes_earlier": early + 1}) > 0


def test_no_figure_of_a_proposal_that_never_applied_is_held(shared_data):
    schedules = json.loads(
        read(shared_data, "compensation-schedules/schedules.json"), parse_float=Decimal
    )["schedules"]
    ofcom = [entry for entry in schedules if entry["scheme"].startswith("Ofcom")]
    rates = [v.rates for v in shipped_packs()["ofcom-automatic-compensation"].versions]
    ours = [(v["appointment"], v["repair_per_day"], v["start_per_day"]) for v in rates]
    theirs = {
        entry["version"]: tuple(
            int(next(i["amount"] for i in entry["items"] if i["failure"] == name) * 100)
            for name in ("missed_appointment", "delayed_repair", "delayed_start")
        )
        for entry in ofcom
    }
    assert theirs["launch amounts"] == ours[0]
    assert theirs["consultation"] not in ours
    assert sum(row in ours for row in theirs.values()) == 2


@pytest.mark.parametrize(
    ("scheme", "rates"),
    [
        ("Ofgem guaranteed standards, supplier", {"missed_appointment": "payment"}),
        (
            "Water guaranteed standards scheme (GSS), England",
            {
                "appointment_not_made_properly": "booking",
                "appointment_not_kept": "appointment",
                "low_pressure": "low_pressure",
                "less_than_48h_notice_of_planned_interruption_over_4h": "notice",
                "complaint_not_answered": "complaint",
            },
        ),
    ],
)
def test_published_schedules_agree_with_the_newest_version(shared_data, scheme, rates):
    text = read(shared_data, "compensation-schedules/schedules.json")
    entry = [e for e in json.loads(text)["schedules"] if e["scheme"] == scheme][-1]
    pack = "ofgem-suppliers" if scheme.startswith("Ofgem") else "ofwat-gss-england"
    ours = shipped_packs()[pack].versions[-1].rates
    for item in entry["items"]:
        if item["failure"] in rates:
            assert item["amount"] * 100 == ours[rates[item["failure"]]], item
