"""What we find that is a customer's, and that they may not know of: it is pushed to them (R45)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from makegood.rules.amounts import Amount, parse_amount


class FoundKind(StrEnum):
    """A thing of theirs, or money: a credit left on an account, or a refund nobody collected."""

    PROPERTY = "property"
    BALANCE = "balance"
    REFUND = "refund"


BROUGHT_WITHIN: Final[Amount] = parse_amount("5 working days")
"""By when it is with them; they have to do nothing for it."""
OF_A_SCHEME: Final = "entitlement"
"""The source of what a scheme owes on a closed case; its id there is that of the entitlement."""


class FoundError(Exception):
    """Base of every refusal about found things; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class BadFoundError(FoundError):
    """A found thing is named and has no amount; found money has an amount above zero."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found: `what` in a few words; `amount_minor` only for money.

    :raises BadFoundError: if kind, name and amount do not fit.
    """

    kind: FoundKind
    what: str
    amount_minor: int = 0
    currency: str = ""

    @property
    def is_money(self) -> bool:
        """Whether it is paid, and not brought."""
        return self.kind is not FoundKind.PROPERTY

    def __post_init__(self) -> None:
        if not self.what.strip() or self.is_money != (self.amount_minor > 0):
            raise BadFoundError
        if self.is_money and not (len(self.currency) == len("GBP") and self.currency.isupper()):
            raise BadFoundError("Found money needs a currency of three letters, such as GBP.")
