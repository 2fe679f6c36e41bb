"""What the metrics are counted over: one case, frozen, as it was known at one moment.

Whoever loads them leaves out what was recorded later, was taken back, or is the clock's own canary.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.rules.attempts import Attempt
from makegood.rules.promises import Outcome

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A promise: who gave it, for when, and what became of it.

    `moved_alone`: told in time, but put off without the customer's consent. `dated_at` is when the
    date that stands was told, if that was not with the word itself. `who` names the speaker, as
    "person:12" or "template:missed bin reply"; `through` others whom it hung on. `known_at` is when
    its end was recorded: for the word of a visit that failed, before it fell due.
    """

    id: int
    kind: str
    who: str
    is_automatic: bool
    said_at: datetime
    first_due_at: datetime
    due_at: datetime
    earliest_at: datetime | None = None
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    known_at: datetime | None = None
    moved_alone: bool = False
    dated_at: datetime | None = None
    is_past: bool = False
    """It had fallen due when its log came in: what was said of it before that nobody knows."""
    through: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """One contact or letter, and what it cost the customer. `tells`: the promise that it gave.

    `is_aloud`: by phone or in person. `staff_minutes`: for how long one of us spoke with them.
    """

    at: datetime
    is_outbound: bool
    is_automatic: bool = False
    is_receipt: bool = False
    is_answer: bool = False
    minutes: int = 0
    is_estimated: bool = False
    lost_minor: int = 0
    currency: str = ""
    tells: int | None = None
    staff_minutes: int = 0
    told_again: bool = False
    is_aloud: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """A call for a promise that nobody answered."""

    promise: int
    attempt: Attempt


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """Somebody could give something and did not. `was_asked`: they said no to who asked for it."""

    at: datetime
    was_asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One time that the customer was asked, twice if need be; None until it is over."""

    at: datetime
    is_answered: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Something more that a customer wanted, and what became of it."""

    at: datetime
    became: str = "waiting"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """Something said that the record contradicted when it was said."""

    at: datetime
    is_automatic: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """What somebody outside decided last on an end without a yes; in part is upheld, too."""

    at: datetime
    is_upheld: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """One time that the case was closed: how, and when it was opened again, if it was."""

    at: datetime
    by_yes: bool = False
    by_parting: bool = False
    was_asked: bool = True
    owners: int = 1
    reopened_at: datetime | None = None
    is_mistake: bool = False
    review: Reviewed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """A promise that came to light late, and how it ended; an empty outcome is none yet.

    `own_minor` is what of its cost is no remedy, which would count by itself.
    """

    at: datetime
    source: str
    outcome: str = ""
    cost_minor: int = 0
    own_minor: int = 0
    currency: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubted:
    """A doubt about what we know: whether it was an error, and when that was put right.

    `is_again`: the same article had been doubted before.
    """

    at: datetime
    is_error: bool = False
    fixed_at: datetime | None = None
    is_again: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """When the cause of a case was named, and when a change of it shipped first."""

    at: datetime
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A remedy that was granted. `pay_by` is set where a scheme says so.

    `was_asked`: the customer had said that they wanted something, or were promised it.
    `was_waited_for`: it could be given at once, and nothing was until they asked. `is_extra`: a
    scheme owes it because its first payment came late.
    """

    at: datetime
    amount_minor: int
    currency: str
    needed_approval: bool = False
    is_released: bool = False
    arrived_at: datetime | None = None
    makes_good_money: bool = False
    was_asked: bool = False
    was_waited_for: bool = False
    is_extra: bool = False
    pay_by: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owing:
    """What a scheme owes beyond what was given, and by when."""

    pay_by: datetime
    missing_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A text that went through the gate, and the rules whose warnings it went with."""

    at: datetime
    is_automatic: bool
    warned_of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One failure, with all that the metrics ask of it."""

    id: int
    team: int
    failed_at: datetime
    known_at: datetime
    as_of: datetime
    zone: ZoneInfo = UTC_ZONE
    cause: str = ""
    severity: int = 0
    reports: int = 1
    reported: tuple[datetime, ...] = ()
    words: tuple[Word, ...] = ()
    touches: tuple[Touch, ...] = ()
    apologies: tuple[datetime, ...] = ()
    false_statements: tuple[Statement, ...] = ()
    closings: tuple[Closing, ...] = ()
    handovers: int = 0
    handed: tuple[datetime, ...] = ()
    """When somebody took it over, each time."""
    again: tuple[datetime, ...] = ()
    """When the same thing of the same customer failed once more, each time."""
    remedies: tuple[Given, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    asked: tuple[datetime, ...] = ()
    """The first question of each round."""
    rounds: tuple[Round, ...] = ()
    wants: tuple[Wanted, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    owings: tuple[Owing, ...] = ()
    late: tuple[Late, ...] = ()
    doubts: tuple[Doubted, ...] = ()
    learned: Learned | None = None
    passes: tuple[Passed, ...] = ()
    executive_at: datetime | None = None
    """When somebody at the top was first drawn in."""
    executive_by_rule: bool = False
