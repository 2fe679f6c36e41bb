"""What a promise is, how it is settled, and how it stands at a given moment.

A promise is the company's word to one customer for one time. It is settled once: kept, broken,
released by the customer, or replaced with the customer's agreement.

    open ---fulfil (in time)-------> kept
      |----fulfil (late) / lapse---> broken, as of the moment it fell due
      |----give up-----------------> broken, as of the moment at which it would have fallen due
      |----release (by customer)---> released
      |----replace (with consent)--> replaced
      '----revise (told in time)---> open, with a later or an earlier due time
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from makegood.rules.calendars import LAST_YEAR, CalendarError, at_wall_time


class Outcome(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    REPLACED = "replaced"


class Standing(StrEnum):
    """How a promise looks at one moment; derived, never stored."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    REPLACED = "replaced"


class Precision(StrEnum):
    """Whether the customer was told a clock time or a day."""

    INSTANT = "instant"
    DATE = "date"


class Speaker(StrEnum):
    """Who gave the word. That of a template, a bot or a partner binds as much as a person's.

    A log speaks for whoever had the cases before they came in.
    """

    PERSON = "person"
    TEMPLATE = "template"
    BOT = "bot"
    SYSTEM = "system"
    PARTNER = "partner"
    LOG = "log"


class Channel(StrEnum):
    """The way by which words reached somebody."""

    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    CHAT = "chat"
    WEB = "web"
    LETTER = "letter"
    IN_PERSON = "in_person"
    SIGNAL = "signal"


class PromiseError(Exception):
    """Base of every refusal about a promise; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class AlreadySettledError(PromiseError):
    """A promise is settled only once."""


class NotYetDueError(PromiseError):
    """A promise cannot lapse before its due time and grace have passed."""


class WindowError(PromiseError):
    """A window opens no later than it closes, and closes after the promise was given."""


class ToldTooLateError(PromiseError):
    """A new date counts only if the customer was told before the old one passed."""


class ClosedCaseError(PromiseError):
    """A promise is made to the customer of an open case: reopen the case first."""


class AlreadyToldError(PromiseError):
    """The customer was told of this date already."""


class OvertakenError(PromiseError):
    """The customer was told another date since this one was decided: decide anew."""


class NotYetHappenedError(PromiseError):
    """Nothing can be settled by something that has not happened yet."""


class OfARemedyError(PromiseError):
    """This promise is of a remedy: it is kept when that has arrived, and by nothing else."""


class OfAVisitError(PromiseError):
    """This promise is of a visit: it moves, is kept and ends with the visit."""


class EvidenceMissingError(PromiseError):
    """A promise is kept by evidence: say what was done, and how it is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """The facts that the rules need about one promise. Moments are aware UTC.

    Grace is not extra time for the company: it is time for the news of fulfilment to arrive. The
    customer is only ever shown `due_at`.
    """

    said_at: datetime
    due_at: datetime
    grace: timedelta = timedelta(0)
    outcome: Outcome | None = None
    settled_at: datetime | None = None

    @property
    def judge_after(self) -> datetime:
        """The moment after which the clock may call the promise broken."""
        return self.due_at + self.grace

    @property
    def is_open(self) -> bool:
        """Whether it still has to be kept."""
        return self.outcome is None


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The last moment of a local day, in UTC: the due time of a promise "by Friday".

    Computed from the next local midnight, so that a day of 23 or 25 hours ends where it ends;
    where clocks skip midnight, at the moment of the jump.

    :raises CalendarError: if the year cannot be meant.
    """
    if day.year > LAST_YEAR:
        raise CalendarError(f"The year {day.year} is out of range; use years up to {LAST_YEAR}.")
    midnight = datetime.combine(day + timedelta(days=1), time())
    return at_wall_time(midnight, zone=zone) - timedelta(microseconds=1)


def check_window(*, said_at: datetime, earliest_at: datetime | None, due_at: datetime) -> None:
    """Refuse a window that cannot be kept.

    :raises WindowError: if it closes before it opens, or not after the promise was given.
    """
    if due_at <= said_at:
        raise WindowError(f"The promise falls due at {due_at} but was only given at {said_at}.")
    if earliest_at is not None and earliest_at > due_at:
        raise WindowError(f"The window opens at {earliest_at}, after it closes at {due_at}.")


def fulfil(promise: Promise, *, at: datetime) -> Promise:
    """Settle by deed: kept if done by the due time, broken as of the due time if done after it.

    :raises AlreadySettledError: if it is settled.
    """
    if at <= promise.due_at:
        return _settle(promise, Outcome.KEPT, at=at)
    return _settle(promise, Outcome.BROKEN, at=promise.due_at)


def lapse(promise: Promise, *, now: datetime) -> Promise:
    """Settle by the clock: broken, as of the moment it fell due.

    :raises NotYetDueError: if its grace has not passed.
    :raises AlreadySettledError: if it is settled.
    """
    if now <= promise.judge_after:
        raise NotYetDueError
    return _settle(promise, Outcome.BROKEN, at=promise.due_at)


def give_up(promise: Promise) -> Promise:
    """Settle because it is certain before its time that it cannot be kept: broken, as of that time.

    :raises AlreadySettledError: if it is settled.
    """
    return _settle(promise, Outcome.BROKEN, at=promise.due_at)


def release(promise: Promise, *, at: datetime) -> Promise:
    """Settle because the customer no longer wants it. After the due time it was broken already.

    :raises AlreadySettledError: if it is settled.
    """
    return _settle_by_consent(promise, Outcome.RELEASED, at=at)


def supersede(promise: Promise, *, at: datetime) -> Promise:
    """Settle because the customer agreed to another promise in its place.

    :raises AlreadySettledError: if it is settled.
    """
    return _settle_by_consent(promise, Outcome.REPLACED, at=at)


def revise(promise: Promise, *, due_at: datetime, told_at: datetime) -> Promise:
    """Give a new due time. It counts only if the customer was told before the old one passed.

    :raises AlreadySettledError: if it is settled.
    :raises ToldTooLateError: if the customer heard of it after the old due time.
    :raises WindowError: if the new time had already passed when the customer was told.
    """
    if not promise.is_open:
        raise AlreadySettledError
    if told_at > promise.due_at:
        raise ToldTooLateError
    if due_at <= told_at:
        raise WindowError(f"The new time {due_at} had passed when it was told at {told_at}.")
    return replace(promise, due_at=due_at)


def standing(promise: Promise, *, now: datetime, warned_at: datetime) -> Standing:
    """How the promise looks at `now`; `warned_at` is when its first rung speaks.

    Between the due time and its judgement it is overdue, and never on track or at risk.
    """
    if promise.outcome is not None:
        return Standing(promise.outcome.value)
    if now > promise.due_at:
        return Standing.OVERDUE
    return Standing.AT_RISK if now >= warned_at else Standing.ON_TRACK


def _settle_by_consent(promise: Promise, outcome: Outcome, *, at: datetime) -> Promise:
    if at > promise.due_at:
        return _settle(promise, Outcome.BROKEN, at=promise.due_at)
    return _settle(promise, outcome, at=at)


def _settle(promise: Promise, outcome: Outcome, *, at: datetime) -> Promise:
    if not promise.is_open:
        raise AlreadySettledError
    return replace(promise, outcome=outcome, settled_at=at)
