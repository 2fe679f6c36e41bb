"""A scheme as data: its facts, its versions by date, its rules, and what excludes them.

Everything here is made by `building` from a plain document, and checked there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from makegood.rules.calendars import Calendar
from makegood.rules.schemes.airports import Airport, AirportOf
from makegood.rules.schemes.facts import (
    Fact,
    Kind,
    MissingFactError,
    UnknownAirportError,
    Value,
    missing,
)


class Status(StrEnum):
    """How a version stands; only what is or was in force is ever applied."""

    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    PENDING = "pending"


class Rounding(StrEnum):
    """What becomes of parts of the smallest coin."""

    HALF_UP = "half up"
    HALF_EVEN = "half even"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """The figures of a scheme for events from one day to another."""

    name: str
    status: Status
    since: date | None
    until: date | None
    rates: Mapping[str, int]
    unsure: Mapping[str, str]
    """By rate what is not sure about it; under "*" what is not sure about all."""
    watch_from: date | None = None


class NoFigureError(LookupError):
    """The version has no figure of that name, since none was verified."""


# Not frozen, as the others are: it is a scratchpad, made twice for each answer, and thrown away.
@dataclass(kw_only=True, slots=True)
class Scene:
    """A failure while it is judged by one version."""

    facts: Mapping[str, Value]
    calendar: Calendar
    version: Version | None = None
    known: dict[str, Value] = field(default_factory=dict)
    """Values worked out already that no rate touches: they hold for every version."""
    rated: dict[str, Value] = field(default_factory=dict)
    """Those of this version."""
    used: dict[str, None] = field(default_factory=dict)
    """The rates that were looked up, in order."""


Reader = Callable[[Scene], Value]
Test = Callable[[Scene], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Symbol:
    """A name that conditions, amounts and sentences may use."""

    name: str
    kind: Kind
    read: Reader
    choices: tuple[str, ...] = ()
    from_rates: bool = False
    minutes: bool = False
    is_given: Test | None = None
    """Whether it can be read, where that is known without reading it."""
    place: Callable[[Scene], Airport] | None = None
    """The airport that is meant, of the kind airport."""


def symbol_of(fact: Fact, *, airport_of: AirportOf) -> Symbol:
    """The name of a fact; reading it raises MissingFactError if it was not given."""
    name, default = fact.name, fact.default
    words = str(missing(fact))  # written once: it is raised and caught all the time

    def read(scene: Scene) -> Value:
        value = scene.facts.get(name, default)
        if value is None:
            raise MissingFactError(words, fact=name)
        return value

    def is_given(scene: Scene) -> bool:
        return default is not None or name in scene.facts

    def place(scene: Scene) -> Airport:
        code = str(read(scene))
        airport = airport_of(code)
        if airport is None:
            raise UnknownAirportError(
                f"The fact {name} is {code!r}, and no airport of this code is known here; "
                f"it must be {fact.help.rstrip('.')}.",
                fact=name,
                given=repr(code),
            )
        return airport

    return Symbol(
        name=name,
        kind=fact.kind,
        read=read,
        choices=fact.choices,
        minutes=fact.type.value == "minutes",
        is_given=is_given,
        place=place if fact.kind is Kind.AIRPORT else None,
    )


def symbol_of_rate(name: str) -> Symbol:
    """The name of a rate; reading it raises NoFigureError if the version has none."""

    def read(scene: Scene) -> Value:
        scene.used[name] = None
        if scene.version is None or name not in scene.version.rates:
            raise NoFigureError(name)
        return scene.version.rates[name]

    return Symbol(name=name, kind=Kind.MONEY, read=read, from_rates=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """Words with values in them: the values of `symbols` stand in the gaps of their names."""

    text: str = ""
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One term of an amount: so many times a share of an amount."""

    amount: Symbol
    share: Symbol | None = None
    times: Symbol | None = None
    times_at_most: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """What is owed on top if the payment itself is late, and by when."""

    amount: Symbol
    within: "Span | None" = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """An amount of calendar time, such as 10 working days."""

    quantity: int | Symbol
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """When something is owed, what, and by when. A rule without lines owes nothing in money."""

    id: str
    when: Test
    event: Symbol | None
    event_until: Symbol | None
    because: Sentence
    lines: tuple[Line, ...]
    at_least: Line | None
    at_most: Line | None
    pay_by: Symbol | None
    clocks: Mapping[str, Symbol]
    late: Late | None
    in_kind: str | None
    unsure: tuple["Doubt", ...]
    refuse: Sentence | None
    also: bool
    outside: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """What is not sure about an answer, when its conditions hold."""

    when: Test
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """What frees the company of owing, if it can show it."""

    id: str
    says: str
    needs: str
    when: Test
    still: str
    rules: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """A whole scheme."""

    id: str
    title: str
    jurisdiction: str
    legal_basis: str
    currency: str
    zone: ZoneInfo
    calendar: str
    rounding: Rounding
    is_floor: bool
    verified_on: date
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    facts: Mapping[str, Fact]
    checked_facts: tuple[Fact, ...]
    """Those that are always needed, or may not lie before another."""
    versions: tuple[Version, ...]
    watched: tuple[Version, ...]
    """Pending ones that are spoken of from some day on."""
    rules: tuple[Rule, ...]
    """Of these the first that holds answers."""
    more_rules: tuple[Rule, ...]
    """Of these each that holds pays besides."""
    chooser: str
    """A choice that is always given and sorts the rules, such as what failed; empty for none."""
    rules_by: Mapping[Value | None, tuple[tuple[Rule, ...], tuple[Rule, ...]]]
    """By the value of `chooser`, those of both kinds that can hold then: few are asked."""
    exclusions: Mapping[str, Exclusion]
    otherwise: str

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The choices of `chooser` for which no rule can ever hold: a slip, or left to a person."""
        return tuple(str(value) for value, rules in self.rules_by.items() if not any(rules))

    @property
    def status(self) -> Status:
        """How its newest applied version stands."""
        applied = [item.status for item in self.versions if item.status is not Status.PENDING]
        return applied[-1] if applied else Status.PENDING
