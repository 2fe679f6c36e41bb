"""Why a scheme owes something, in German: other words around the same days, sums and numbers."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.language import choice, remedies, schemes
from makegood.queries.schemes.answering import Shelf, answers
from makegood.queries.schemes.reading import shipped_packs
from makegood.rules import goodwill
from makegood.rules.goodwill import Failure
from makegood.rules.schemes.facts import Fact, FactError, SchemeError, read_fact
from makegood.rules.schemes.owing import Owed
from makegood.rules.severity import Function, Harm, Severity

NBSP = "\N{NO-BREAK SPACE}"
VISIT = {"failure": "missed_visit", "failed_on": "2026-11-21", "times": 2}
FLIGHT = {
    "failure": "delay", "flight_on": "2026-05-11", "departs_from": "EU", "arrives_in": "EU",
    "carrier": "EU", "distance_km": 1_200, "arrival_delay_minutes": 205,
}  # fmt: skip


def answer(scheme: str, facts: dict[str, object]) -> Owed:
    return answers(facts, Shelf(packs=shipped_packs()), scheme=scheme)[0]


def facts_of(scheme: str) -> Mapping[str, Fact]:
    return shipped_packs()[scheme].facts


def reason(owed: Owed) -> str:
    title = shipped_packs()[owed.scheme].title
    return schemes.because(owed.said, title=title, version=owed.version)


@pytest.mark.parametrize(
    ("scheme", "facts", "says"),
    [
        (
            "our-promise",
            VISIT,
            (
                f"Versäumter Besuch am Sa., 21. Nov. 2026: 2 x 40,00{NBSP}£ = 80,00{NBSP}£ "
                "(Unsere eigene Zusage, Fassung 2026-01-01)."
            ),
        ),
        (
            "eu261",
            FLIGHT,
            (
                f"3 h 25 min zu spät angekommen, bei 1.200 km: 250,00{NBSP}€ "
                "(EU-Verordnung 261/2004, Fassung 2005-02-17)."
            ),
        ),
    ],
)
def test_a_german_reads_days_sums_and_reasons_as_germans_write_them(scheme, facts, says):
    with choice.speaking("de"):
        assert reason(answer(scheme, facts)) == says


@pytest.mark.parametrize(("scheme", "facts"), [("our-promise", VISIT), ("eu261", FLIGHT)])
def test_in_english_it_is_what_is_kept(scheme, facts):
    owed = answer(scheme, facts)

    assert reason(owed) == owed.because


def test_what_cannot_be_said_for_sure_is_said_in_german_too():
    owed = answer(
        "delay-repay-15", {"ticket": "season", "price": "48.00", "arrival_delay_minutes": 40}
    )

    with choice.speaking("de"):
        doubts = [schemes.said(doubt) for doubt in owed.doubts]

    assert doubts[0] == (
        "Ein Mensch muss entscheiden: Womit eine Fahrt auf dieser Zeitkarte zählt, ist nicht "
        "bekannt; geben Sie season_length oder journey_price an."
    )


def test_words_of_people_stay_as_they_wrote_them():
    with choice.speaking("de"):
        owed = answer(
            "our-promise", VISIT | {"exclusion": "customer_asked", "evidence": "Mail: {not mine}"}
        )

        assert "(Nachweis: Mail: {not mine})" in reason(owed)


@given(st.integers(0, 500), st.integers(0, 9), st.integers(0, 9), st.integers(0, 3))
def test_every_ground_of_goodwill_has_german_words_with_its_numbers(minutes, calls, broken, again):
    failure = Failure(
        function=Function.MONEY,
        harm=Harm.DELAYED,
        severity=Severity.P2,
        currency="GBP",
        price_minor=4_000 if minutes % 2 else None,
        customer_minutes=minutes,
        customer_contacts=calls,
        broken_promises=broken,
        repeats=again,
    )

    found = goodwill.suggest(failure)
    with choice.speaking("de"):
        said = [remedies.ground(line, "GBP") for line in found.lines]

    for line, words in zip(found.lines, said, strict=True):
        assert words != line.why
        assert str(line.count) in words or line.count == 1 or line.ground.value == "again"


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, "Die Regelung braucht „failure“ (was schiefging), und hier sagt es nichts."),
        ({"failure": "missed_visit", "day": 1}, "Die Regelung kennt kein „day“;"),
        ({"failure": "missed_visit", "failed_on": 7}, "„failed_on“ kann nicht 7 sein."),
    ],
)
def test_why_nothing_can_be_worked_out_is_said_in_german_from_what_is_known(facts, says):
    with pytest.raises(SchemeError) as refused:
        answer("our-promise", facts)

    with choice.speaking("de"):
        assert schemes.why_not(refused.value, facts_of("our-promise")).startswith(
            f"Aus diesem Fall lässt es sich nicht berechnen: {says}"
        )


def test_days_out_of_order_are_said_in_german_too():
    facts = {"failure": "late_start", "promised_on": "2026-05-11", "live_on": "2026-05-10"}
    with pytest.raises(SchemeError) as refused:
        answer("ofcom-automatic-compensation", facts)

    with choice.speaking("de"):
        said = schemes.why_not(refused.value, facts_of("ofcom-automatic-compensation"))
    assert said.endswith("„live_on“ liegt vor „promised_on“.")


@pytest.mark.parametrize("scheme", sorted(shipped_packs()))
def test_what_a_scheme_asks_for_is_said_in_german_and_choices_as_they_are_typed(scheme):
    for fact in facts_of(scheme).values():
        with choice.speaking("de"):
            said, must_be = schemes.asked_for(fact), schemes.must_be(fact)

        assert said != fact.help
        assert must_be != fact.must_be
        assert all(name in must_be for name in fact.choices)


def test_a_fact_that_cannot_be_says_in_german_what_is_to_be_written():
    fact = facts_of("our-promise")["failed_on"]
    with pytest.raises(FactError) as refused:
        read_fact(fact, "gestern", zone=ZoneInfo("Europe/London"), currency="GBP")

    assert schemes.wrong_fact(refused.value, fact) == str(refused.value)
    with choice.speaking("de"):
        assert schemes.wrong_fact(refused.value, fact) == (
            "„failed_on“ kann nicht 'gestern' sein; richtig wäre: ein Datum wie 2026-05-11."
        )
