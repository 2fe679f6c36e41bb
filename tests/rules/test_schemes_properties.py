"""What holds for every pack and any facts: never negative, never above the cap, no guessing."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.queries.schemes.reading import calendar_of, shipped_packs
from makegood.rules.calendars import CalendarRunsOutError
from makegood.rules.schemes.facts import Fact, FactError, FactType, MissingFactError
from makegood.rules.schemes.owing import Owed, owed
from makegood.rules.schemes.packs import Pack, Rounding, Status
from makegood.rules.schemes.sums import times_over
from scheme_cases import answer

PACKS = sorted(shipped_packs())
WITH_EXCLUSIONS = [name for name in PACKS if shipped_packs()[name].exclusions]
DAYS = st.dates(min_value=date(2001, 1, 2), max_value=date(2045, 1, 1))
EASY = settings(
    max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.filter_too_much]
)


def value_of(fact: Fact) -> st.SearchStrategy[Any]:
    least, most = fact.least, min(fact.most, 10**6)
    kinds: dict[FactType, st.SearchStrategy[Any]] = {
        FactType.DATE: DAYS.map(date.isoformat),
        FactType.COUNT: st.integers(least, min(most, 400)),
        FactType.NUMBER: st.integers(least, most),
        FactType.MINUTES: st.integers(least, min(most, 10_000)),
        FactType.MONEY: st.integers(0, 10**8).map(lambda minor: f"{minor // 100}.{minor % 100:02}"),
        FactType.YES_NO: st.booleans(),
        FactType.CHOICE: st.sampled_from(fact.choices or ("",)),
        FactType.TEXT: st.sampled_from(["log 1", " "]),
        FactType.AIRPORT: st.sampled_from(["AMS", "lhr", "OTP", "JFK", "SYD", "ZZZ"]),
    }
    return kinds[fact.type]


@cache
def values_for(scheme: str) -> st.SearchStrategy[dict[str, Any]]:
    """Facts of every type, some left out; made once for a scheme, as that takes longest."""
    facts = shipped_packs()[scheme].facts.values()
    needed = {fact.name: value_of(fact) for fact in facts if fact.needed}
    return st.fixed_dictionaries(
        needed, optional={fact.name: value_of(fact) for fact in facts if not fact.needed}
    )


@st.composite
def facts_for(draw: st.DrawFn, pack: Pack) -> dict[str, Any]:
    """Facts of a scheme, with days in their order."""
    given = draw(values_for(pack.id))
    for name, fact in pack.facts.items():
        first = given.get(fact.not_before or "")
        if first and name in given and given[name] < first:
            later = date.fromisoformat(first) + timedelta(days=draw(st.integers(0, 200)))
            given[name] = later.isoformat()
    return given


def answered(pack: Pack, given: dict[str, Any]) -> Owed | None:
    try:
        return owed(pack, given, calendar=calendar_of(pack.calendar, zone=pack.zone))
    except (FactError, CalendarRunsOutError) as refused:
        words = str(refused)
    assert words.endswith(".")
    return None


@pytest.mark.parametrize("name", PACKS)
@EASY
@given(data=st.data())
def test_any_facts_have_an_answer_that_adds_up_or_a_clear_refusal(name, data):
    pack = shipped_packs()[name]
    found = answered(pack, data.draw(facts_for(pack)))
    assume(found is not None)
    assert found.because.endswith(").")
    assert pack.title in found.because
    if found.amount is None:
        assert found.unsure
        return
    assert found.amount >= 0
    assert found.amount == sum(payment.amount for payment in found.payments)
    assert all(payment.amount > 0 for payment in found.payments)


@pytest.mark.parametrize("name", PACKS)
@EASY
@given(data=st.data())
def test_a_name_that_the_scheme_does_not_know_is_refused(name, data):
    pack = shipped_packs()[name]
    given = data.draw(facts_for(pack)) | {"no_such_fact": 1}
    with pytest.raises(FactError, match="no_such_fact is not known"):
        owed(pack, given, calendar=calendar_of(pack.calendar, zone=pack.zone))


@pytest.mark.parametrize("name", PACKS)
def test_each_fact_that_is_always_needed_is_asked_for_by_name(name):
    pack = shipped_packs()[name]
    calendar = calendar_of(pack.calendar, zone=pack.zone)
    examples = {f.name: f.example for f in pack.facts.values() if f.example is not None}
    assert owed(pack, examples, calendar=calendar).scheme == name
    for fact in (item for item in pack.facts.values() if item.needed):
        rest = {key: value for key, value in examples.items() if key != fact.name}
        with pytest.raises(MissingFactError, match=f"The fact {fact.name} is missing"):
            owed(pack, rest, calendar=calendar)


@pytest.mark.parametrize("name", WITH_EXCLUSIONS)
@EASY
@given(data=st.data())
def test_an_exclusion_without_evidence_changes_nothing_and_is_said(name, data):
    pack = shipped_packs()[name]
    given = data.draw(facts_for(pack))
    plain = {key: v for key, v in given.items() if key not in {"exclusion", "evidence"}}
    without = answered(pack, plain)
    claimed = answered(pack, plain | {"exclusion": data.draw(st.sampled_from([*pack.exclusions]))})
    assume(without is not None)
    assert claimed is not None
    assert claimed.amount == without.amount
    if without.payments:
        assert any("exclusion" in doubt for doubt in claimed.unsure)


def test_an_exclusion_with_evidence_frees_and_shows_the_evidence():
    facts = {"failure": "missed_appointment", "failed_on": "2025-04-14"}
    claim = {"exclusion": "severe_weather", "evidence": "storm log 12"}
    assert answer("ofgem-suppliers", **facts).amount == 4000
    freed = answer("ofgem-suppliers", **facts, **claim)
    assert freed.amount == 0
    assert "storm log 12" in freed.because


def test_an_exclusion_reaches_only_the_rules_it_is_for():
    claim = {"exclusion": "customer_refused", "evidence": "call 7"}
    missed = {"failure": "missed_appointment", "appointment_on": "2025-06-10"}
    found = answer("ofcom-automatic-compensation", **missed, **claim)
    assert found.amount == 3119
    assert "does not reach this failure" in found.unsure[0]


# ---- figures: the day of the event, the caps, and what grows ------------------------------------


@given(reported=st.dates(date(2019, 4, 1), date(2027, 12, 31)), days=st.integers(0, 400))
def test_repairs_use_the_rates_of_the_day_reported_and_stop_at_sixty_days(reported, days):
    fixed = reported + timedelta(days=days)
    facts = {"reported_on": reported.isoformat(), "fixed_on": fixed.isoformat()}
    found = answer("ofcom-automatic-compensation", failure="delayed_repair", **facts)
    versions = shipped_packs()["ofcom-automatic-compensation"].versions
    version = max((v for v in versions if v.since <= reported), key=lambda v: v.since)
    assert found.version == version.name
    assert found.amount <= 60 * version.rates["repair_per_day"]
    assert found.amount % version.rates["repair_per_day"] == 0


@given(days=st.integers(0, 120), more=st.integers(0, 60))
def test_a_longer_wait_is_never_paid_less(days, more):
    def paid(wait: int) -> int | None:
        live = date(2025, 6, 2) + timedelta(days=wait)
        facts = {"promised_on": "2025-06-02", "live_on": live.isoformat()}
        return answer("ofcom-automatic-compensation", failure="late_start", **facts).amount

    assert paid(days) <= paid(days + more)


@given(
    price=st.integers(0, 10**6), minutes=st.integers(0, 500), more=st.integers(0, 200),
    ticket=st.sampled_from(["single", "return"]), scheme=st.sampled_from([15, 30]),
)  # fmt: skip
def test_delay_repay_grows_with_the_delay_up_to_the_price(price, minutes, more, ticket, scheme):
    def paid(late: int) -> int | None:
        facts = {"price": str(Decimal(price) / 100), "ticket": ticket}
        return answer(f"delay-repay-{scheme}", arrival_delay_minutes=late, **facts).amount

    assert 0 <= paid(minutes) <= paid(minutes + more) <= price


@given(charge=st.integers(0, 10**7), day=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_flood_is_paid_between_the_least_and_the_most_of_its_day(charge, day):
    facts = {"yearly_charge": str(Decimal(charge) / 100), "failed_on": day.isoformat()}
    found = answer("ofwat-gss-england", failure="internal_flood", **facts)
    new = day >= date(2025, 7, 2)
    assert (30000 if new else 15000) <= found.amount <= (200000 if new else 100000)


@given(off=st.integers(0, 20_000), more=st.integers(0, 5_000))
def test_a_longer_cut_is_never_paid_less(off, more):
    def paid(minutes: int) -> int | None:
        facts = {"customer": "domestic", "weather": "normal", "cut_on": "2026-02-02"}
        return answer("electricity-distributors", off_minutes=minutes, **facts).amount

    assert paid(off) <= paid(off + more)


def test_the_published_rates_follow_the_october_price_index():
    rows = [v.rates for v in shipped_packs()["ofcom-automatic-compensation"].versions]
    index = ["0.7", "4.2", "11.1", "4.6", "2.3", "3.6"]
    # The 2021 row is the first that the index made; 2019 and 2020 share one.
    for before, after, percent in zip(rows[:-1], rows[1:], index, strict=True):
        factor = 1 + Fraction(Decimal(percent)) / 100
        grown = {
            name: times_over(value, factor, Rounding.HALF_UP) for name, value in before.items()
        }
        assert grown == after


def test_a_pending_change_is_never_applied():
    pending = [
        version.name
        for pack in shipped_packs().values()
        for version in pack.versions
        if version.status is Status.PENDING
    ]
    assert pending
    flight = {"departs_from": "EU", "arrives_in": "EU", "carrier": "EU", "distance_km": 900}
    late = {"failure": "delay", "arrival_delay_minutes": 200, "flight_on": "2040-01-01"}
    assert answer("eu261", **flight, **late).version == "2005-02-17"


def test_before_the_scheme_began_nothing_is_owed_and_the_day_is_said():
    facts = {"failure": "missed_appointment", "appointment_on": "2019-03-31"}
    found = answer("ofcom-automatic-compensation", **facts)
    assert (found.amount, found.version) == (0, None)
    assert "not in force" in found.because
    assert "Sun 31 Mar 2019" in found.because


def test_a_repair_that_runs_across_new_rates_says_so():
    facts = {"reported_on": "2025-03-24", "fixed_on": "2025-04-04"}
    found = answer("ofcom-automatic-compensation", failure="delayed_repair", **facts)
    assert found.amount == 9 * 976
    assert found.unsure[0].startswith("The rates changed on 2025-04-01")


# ---- days and zones ------------------------------------------------------------------------------


def test_a_moment_counts_for_the_day_that_the_zone_of_the_scheme_had():
    facts = {"failure": "delayed_repair", "reported_on": "2026-05-11"}
    in_time = answer("ofcom-automatic-compensation", **facts, fixed_on="2026-05-13T22:59:00Z")
    too_late = answer("ofcom-automatic-compensation", **facts, fixed_on="2026-05-13T23:00:00Z")
    assert (in_time.amount, too_late.amount) == (0, 1034)


def test_a_moment_without_an_offset_is_a_wall_time_of_the_zone():
    facts = {"failure": "delayed_repair", "reported_on": "2026-05-11"}
    found = answer("ofcom-automatic-compensation", **facts, fixed_on="2026-05-13T23:59:00")
    assert found.amount == 0


@pytest.mark.parametrize(
    ("reported", "deadline"),
    [
        ("2026-05-21", "Tue 26 May 2026"),  # a bank holiday between
        ("2026-05-22", "Wed 27 May 2026"),
        ("2026-05-23", "Wed 27 May 2026"),  # on a Saturday
        ("2026-12-24", "Wed 30 Dec 2026"),  # Christmas, and Boxing Day moved to Monday
    ],
)
def test_two_working_days_jump_over_weekends_and_holidays(reported, deadline):
    facts = {"reported_on": reported, "fixed_on": "2027-01-31"}
    found = answer("ofcom-automatic-compensation", failure="delayed_repair", **facts)
    assert f"to be fixed by the end of {deadline}," in found.because


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("half up", [3, 2, 3, 2]), ("half even", [2, 2, 3, 2]), ("up", [3, 3, 3, 2]),
     ("down", [2, 2, 2, 2])],
)  # fmt: skip
def test_parts_of_a_penny_are_rounded_as_the_pack_says(mode, expected):
    exact = [Fraction(5, 2), Fraction(9, 4), Fraction(11, 4), 2]
    assert [times_over(1, value, Rounding(mode)) for value in exact] == expected
