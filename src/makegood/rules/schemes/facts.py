"""Facts of a failure: what each is called, what it may be, and how a plain value is read.

A date may come as a moment: the day that the zone of the scheme had then counts. A moment without
an offset is a wall time of that zone. Money comes as text or whole numbers, never as a float.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from makegood.rules.calendars import CalendarError, local
from makegood.rules.money import MoneyError, parse, without_sign
from makegood.rules.schemes.airports import iata_of
from makegood.rules.schemes.near import meant

Value = date | int | Fraction | bool | str
_Read = Callable[[object, ZoneInfo, str], Value | None]

_DAY_LENGTH: Final = len("2026-05-11")
_CLOCK: Final = re.compile(r"([+-]?)([0-9]{1,5}):([0-5][0-9])")
_HOURS: Final = re.compile(r"([0-9]{1,5}) ?h(?:ours?)?(?: ?([0-9]{1,2}) ?(?:m|min|minutes?)?)?")
_IN_MINUTES: Final = re.compile(r"([0-9]{1,7}) ?(?:m|min|minutes?)")
_TRUTHS: Final = {"yes": True, "true": True, "no": False, "false": False}
_LONGEST: Final = 2_000
MOST_OF_ALL: Final = 10**12


class Kind(StrEnum):
    """What can be compared with what."""

    DATE = "a date"
    NUMBER = "a number"
    MONEY = "an amount"
    TRUTH = "yes or no"
    CHOICE = "a choice"
    TEXT = "text"
    SHARE = "a share"
    AIRPORT = "an airport"


class FactType(StrEnum):
    """How a pack calls the type of a fact."""

    DATE = "date"
    COUNT = "count"
    NUMBER = "number"
    MINUTES = "minutes"
    MONEY = "money"
    YES_NO = "yes or no"
    CHOICE = "choice"
    TEXT = "text"
    AIRPORT = "airport"


KIND_OF: Final = {
    FactType.DATE: Kind.DATE,
    FactType.COUNT: Kind.NUMBER,
    FactType.NUMBER: Kind.NUMBER,
    FactType.MINUTES: Kind.NUMBER,
    FactType.MONEY: Kind.MONEY,
    FactType.YES_NO: Kind.TRUTH,
    FactType.CHOICE: Kind.CHOICE,
    FactType.TEXT: Kind.TEXT,
    FactType.AIRPORT: Kind.AIRPORT,
}
MUST_BE: Final = {
    FactType.DATE: "a date such as 2026-05-11",
    FactType.COUNT: "a whole number such as 3",
    FactType.NUMBER: "a number such as 1100 or 2.5",
    FactType.MINUTES: 'minutes such as 185, or "3:05"',
    FactType.MONEY: 'an amount such as "48.00"',
    FactType.YES_NO: "true or false",
    FactType.CHOICE: "one of its choices",
    FactType.TEXT: "text",
    FactType.AIRPORT: "the IATA code of an airport, such as AMS",
}


class SchemeError(ValueError):
    """Something about a scheme that cannot be worked with; the message says what would be right."""


class UnknownSchemeError(SchemeError):
    """A scheme that no pack describes."""


class FactError(SchemeError):
    """A fact whose value cannot be meant. `fact` is its name, and `given` what was given."""

    def __init__(self, words: str, *, fact: str = "", given: str = "") -> None:
        super().__init__(words)
        self.fact, self.given = fact, given


class MissingFactError(FactError):
    """A fact that the scheme needs and that was not given."""


class UnknownFactError(FactError):
    """A fact that the scheme does not know."""


class UnknownAirportError(FactError):
    """An airport whose place is not known."""


class FactOrderError(FactError):
    """A day that lies before one that it must not; `given` is the name of the other fact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A fact that a scheme asks for."""

    name: str
    type: FactType
    help: str
    example: Any = None
    needed: bool = False
    default: Value | None = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = MOST_OF_ALL
    not_before: str | None = None
    kind: Kind = field(init=False)
    """What it can be compared with."""
    read: _Read = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Looked up once: the hash of an enum is slow, and facts are read all the time.
        object.__setattr__(self, "kind", KIND_OF[self.type])
        object.__setattr__(self, "read", _READERS[self.type])

    @property
    def must_be(self) -> str:
        """What its value must be, in words."""
        if self.type is FactType.CHOICE:
            return f"one of {', '.join(self.choices)}"
        return MUST_BE[self.type]


def read_facts(
    facts: Mapping[str, Fact], plain: Mapping[str, Any], *, zone: ZoneInfo, currency: str
) -> dict[str, Value]:
    """The values of plain facts; a null counts as not given.

    :raises FactError: if a name is not known, or a value is not what its fact must be.
    """
    values: dict[str, Value] = {}
    for name, given in plain.items():
        fact = facts.get(name)
        if fact is None:
            raise UnknownFactError(_unknown(name, facts), fact=name)
        if given is not None:
            values[name] = read_fact(fact, given, zone=zone, currency=currency)
    return values


def check_facts(checked: Iterable[Fact], values: Mapping[str, Value]) -> None:
    """Refuse values that lack a fact which is always needed, or whose days are out of order.

    :raises MissingFactError: if one is not there.
    :raises FactError: if a day lies before one that it must not.
    """
    for fact in checked:
        if fact.needed and fact.name not in values:
            raise missing(fact)
        if fact.not_before is not None:
            _check_order(fact, values)


def missing(fact: Fact) -> MissingFactError:
    """The error that asks for a fact."""
    return MissingFactError(
        f"The fact {fact.name} is missing; it must be {fact.must_be} ({fact.help.rstrip('.')}).",
        fact=fact.name,
    )


def read_fact(fact: Fact, given: object, *, zone: ZoneInfo, currency: str) -> Value:
    """The value of one plain fact.

    :raises FactError: if it is not what the fact must be.
    """
    value = fact.read(given, zone, currency)
    if fact.kind is Kind.CHOICE and value not in fact.choices:
        value = _choice(fact, given)
    if value is None:
        raise _bad(fact, given, f"it must be {fact.must_be}.")
    if fact.kind is Kind.NUMBER and not fact.least <= value <= fact.most:  # type: ignore[operator] # numbers here
        raise _bad(fact, given, f"it must be from {fact.least} to {fact.most}.")
    return value


def _bad(fact: Fact, given: object, right: str) -> FactError:
    shown = _shown(given)
    return FactError(f"The fact {fact.name} is {shown}; {right}", fact=fact.name, given=shown)


def _choice(fact: Fact, given: object) -> Value | None:
    """The choice that is written otherwise, as "Missed appointment" for missed_appointment.

    :raises FactError: if it is none, but near one.
    """
    if not isinstance(given, str):
        return None
    written = re.sub(r"[\s-]+", "_", given.strip()).casefold()
    for choice in fact.choices:
        if choice.casefold() == written:
            return choice
    near = meant(written, fact.choices)
    if not near:
        return None
    raise _bad(fact, given, f"it must be {fact.must_be}; {near}")


def _unknown(name: str, facts: Mapping[str, Fact]) -> str:
    right = meant(name, facts) or f"known are {', '.join(facts)}."
    return f"The fact {name[:40]} is not known to this scheme; {right}"


def _shown(given: object) -> str:
    return repr(given if not isinstance(given, Decimal) else str(given))[:60]


def _check_order(fact: Fact, values: Mapping[str, Value]) -> None:
    value, first = values.get(fact.name), values.get(str(fact.not_before))
    if isinstance(value, date) and isinstance(first, date) and value < first:
        raise FactOrderError(
            f"The fact {fact.name} is {value}, before {fact.not_before}, which is {first}; "
            f"it cannot lie before it.",
            fact=fact.name,
            given=str(fact.not_before),
        )


# ---- one reader for each type; None means that it cannot be that ------------------------------


def _day(given: object, zone: ZoneInfo, _currency: str) -> Value | None:
    if type(given) is date:
        return given
    if not isinstance(given, str | datetime):
        return None
    try:
        if isinstance(given, datetime):
            moment = given
        elif len(given) == _DAY_LENGTH:
            return date.fromisoformat(given)
        else:
            moment = datetime.fromisoformat(given)
        return moment.date() if moment.utcoffset() is None else local(moment, zone=zone).date()
    except (ValueError, CalendarError):
        return None


def _number(given: object, _zone: ZoneInfo, _currency: str) -> int | Fraction | None:
    if type(given) is int:
        return given if abs(given) <= MOST_OF_ALL else None
    if isinstance(given, bool | float) or not isinstance(given, Decimal | str):
        return None
    try:
        number = Decimal(given)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > MOST_OF_ALL or number.adjusted() < -_DAY_LENGTH:
        return None
    return int(number) if number == number.to_integral_value() else Fraction(number)


def _count(given: object, zone: ZoneInfo, currency: str) -> Value | None:
    number = _number(given, zone, currency)
    return number if isinstance(number, int) else None


def _minutes(given: object, zone: ZoneInfo, currency: str) -> Value | None:
    if not isinstance(given, str):
        return _number(given, zone, currency)
    if found := _CLOCK.fullmatch(given):
        minutes = int(found[2]) * 60 + int(found[3])
        return -minutes if found[1] == "-" else minutes
    if found := _HOURS.fullmatch(given):
        return int(found[1]) * 60 + int(found[2] or 0)
    if found := _IN_MINUTES.fullmatch(given):
        return int(found[1])
    return _number(given, zone, currency)


def _money(given: object, zone: ZoneInfo, currency: str) -> Value | None:
    # As a number first: parsing alone would write out the zeros of 1e999999.
    if _number(given, zone, currency) is None:
        given = without_sign(given, currency) if isinstance(given, str) else None
        if _number(given, zone, currency) is None:
            return None
    try:
        minor = parse(str(given), currency)
    except (MoneyError, ValueError):
        return None
    return minor if minor <= MOST_OF_ALL else None


def _truth(given: object, _zone: ZoneInfo, _currency: str) -> Value | None:
    if isinstance(given, str):
        return _TRUTHS.get(given.strip().casefold())
    return given if isinstance(given, bool) else None


def _text(given: object, _zone: ZoneInfo, _currency: str) -> Value | None:
    return given if isinstance(given, str) and given and len(given) <= _LONGEST else None


_READERS: Final[dict[FactType, _Read]] = {
    FactType.DATE: _day,
    FactType.COUNT: _count,
    FactType.NUMBER: _number,
    FactType.MINUTES: _minutes,
    FactType.MONEY: _money,
    FactType.YES_NO: _truth,
    FactType.CHOICE: _text,
    FactType.TEXT: _text,
    FactType.AIRPORT: lambda given, *_: iata_of(given),
}
