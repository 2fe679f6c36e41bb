"""What the gate objects to, each with one sentence why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from makegood.rules.wording.findings import Level


class Rule(StrEnum):
    """One kind of word that is not true, or that cannot be known to be."""

    NO_PROMISE = "NO_PROMISE"
    LATER = "LATER"
    EARLIER = "EARLIER"
    VAGUER = "VAGUER"
    NARROWER = "NARROWER"
    OVERTAKEN = "OVERTAKEN"
    BROKEN_AGAIN = "BROKEN_AGAIN"
    UNREAD_TIME = "UNREAD_TIME"
    OTHER_TIME = "OTHER_TIME"
    NO_PAST = "NO_PAST"
    NO_SUM = "NO_SUM"
    VAGUE_SUM = "VAGUE_SUM"
    NOT_ARRIVED = "NOT_ARRIVED"
    NO_STATE = "NO_STATE"
    NO_ENTITLEMENT = "NO_ENTITLEMENT"
    APOLOGY_AGAIN = "APOLOGY_AGAIN"
    NEVER_AGAIN = "NEVER_AGAIN"
    NOT_OWNER = "NOT_OWNER"
    TAKES_BACK = "TAKES_BACK"
    TEMPLATE_STOPPED = "TEMPLATE_STOPPED"
    MIXED_LETTERS = "MIXED_LETTERS"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    EMPTY = "EMPTY"


REASONS: Final = {
    Rule.NO_PROMISE: "Nothing that is promised or planned says this.",
    Rule.LATER: "This is later than what is promised.",
    Rule.EARLIER: "This is earlier than what is promised.",
    Rule.VAGUER: "This is vaguer than what is promised.",
    Rule.NARROWER: "This names another window than what is promised.",
    Rule.OVERTAKEN: "This date does not stand any more: say the one that does, if there is one.",
    Rule.BROKEN_AGAIN: "This was promised before and broken; it cannot be said again.",
    Rule.UNREAD_TIME: "This time cannot be compared with what is promised; write it in figures.",
    Rule.OTHER_TIME: "The words say another time than the one that is recorded for them.",
    Rule.NO_PAST: "Nothing on record happened then.",
    Rule.NO_SUM: "Nothing that is granted or owed has this amount.",
    Rule.VAGUE_SUM: "This amount is vaguer than what is granted or owed.",
    Rule.NOT_ARRIVED: "This money has not reached the customer yet.",
    Rule.NO_STATE: "Nothing on record says that it stands so.",
    Rule.NO_ENTITLEMENT: "Nothing that is granted or owed gives this to the customer.",
    Rule.APOLOGY_AGAIN: "We apologised already: now it takes a new fact, date or remedy.",
    Rule.NEVER_AGAIN: "Nothing on record was changed that would keep it from happening again.",
    Rule.NOT_OWNER: "Somebody else owns this case.",
    Rule.TAKES_BACK: "This takes back what was promised: decide first how it is honoured.",
    Rule.TEMPLATE_STOPPED: "This template was stopped, because what it says is not true.",
    Rule.MIXED_LETTERS: "A word mixes letters of two alphabets and cannot be read for certain.",
    Rule.TOO_LONG: "The message is too long to be checked whole.",
    Rule.TOO_MANY: (
        "This names more dates, amounts and states than can be checked: say it in several sentences"
        " or messages."
    ),
    Rule.EMPTY: "There are no words to say.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """What may not be said: where, why, and the true sentence instead, if there is one.

    `first` and `last` bound the sentence that it stands in.
    """

    rule: Rule
    level: Level
    start: int
    end: int
    first: int
    last: int
    reason: str
    instead: str = ""

    @property
    def stops(self) -> bool:
        """Whether it keeps the message from leaving."""
        return self.level is Level.BLOCK


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What a statement rests on: the key of a fact, known since a moment."""

    key: str
    start: int
    end: int
    since: datetime
