"""When a customer is asked whether it is right: once when it was put right, and again once.

Silence counts only after both questions have reached them, each with time to answer. A no, or
anything else that they say, starts anew; nothing here can be switched off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from makegood.rules.promises import Outcome

FIRST, LAST = 1, 2
SHORTEST_WAIT = timedelta(hours=12)
"""Less than any whole day of a policy, whatever the clocks do that night."""


class AskingEnd(StrEnum):
    """Why an asking waits no longer."""

    HEARD = "heard"
    NOT_FIXED = "not_fixed"
    ASKED_AGAIN = "asked_again"
    SILENCE = "silence"


class Next(StrEnum):
    """What the clock does when nobody has answered in time."""

    END_AS_HEARD = "end_as_heard"
    END_AS_NOT_FIXED = "end_as_not_fixed"
    WAIT = "wait"
    ASK_AGAIN = "ask_again"
    CLOSE = "close"


class AskingError(Exception):
    """Base of every refusal about asking; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class AskedAlreadyError(AskingError):
    """The customer is being asked already: say the question that waits, or wait for the answer."""


class StillToBeDoneError(AskingError):
    """Something is still to be done for the customer: ask them when it is done."""


class WantOpenError(AskingError):
    """The customer wants something more: promise it, or say an honest no with an alternative."""


class NotAfterTheLadderError(AskingError):
    """A case ends without a yes only when lead, head and executive have all tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One promise to correct something: whether it is settled, how, and since when it stands."""

    outcome: Outcome | None
    recorded_at: datetime | None = None


def put_right_at(deeds: Iterable[Deed]) -> datetime | None:
    """When the last deed was done, if nothing is still to be done and nothing broke after it."""
    known = list(deeds)
    if any(deed.outcome is None for deed in known):
        return None
    done, broke = _last(known, Outcome.KEPT), _last(known, Outcome.BROKEN)
    return None if done is None or (broke is not None and broke > done) else done


def _last(deeds: Iterable[Deed], outcome: Outcome) -> datetime | None:
    times = (deed.recorded_at for deed in deeds if deed.outcome is outcome)
    return max((at for at in times if at is not None), default=None)


def is_to_be_asked(
    deeds: Iterable[Deed], *, last_opened: datetime | None, answered_at: datetime | None = None
) -> bool:
    """Whether to ask by oneself: after each deed that puts it right, and once only for each.

    :param answered_at: when what they wanted or claimed besides was answered last; whoever was
        asked before that has not said yet whether it is right, unless a deed broke since.
    """
    known = list(deeds)
    right, broke = put_right_at(known), _last(known, Outcome.BROKEN)
    if last_opened is None or (right is None and broke is not None and broke > last_opened):
        return right is not None
    return any(at is not None and at > last_opened for at in (right, answered_at))


def when_nobody_answered(number: int, *, heard: bool, to_do: bool, owed: bool) -> Next:
    """What follows an asking that had its time.

    :param heard: the customer reached us since they were first asked.
    :param to_do: something is still to be done for them, or they want something more.
    :param owed: something that was granted has not arrived, or waits for approval.
    """
    if heard:
        return Next.END_AS_HEARD
    if to_do:
        return Next.END_AS_NOT_FIXED
    if number < LAST:
        return Next.ASK_AGAIN
    return Next.WAIT if owed else Next.CLOSE
