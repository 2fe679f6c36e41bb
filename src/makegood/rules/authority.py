"""What one person may give: limits per customer and per period, and the clock of an approval.

Limits are for colleagues, never for customers: at a limit the wish goes to somebody who may, and
the customer hears nothing of it (requirement R27). Research found that generous limits at the
front are hardly ever used up, so what was not used is worth showing (evidence 2.12).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from makegood.rules.amounts import Amount, parse_amount
from makegood.rules.severity import Severity


class Verdict(StrEnum):
    """What becomes of a wish to give."""

    GIVE = "give"
    ASK = "ask"
    CONFLICT = "conflict"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """An authority: how much to one customer, how much in all, within how many days."""

    per_case_minor: int
    per_period_minor: int
    period_days: int
    small_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a person stands towards a customer now.

    `to_customer_minor`: what the customer was given in the period, by whomever, on whichever case.
    `by_person_minor`: what this person gave alone or approved. `is_own`: they are the customer, or
    close to them.
    """

    limits: Limits | None
    to_customer_minor: int = 0
    by_person_minor: int = 0
    is_own: bool = False

    @property
    def room_minor(self) -> int:
        """The most that this person may give this customer now without asking."""
        if self.limits is None or self.is_own:
            return 0
        left = self.limits.per_case_minor - self.to_customer_minor
        in_all = self.limits.per_period_minor - self.by_person_minor
        return max(0, min(left, in_all))

    @property
    def may_give(self) -> bool:
        """Whether they may give anything at all, be it a thing that costs nothing."""
        return self.limits is not None and not self.is_own


def judge(amount_minor: int, standing: Standing) -> Verdict:
    """Whether this person gives it alone, asks, or keeps away."""
    if standing.is_own:
        return Verdict.CONFLICT
    if standing.may_give and amount_minor <= standing.room_minor:
        return Verdict.GIVE
    return Verdict.ASK


ANSWER_WITHIN: Final[Mapping[Severity, Amount]] = {
    Severity.P1: parse_amount("30 minutes"),
    Severity.P2: parse_amount("1 working hour"),
    Severity.P3: parse_amount("2 working hours"),
    Severity.P4: parse_amount("4 working hours"),
}
"""How long an approver has before a small sum is approved, or the next person is asked."""
