"""How much goodwill a failure deserves, line by line, each with its reason and where that is from.

Defaults are those of the evidence (sections 2.2, 2.5, 2.13); a company may set its own table. They
come on top of what a scheme owes, and never instead of putting the failure right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

from makegood.rules import money
from makegood.rules.remedies import RemedyKind
from makegood.rules.severity import Function, Harm, Severity


class Loss(StrEnum):
    """What kind of thing was lost, which says what kind of remedy is like it."""

    MONEY = "money"
    GOODS = "goods"
    SERVICE = "service"
    ATTENTION = "attention"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The figures, in minor units of one currency where they are amounts."""

    by_severity: Mapping[Severity, int]
    rejected_share: Fraction = Fraction(80, 100)
    used_share: Fraction = Fraction(20, 100)
    hour: int = 1_000
    contacts_free: int = 2
    contact: int = 250
    broken_promise: int = 500
    repeat_factor: Fraction = Fraction(3, 2)
    round_to: int = 100


DEFAULT: Final = Table(
    by_severity={Severity.P1: 5_000, Severity.P2: 2_500, Severity.P3: 1_000, Severity.P4: 500}
)
WARN_ABOVE: Final = Fraction(150, 100)
_HOUR: Final = 60
_PERCENT: Final = 100

SIZE: Final = "Gelbrich, Gäthke and Grégoire 2015"
LIKE: Final = "Roschk and Gelbrich 2014"
MOST: Final = "Haesevoets et al. 2017"
TWICE: Final = "Maxham and Netemeyer 2002"
AGAIN: Final = "Financial Ombudsman Service on distress and inconvenience"
OURS: Final = "our own table"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """What goodwill is worked out from. `price_minor` is of what failed; None if not known."""

    function: Function
    harm: Harm
    severity: Severity
    currency: str
    price_minor: int | None = None
    was_used: bool = False
    customer_minutes: int = 0
    customer_contacts: int = 0
    broken_promises: int = 0
    repeats: int = 0


class Ground(StrEnum):
    """What one part of the sum is for."""

    FAILURE = "failure"
    OF_NO_USE = "of_no_use"
    WAS_USED = "was_used"
    MINUTES = "minutes"
    CONTACTS = "contacts"
    BROKEN = "broken"
    AGAIN = "again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One part of the sum: its ground, how many or how much of it, and both in English."""

    amount_minor: int
    why: str
    source: str
    ground: Ground
    count: int = 0
    price_minor: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What to give on top, and why; `like` is what would be like the loss."""

    kind: RemedyKind
    amount_minor: int
    currency: str
    because: str
    lines: tuple[Line, ...]
    loss: Loss
    like: str
    warning: str = ""
    lacks: tuple[str, ...] = field(default=())


def suggest(failure: Failure, *, table: Table = DEFAULT) -> Suggestion:
    """The goodwill that a failure deserves by default. More is always allowed."""
    lines = [_base(failure, table), *_effort(failure, table), *_broken(failure, table)]
    before = sum(line.amount_minor for line in lines)
    lines += _repeat(failure, table, before)
    total = _rounded(sum(line.amount_minor for line in lines), table)
    loss = loss_of(failure.function)
    return Suggestion(
        kind=_KIND[loss],
        amount_minor=total,
        currency=failure.currency,
        because=_sentence(lines),
        lines=tuple(lines),
        loss=loss,
        like=_LIKE[loss],
        warning=warning(total, price_minor=failure.price_minor),
        lacks=() if failure.price_minor is not None else ("what the customer paid for it",),
    )


def loss_of(function: Function) -> Loss:
    """What a failure of this function takes from the customer."""
    return _LOSS.get(function, Loss.SERVICE)


def warning(amount_minor: int, *, price_minor: int | None) -> str:
    """A warning where more than half as much again as the price is given; else nothing."""
    if not price_minor or amount_minor <= price_minor * WARN_ABOVE:
        return ""
    share = amount_minor * _PERCENT // price_minor
    return (
        f"This is {share} % of the price. Above 150 % it pleases less, and some find it odd"
        f" ({MOST}): put the failure right rather than add money."
    )


def _base(failure: Failure, table: Table) -> Line:
    if failure.price_minor is None:
        amount = table.by_severity[failure.severity]
        why = f"a P{failure.severity:d} failure"
        return Line(
            amount_minor=amount,
            why=why,
            source=OURS,
            ground=Ground.FAILURE,
            count=int(failure.severity),
        )
    share = table.used_share if failure.was_used else table.rejected_share
    amount = int(failure.price_minor * share)
    how = "was used all the same" if failure.was_used else "was of no use"
    price = money.in_words(failure.price_minor, failure.currency)
    why = f"{int(share * _PERCENT)} % of the {price} paid, as it {how}"
    return Line(
        amount_minor=amount,
        why=why,
        source=SIZE,
        ground=Ground.WAS_USED if failure.was_used else Ground.OF_NO_USE,
        count=int(share * _PERCENT),
        price_minor=failure.price_minor,
    )


def _effort(failure: Failure, table: Table) -> list[Line]:
    lines: list[Line] = []
    if failure.customer_minutes:
        amount = failure.customer_minutes * table.hour // _HOUR
        why = f"{failure.customer_minutes} minutes of the customer's time"
        lines.append(_line(amount, why, OURS, Ground.MINUTES, failure.customer_minutes))
    more = failure.customer_contacts - table.contacts_free
    if more > 0:
        why = f"{failure.customer_contacts} times that the customer had to reach us"
        amount = more * table.contact
        lines.append(_line(amount, why, AGAIN, Ground.CONTACTS, failure.customer_contacts))
    return [line for line in lines if line.amount_minor]


def _broken(failure: Failure, table: Table) -> list[Line]:
    count = failure.broken_promises
    if not count:
        return []
    why = "a broken promise" if count == 1 else f"{count} broken promises"
    return [_line(count * table.broken_promise, why, TWICE, Ground.BROKEN, count)]


def _repeat(failure: Failure, table: Table, before: int) -> list[Line]:
    if not failure.repeats:
        return []
    amount = int(before * (table.repeat_factor - 1))
    return [_line(amount, "it is not the first time", TWICE, Ground.AGAIN, failure.repeats)]


def _line(amount_minor: int, why: str, source: str, ground: Ground, count: int) -> Line:
    return Line(amount_minor=amount_minor, why=why, source=source, ground=ground, count=count)


def _rounded(minor: int, table: Table) -> int:
    """Up to a whole amount: nobody is glad of £17.63."""
    return -(-minor // table.round_to) * table.round_to


def _sentence(lines: list[Line]) -> str:
    return "For " + ", and for ".join(line.why for line in lines) + "."


_LOSS: Final = {
    Function.MONEY: Loss.MONEY,
    Function.GOODS: Loss.GOODS,
    Function.COMFORT: Loss.GOODS,
    Function.INFORMATION: Loss.ATTENTION,
}
_KIND: Final = {
    Loss.MONEY: RemedyKind.REFUND,
    Loss.GOODS: RemedyKind.CREDIT,
    Loss.SERVICE: RemedyKind.CREDIT,
    Loss.ATTENTION: RemedyKind.CREDIT,
}
_LIKE: Final = {
    Loss.MONEY: f"They lost money: give money back, at once ({LIKE}).",
    Loss.GOODS: f"They lost a thing: exchange it first; money comes on top ({LIKE}).",
    Loss.SERVICE: f"They lost a service: perform it again first; money comes on top ({LIKE}).",
    Loss.ATTENTION: f"They were left alone: a personal call first; money comes on top ({LIKE}).",
}
