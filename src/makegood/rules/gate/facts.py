"""What is true of a case now, as far as the company's systems know: all that may be said of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from makegood.rules.capture.kinds import Kind


class Money(StrEnum):
    """How far an amount has come."""

    OWED = "owed"
    GRANTED = "granted"
    SENT = "sent"
    ARRIVED = "arrived"
    WAIVED = "waived"
    CHARGED = "charged"
    SPENT = "spent"


class State(StrEnum):
    """What a message may say of how things stand, beside dates and amounts."""

    ON_THE_WAY = "on_the_way"
    DONE = "done"
    DELIVERED = "delivered"
    COLLECTED = "collected"
    SENT = "sent"
    PAID = "paid"
    GRANTED = "granted"
    BOOKED = "booked"
    ORDERED = "ordered"
    PASSED_ON = "passed_on"
    CALLED = "called"
    CLOSED = "closed"
    ACTED = "acted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A time that the customer may be told, because it is promised, offered or planned.

    `says` is the true sentence about it and `renderings` are its time in other wordings, both in
    the customer's language. `is_round` is a regular round, which "the next round" means. `is_own`
    is the promise that the text itself makes: its words may be less exact than its due time.
    `is_overtaken`: a newer time was decided, and this text must tell that one, or the visit that
    was promised for it has lost it. `stands`: its very words are true, times and all; of what
    `is_over`, these alone. `speaks_of`: only a clause with one of these words means it.
    """

    key: str
    kinds: frozenset[Kind]
    due: datetime
    since: datetime
    earliest: datetime | None = None
    is_day: bool = False
    is_offer: bool = False
    is_round: bool = False
    is_own: bool = False
    is_overtaken: bool = False
    stands: bool = False
    is_over: bool = False
    speaks_of: tuple[str, ...] = ()
    words: str = ""
    says: str = ""
    renderings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A promise that broke, which cannot be said again.

    `renderings` are its time as our letters say it, where words are compared and not read.
    """

    key: str
    kinds: frozenset[Kind]
    due: datetime
    words: str = ""
    renderings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """Something that was done for the customer, by evidence."""

    key: str
    kinds: frozenset[Kind]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """An amount of money of the case, in minor units. `says` is the true sentence about it.

    `is_credit`: it is put on their account, which we do as we grant it.
    """

    key: str
    minor: int
    currency: str
    how_far: Money
    since: datetime
    says: str = ""
    is_credit: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that a text about one case is held against.

    `next_word` is the true sentence for whatever has no date or news yet. `moments` are when
    something happened in the case. `apologies` are when the company apologised. `states` hold
    beside what windows, deeds and sums show. `has_change` says that the cause was mended.
    """

    windows: tuple[Window, ...] = ()
    broken: tuple[Broken, ...] = ()
    done: tuple[Done, ...] = ()
    sums: tuple[Sum, ...] = ()
    things: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()
    apologies: tuple[datetime, ...] = ()
    states: frozenset[State] = frozenset()
    owner: str = ""
    next_word: str = ""
    has_change: bool = False
    our_fault: bool | None = None
    urgent: bool | None = None
    is_open: bool | None = None


HEARING: Final = frozenset({Kind.CALLBACK, Kind.UPDATE, Kind.ANSWER})
COMING: Final = frozenset({Kind.VISIT, Kind.REPAIR})
# Of which kinds a promise may be, for a sentence of a kind to speak of it.
KIN: Final = {
    Kind.CALLBACK: HEARING,
    Kind.UPDATE: HEARING,
    Kind.ANSWER: HEARING,
    Kind.VISIT: COMING,
    Kind.REPAIR: COMING,
    Kind.COLLECTION: frozenset({Kind.COLLECTION}),
    Kind.DELIVERY: frozenset({Kind.DELIVERY}),
    Kind.REFUND: frozenset({Kind.REFUND}),
}


def are_kin(said: frozenset[Kind], known: frozenset[Kind]) -> bool:
    """Whether a sentence of these kinds can speak of a fact of those; OTHER speaks of any."""
    if not said or Kind.OTHER in said or known <= {Kind.OTHER}:
        return True
    return any(KIN[kind] & known for kind in said)
