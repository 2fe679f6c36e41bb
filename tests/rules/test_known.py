"""What others are told of a failure in their district, and of which services never by itself."""

import pytest

from makegood.rules.known import SEVERAL, is_of_areas, is_said
from makegood.rules.severity import Function


@pytest.mark.parametrize(
    ("open_cases", "is_public", "said"),
    [
        (SEVERAL - 1, None, False),
        (SEVERAL, None, True),
        (SEVERAL, False, False),
        (1, True, True),
        (0, True, False),
        (0, None, False),
    ],
)
def test_several_reports_are_said_unless_staff_decided_otherwise(open_cases, is_public, said):
    told = is_said(is_public=is_public, function=Function.HYGIENE, open_cases=open_cases)

    assert told is said


@pytest.mark.parametrize(
    "function", [Function.SECURITY, Function.SAFETY, Function.HEALTH, Function.MONEY]
)
def test_what_would_help_a_burglar_or_shame_a_neighbour_is_said_only_by_decision(function):
    assert not is_of_areas(function)
    assert not is_said(is_public=None, function=function, open_cases=99)
    assert is_said(is_public=True, function=function, open_cases=1)
