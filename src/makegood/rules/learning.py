"""Learning: why a case happened, what was not known, what came again, and whether a change helped.

A closed case is asked for its cause, and waits for nobody: what is not named is counted. What comes
twice within its period becomes a card with an owner. A change is real only if its chart says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from makegood.rules.escalation import Role
from makegood.rules.metrics import control
from makegood.rules.metrics.control import Chart, Count

NAME_WITHIN: Final = timedelta(days=2)
"""How long one person has to name a cause, before the next on the ladder is asked."""
ANSWER_WITHIN: Final = timedelta(days=7)
"""How long the owner of a card has to say what is done about it."""
LADDER: Final = (Role.OWNER, Role.LEAD, Role.HEAD)
WEEKS_BEFORE: Final = 13
WEEKS_AFTER: Final = 26
ENOUGH_AFTER: Final = 4
"""Weeks with cases after a change, before which nothing is said of it unless a rule marks it."""
MONTH: Final = timedelta(days=30)
QUARTER: Final = timedelta(days=90)


class Again(StrEnum):
    """What came again."""

    CAUSE = "cause"
    SITE = "site"
    ASSET = "asset"
    TEMPLATE = "template"
    GAP = "gap"

    @property
    def period(self) -> timedelta:
        """Twice within so long is once too often."""
        return QUARTER if self is Again.ASSET else MONTH


class Effect(StrEnum):
    """What a chart says of a change."""

    NOT_SHIPPED = "not_shipped"
    TOO_FEW = "too_few"
    """Too few weeks or cases to draw limits from, or to look at since."""
    NOISE = "noise"
    """It wavers as it did before."""
    BETTER = "better"
    WORSE = "worse"


class LearningError(Exception):
    """Base of every refusal about learning; the docstring of each subclass is its message."""

    def __str__(self) -> str:
        return " ".join(str(argument) for argument in self.args) or (self.__doc__ or "")


class CauseMissingError(LearningError):
    """Name the cause in a few words, so that the same cause is found again."""


class GapMissingError(LearningError):
    """Say what was not known, or that nothing was missing."""


class GapClosedError(LearningError):
    """There is no open gap here: none was found, or it was closed already."""


class NotYoursToLearnError(LearningError):
    """Whoever owns it, or may change what causes failures, does this."""


class CardAnsweredError(LearningError):
    """This card was answered already."""


class NothingDoneError(LearningError):
    """Say what is done about it, or why nothing can be."""


class ShippedError(LearningError):
    """This change was shipped or dropped already."""


class NotShippedError(LearningError):
    """Customers are told of a change once it is shipped, not before."""


class OtherCauseError(LearningError):
    """This change is about another cause than the card."""


class NobodyToTellError(LearningError):
    """Every customer whose case came from this cause was told already, or there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One time that something came: of which kind and which thing, in which case, and when.

    `failure` is what makes it one: the cases of one incident are one failure.
    """

    kind: Again
    key: str
    case: int
    failure: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """Something that came twice or more within its period, and the cases of it."""

    kind: Again
    key: str
    cases: tuple[int, ...]


def came_again(seen: Iterable[Seen]) -> tuple[Came, ...]:
    """What came as two failures within its period, up to the last time that it came."""
    by_thing: dict[tuple[Again, str], list[Seen]] = {}
    for one in seen:
        by_thing.setdefault((one.kind, one.key), []).append(one)
    found = []
    for (kind, key), all_ in by_thing.items():
        last = max(one.at for one in all_)
        late = [one for one in all_ if last - one.at <= kind.period]
        if len({one.failure for one in late}) > 1:
            cases = tuple(sorted({one.case for one in late}))
            found.append(Came(kind=kind, key=key, cases=cases))
    return tuple(found)


def next_role(role: Role) -> Role | None:
    """Who is asked when this one has not answered in time; None at the top."""
    place = LADDER.index(role) + 1
    return LADDER[place] if place < len(LADDER) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A change watched before and after: its chart over the time since, and what it says."""

    before: Chart
    after: Chart
    effect: Effect


def watch(before: Sequence[Count], after: Sequence[Count], *, shipped: bool) -> Watched:
    """How often a cause struck before and after a change, by limits drawn from before only.

    :param before: of all cases of a week whose cause is known, how many had this one.
    """
    since = control.chart(after, before=before)
    then = control.chart(before)
    effect = _effect(since, is_drawn=then.has_limits, shipped=shipped)
    return Watched(before=then, after=since, effect=effect)


def _effect(since: Chart, *, is_drawn: bool, shipped: bool) -> Effect:
    if not shipped:
        return Effect.NOT_SHIPPED
    if not is_drawn:
        return Effect.TOO_FEW
    if since.changes:
        # The last real change decides: what helped for a month and then did not, did not.
        return Effect.BETTER if since.points[since.changes[-1]].distance < 0 else Effect.WORSE
    seen = sum(point.n > 0 for point in since.points)
    return Effect.NOISE if seen >= ENOUGH_AFTER else Effect.TOO_FEW
