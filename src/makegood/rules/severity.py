"""Severity from what is broken: the function of the asset, the harm, and who is exposed.

Never from the customer's words: a polite report of a dead alarm link is as severe as an angry one
(requirement R32). The levels are the field's: P1 is the most severe, P4 the least.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    """P1 (most severe) to P4. A smaller number sorts first."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class Function(StrEnum):
    """What the customer depends on the asset for."""

    SAFETY = "safety"
    SECURITY = "security"
    HEALTH = "health"
    SHELTER = "shelter"
    CONNECTION = "connection"
    MONEY = "money"
    HYGIENE = "hygiene"
    TRAVEL = "travel"
    GOODS = "goods"
    COMFORT = "comfort"
    INFORMATION = "information"


class Harm(StrEnum):
    """What the failure does to that function."""

    LOST = "lost"
    DEGRADED = "degraded"
    DELAYED = "delayed"
    COSMETIC = "cosmetic"


class Exposure(StrEnum):
    """Who has to live with it."""

    VULNERABLE = "vulnerable"
    MANY = "many"
    ORDINARY = "ordinary"


_FUNCTION_WEIGHT = {
    Function.SAFETY: 4,
    Function.SECURITY: 4,
    Function.HEALTH: 4,
    Function.SHELTER: 3,
    Function.CONNECTION: 3,
    Function.MONEY: 3,
    Function.HYGIENE: 2,
    Function.TRAVEL: 2,
    Function.GOODS: 2,
    Function.COMFORT: 1,
    Function.INFORMATION: 1,
}
_HARM_WEIGHT = {Harm.LOST: 0, Harm.DEGRADED: -1, Harm.DELAYED: -1, Harm.COSMETIC: -2}
_EXPOSURE_WEIGHT = {Exposure.VULNERABLE: 1, Exposure.MANY: 1, Exposure.ORDINARY: 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """A severity with the sentence that explains it to whoever asks."""

    severity: Severity
    because: str


def assess(
    *,
    function: Function,
    harm: Harm,
    exposure: Exposure = Exposure.ORDINARY,
    critical: bool = False,
    repeats: int = 0,
) -> Assessment:
    """How severe a failure is.

    :param critical: the asset is marked critical to this customer (its criticality).
    :param repeats: further reports or like failures within the repeat window. Each raises the
        severity by a level (requirement R34; evidence 2.2: a double deviation is not a second
        first failure), up to P2: P1 stays with what endangers somebody.
    """
    weight = _FUNCTION_WEIGHT[function] + _HARM_WEIGHT[harm] + _EXPOSURE_WEIGHT[exposure]
    first = _level(weight + int(critical))
    repeated = max(Severity.P2, first - repeats)
    return Assessment(
        severity=Severity(min(first, repeated)),
        because=_because(function, harm, exposure, critical=critical, repeats=repeats),
    )


def _level(weight: int) -> Severity:
    return Severity(min(4, max(1, 5 - weight)))


def _because(
    function: Function, harm: Harm, exposure: Exposure, *, critical: bool, repeats: int
) -> str:
    parts = [f"{function.value} {harm.value}"]
    if exposure is not Exposure.ORDINARY:
        parts.append(f"{exposure.value} exposed")
    if critical:
        parts.append("critical to this customer")
    if repeats:
        parts.append(f"reported {repeats + 1} times")
    return ", ".join(parts)
