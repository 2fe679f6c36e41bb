"""When several reports are a failure that may be spoken of to others who report it.

Only a count, a service and a district are ever said, and both of the latter the reader has just
named. Even so, that alarms are down in a district, or that bills are wrong, is nobody's to know.
"""

from typing import Final

from makegood.rules.severity import Function

SEVERAL: Final = 3
OF_AREAS: Final = frozenset(
    {Function.HYGIENE, Function.CONNECTION, Function.SHELTER, Function.TRAVEL}
)


def is_of_areas(function: Function) -> bool:
    """Whether such a service fails for a whole district rather than for one household."""
    return function in OF_AREAS


def is_said(*, is_public: bool | None, function: Function, open_cases: int) -> bool:
    """Whether somebody who reports it is told that others have.

    What staff decided counts; without that, it needs several open cases of a service that fails
    for whole districts. Without any open case there is nothing to be told.
    """
    if open_cases == 0 or is_public is False:
        return False
    return bool(is_public) or (is_of_areas(function) and open_cases >= SEVERAL)
