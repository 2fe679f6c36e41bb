"""The reason of a severity, in English as the rules say it, and in German."""

from itertools import product

import pytest

from makegood.language import choice
from makegood.queries import because
from makegood.rules import severity
from makegood.rules.severity import Exposure, Function, Harm

REASONS = [
    severity.assess(
        function=function, harm=harm, exposure=exposure, critical=critical, repeats=repeats
    ).because
    for function, harm, exposure, (critical, repeats) in product(
        Function, Harm, Exposure, [(False, 0), (True, 1), (False, 4)]
    )
]


def test_in_english_a_reason_stays_as_the_rules_say_it():
    with choice.speaking("en-gb"):
        assert [because.in_words(reason) for reason in REASONS] == REASONS


def test_in_german_no_part_of_any_reason_stays_english():
    with choice.speaking("de"):
        said = {reason: because.in_words(reason) for reason in REASONS}

    same = [
        part
        for reason, german in said.items()
        for part, other in zip(reason.split(", "), german.split(", "), strict=True)
        if part == other
    ]
    assert same == []


@pytest.mark.parametrize(
    ("reason", "german"),
    [
        (
            "hygiene lost, vulnerable exposed, reported 2 times",
            "Hygiene ausgefallen, schutzbedürftiger Mensch betroffen, 2-mal gemeldet",
        ),
        ("the crew said so", "the crew said so"),
    ],
)
def test_a_reason_in_german(reason, german):
    with choice.speaking("de"):
        assert because.in_words(reason) == german
