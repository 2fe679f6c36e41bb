"""Junk in a pack or in the facts is refused in words: it never breaks the program."""

import copy
import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import examples
from makegood.queries.schemes.reading import calendar_of, shipped_packs
from makegood.rules.calendars import CalendarRunsOutError
from makegood.rules.schemes.building import PackError, build_pack
from makegood.rules.schemes.facts import FactError
from makegood.rules.schemes.owing import owed
from makegood.rules.schemes.packs import Pack

FOLDER = resources.files("makegood.queries.schemes") / "packs"
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.decimals()
    | st.text(max_size=12)
    | st.sampled_from(["", "2 weeks after x", "failure is given", "50%", "{", "{x}", "1e999999"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)
EASY = settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def places(node: Any) -> list[tuple[Any, Any]]:
    """Each place of a document that can be replaced, as its container and key."""
    if isinstance(node, dict):
        pairs = list(node.items())
    elif isinstance(node, list):
        pairs = list(enumerate(node))
    else:
        return []
    return [(node, key) for key, _ in pairs] + [p for _, item in pairs for p in places(item)]


@EASY
@given(data=st.data(), name=st.sampled_from(["ofgem-suppliers", "eu261", "our-promise"]))
def test_a_pack_with_junk_somewhere_is_a_pack_or_has_mistakes(data, name):
    document = copy.deepcopy(tomllib.loads((FOLDER / f"{name}.toml").read_text()))
    container, key = data.draw(st.sampled_from(places(document)))
    if isinstance(container, dict) and data.draw(st.booleans()):
        container[data.draw(st.text(max_size=5))] = container.pop(key)
    else:
        container[key] = data.draw(JUNK)
    pack = built(document)
    if pack is not None:
        ask(pack, {f.name: f.example for f in pack.facts.values() if f.example is not None})


def built(document: dict[str, Any]) -> Pack | None:
    try:
        return build_pack(document)
    except PackError as refused:
        mistakes = [str(mistake) for mistake in refused.mistakes]
    assert mistakes
    assert all(words.endswith((".", "?")) for words in mistakes), mistakes
    return None


@pytest.mark.parametrize("name", sorted(shipped_packs()))
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_junk_as_a_fact_is_read_or_refused_by_name(name, data):
    pack = shipped_packs()[name]
    facts = {f.name: f.example for f in pack.facts.values() if f.example is not None}
    fact = data.draw(st.sampled_from(sorted(pack.facts)))
    ask(pack, facts | {fact: data.draw(JUNK)})


@pytest.mark.parametrize("name", sorted(shipped_packs()))
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data(), day=st.dates())
def test_any_day_of_the_calendar_is_counted_from_or_refused(name, data, day):
    pack = shipped_packs()[name]
    facts = {f.name: f.example for f in pack.facts.values() if f.example is not None}
    fact = data.draw(st.sampled_from([f for f in pack.facts if f.endswith("_on")] or ["price"]))
    ask(pack, facts | {fact: day.isoformat()})


@pytest.mark.parametrize("amount", [1.5, float("nan"), Decimal("1e999999"), Decimal("sNaN")])
def test_what_is_no_money_is_refused_at_once(amount):
    pack = shipped_packs()["delay-repay-15"]
    facts = {"ticket": "single", "arrival_delay_minutes": 20, "price": amount}
    calendar = calendar_of(pack.calendar, zone=pack.zone)
    with pytest.raises(FactError, match="price"):
        owed(pack, facts, calendar=calendar)


def ask(pack, facts) -> None:
    try:
        found = owed(pack, facts, calendar=calendar_of("GB-ENG", zone=pack.zone))
    except (FactError, CalendarRunsOutError) as refused:
        words = str(refused)
        assert words.endswith(".")
    else:
        assert found.amount is None or found.amount >= 0
        assert found.pay_by is None or found.pay_by >= date.min
