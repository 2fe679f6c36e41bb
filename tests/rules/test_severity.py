"""Severity comes from what is broken, and from nothing else."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.rules import severity
from makegood.rules.severity import Exposure, Function, Harm, Severity, assess

BY_WEIGHT = (
    (Function.SAFETY, Function.SECURITY, Function.HEALTH),
    (Function.SHELTER, Function.CONNECTION, Function.MONEY),
    (Function.HYGIENE, Function.TRAVEL, Function.GOODS),
    (Function.COMFORT, Function.INFORMATION),
)
HARMS = (Harm.LOST, Harm.DEGRADED, Harm.COSMETIC)
functions, harms, exposures = (st.sampled_from(list(kind)) for kind in (Function, Harm, Exposure))
failures = st.fixed_dictionaries(
    {
        "function": functions,
        "harm": harms,
        "exposure": exposures,
        "critical": st.booleans(),
        "repeats": st.integers(0, 6),
    }
)


@pytest.mark.parametrize(
    ("function", "harm", "more", "expected"),
    [
        (Function.SECURITY, Harm.LOST, {}, Severity.P1),  # story 004: the alarm has no line
        (Function.HYGIENE, Harm.LOST, {}, Severity.P3),  # story 003: the bin is left standing
        (Function.HYGIENE, Harm.LOST, {"repeats": 1}, Severity.P2),  # story 003, again
        (Function.SHELTER, Harm.LOST, {}, Severity.P2),
        (Function.SHELTER, Harm.LOST, {"exposure": Exposure.VULNERABLE}, Severity.P1),
        (Function.SHELTER, Harm.LOST, {"exposure": Exposure.MANY}, Severity.P1),
        (Function.SHELTER, Harm.LOST, {"critical": True}, Severity.P1),
        (Function.SECURITY, Harm.DEGRADED, {}, Severity.P2),
        (Function.SECURITY, Harm.DELAYED, {}, Severity.P2),
        (Function.SECURITY, Harm.COSMETIC, {}, Severity.P3),
        (Function.COMFORT, Harm.LOST, {}, Severity.P4),
        (Function.COMFORT, Harm.LOST, {"repeats": 1}, Severity.P3),
        (Function.COMFORT, Harm.COSMETIC, {}, Severity.P4),
    ],
)
def test_each_failure_has_its_severity(function, harm, more, expected):
    assert assess(function=function, harm=harm, **more).severity is expected


def test_every_function_is_weighed():
    assert {function for group in BY_WEIGHT for function in group} == set(Function)
    for weight, group in enumerate(BY_WEIGHT, start=1):
        found = {assess(function=function, harm=Harm.LOST).severity for function in group}
        assert found == {Severity(weight)}


@given(failures, st.integers(0, 2))
def test_a_heavier_function_is_never_less_severe(failure, rank):
    for heavier in BY_WEIGHT[rank]:
        for lighter in BY_WEIGHT[rank + 1]:
            above = assess(**failure | {"function": heavier})
            below = assess(**failure | {"function": lighter})
            assert above.severity <= below.severity


@given(failures)
def test_more_harm_is_never_less_severe(failure):
    found = [assess(**failure | {"harm": harm}).severity for harm in HARMS]

    assert found == sorted(found)
    assert assess(**failure | {"harm": Harm.DELAYED}).severity is found[1]


@given(failures)
def test_exposure_and_criticality_never_make_it_less_severe(failure):
    plain = failure | {"exposure": Exposure.ORDINARY, "critical": False}

    assert assess(**failure).severity <= assess(**plain).severity


@given(failures)
def test_each_repeat_raises_the_severity_by_one_up_to_p2(failure):
    now = assess(**failure).severity
    again = assess(**failure | {"repeats": failure["repeats"] + 1}).severity

    assert again == (now if now <= Severity.P2 else now - 1)


@given(failures)
def test_no_number_of_repeats_makes_a_nuisance_a_danger(failure):
    first = assess(**failure | {"repeats": 0}).severity

    assert (assess(**failure).severity is Severity.P1) == (first is Severity.P1)


def test_severity_hears_nothing_of_words_tone_or_customer():
    asked = set(inspect.signature(severity.assess).parameters)

    assert asked == {"function", "harm", "exposure", "critical", "repeats"}


@given(failures)
def test_the_same_failure_is_always_as_severe(failure):
    assert assess(**failure) == assess(**dict(reversed(failure.items())))


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({}, "security lost"),
        ({"exposure": Exposure.VULNERABLE}, "security lost, vulnerable exposed"),
        (
            {"critical": True, "repeats": 2},
            "security lost, critical to this customer, reported 3 times",
        ),
    ],
)
def test_a_severity_can_be_explained_to_whoever_asks(more, because):
    assert assess(function=Function.SECURITY, harm=Harm.LOST, **more).because == because


def test_p1_sorts_first():
    assert sorted(Severity) == [Severity.P1, Severity.P2, Severity.P3, Severity.P4]
