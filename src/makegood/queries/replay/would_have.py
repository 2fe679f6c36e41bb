"""What Makegood would have done with the same promises: warnings, escalations, apologies, news.

The rungs and the roles come from the rules of the live clock. What the log cannot tell, such as
whether a warning would have been heard, is not made up: only what is due by rule is counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from makegood.queries.replay.ledger import Ledger, Policies, Ruling
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import NONE, Moments, moment
from makegood.rules import escalation, workinghours
from makegood.rules.escalation import Ladder, Role
from makegood.rules.policy import Policy
from makegood.rules.severity import Severity
from makegood.rules.workinghours import Amount, Calendar, Interval, Unit

_OFFICE_DAY: Final = (Interval(opens=9 * 60, closes=17 * 60),)
_OFFICE_WEEK: Final = (_OFFICE_DAY,) * 5 + ((),) * 2


@dataclass(frozen=True, kw_only=True, slots=True)
class RungCount:
    """How often one rung would have spoken, before how many breaks, and for nothing."""

    level: int
    role: Role
    spoken: int
    before_a_break: int
    before_a_kept: int
    lead: timedelta | None
    """How long before the promised date it speaks, in the median of those that broke."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WouldHave:
    """What one policy would have made of the log's promises."""

    policy: str
    broken: int
    warned_before_break: int
    rungs: tuple[RungCount, ...]
    on_break: Mapping[Role, int]
    apologies: int
    done_before_news: int
    new_dates: int
    severities: Mapping[Severity, int]


@dataclass(slots=True)
class _Counts:
    spoken: Counter[tuple[int, Role]]
    before_a_break: Counter[tuple[int, Role]]
    before_a_kept: Counter[tuple[int, Role]]
    leads: dict[tuple[int, Role], list[timedelta]]
    on_break: Counter[Role]
    warned: int = 0
    broken: int = 0
    done_before_news: int = 0


def what_makegood_would_have_done(
    log: Log, ledgers: Sequence[Ledger], *, policies: Policies, name: str
) -> WouldHave:
    """Count what the live clock would have done at one policy, over all promised dates."""
    counts = _Counts(Counter(), Counter(), Counter(), {}, Counter())
    office = office_hours(log.clock.zone)
    for ledger in ledgers:
        breaks = _breaks_before(ledger, ledgers)
        _count(log, ledger, policies=policies, breaks=breaks, office=office, counts=counts)
    levels = Counter(log.severities.tolist())
    return WouldHave(
        policy=name,
        broken=counts.broken,
        warned_before_break=counts.warned,
        rungs=_rungs(counts),
        on_break={role: counts.on_break[role] for role in Role if counts.on_break[role]},
        apologies=counts.broken,
        done_before_news=counts.done_before_news,
        new_dates=counts.broken - counts.done_before_news,
        severities={level: levels[level] for level in Severity if levels[level]},
    )


def office_hours(zone: ZoneInfo) -> Calendar:
    """Monday to Friday, nine to five, without holidays: a log does not say which there were."""
    return Calendar(name="office hours", zone=zone, week=_OFFICE_WEEK, known_until=date.max)


def _count(
    log: Log,
    ledger: Ledger,
    *,
    policies: Policies,
    breaks: Moments,
    office: Calendar,
    counts: _Counts,
) -> None:
    if ledger.promised is None:
        return
    judged = ledger.has(Ruling.KEPT, Ruling.CLOSED_LATE, Ruling.OPEN_PAST_DUE, Ruling.STILL_OPEN)
    broken = ledger.broken
    for place in np.flatnonzero(judged).tolist():
        severity = Severity(int(log.severities[place]))
        policy = policies[severity]
        done_at = None if ledger.done[place] == NONE else moment(int(ledger.done[place]))
        due_at = moment(int(ledger.promised.due[place]))
        spoken = _spoken(
            policy.ladder,
            said_at=moment(int(log.opened[place])),
            due_at=due_at,
            ended=min(due_at, done_at or log.as_of),
        )
        if not broken[place]:
            _note_unbroken(spoken, kept=done_at is not None, counts=counts)
            continue
        _note_break(spoken, due_at=due_at, counts=counts)
        told = escalation.role_on_break(
            policy.ladder, reached=len(spoken), severity=severity, breaks=int(breaks[place])
        )
        counts.on_break[told] += 1
        counts.done_before_news += _done_before_news(due_at, done_at, policy, office)


def _spoken(
    ladder: Ladder, *, said_at: datetime, due_at: datetime, ended: datetime
) -> list[escalation.Step]:
    steps = escalation.steps(ladder, said_at=said_at, due_at=due_at)
    return [step for step in steps if step.at < ended]


def _note_unbroken(spoken: Sequence[escalation.Step], *, kept: bool, counts: _Counts) -> None:
    keys = [(step.level, step.role) for step in spoken]
    counts.spoken.update(keys)
    if kept:
        counts.before_a_kept.update(keys)


def _note_break(spoken: Sequence[escalation.Step], *, due_at: datetime, counts: _Counts) -> None:
    counts.broken += 1
    counts.warned += bool(spoken)
    for step in spoken:
        key = step.level, step.role
        counts.spoken[key] += 1
        counts.before_a_break[key] += 1
        counts.leads.setdefault(key, []).append(due_at - step.at)


def _done_before_news(
    due_at: datetime, done_at: datetime | None, policy: Policy, office: Calendar
) -> bool:
    """Whether the deed itself came before a new date had to be told."""
    if done_at is None:
        return False
    shortest, longest = _reach(policy.news_within)
    if not shortest < done_at - due_at <= longest:
        return done_at - due_at <= shortest
    return done_at <= workinghours.due_after(due_at, policy.news_within, calendar=office)


def _reach(amount: Amount) -> tuple[timedelta, timedelta]:
    """Spans that an amount never undercuts and never exceeds: they spare most of the counting.

    A working day ends no sooner than the day that the clocks shorten, and no later than in a week
    after the next opening.
    """
    if amount.unit is Unit.WORKING_DAYS:
        return amount.quantity * timedelta(hours=23), (amount.quantity + 1) * timedelta(days=7)
    return timedelta(0), timedelta.max


def _breaks_before(ledger: Ledger, ledgers: Sequence[Ledger]) -> Moments:
    """For each request, its broken promises up to this one's date, this one included."""
    breaks = np.ones(len(ledger.rulings), dtype=np.int64)
    for other in ledgers:
        if other is not ledger and other.promised is not None and ledger.promised is not None:
            breaks += other.broken & (other.promised.due < ledger.promised.due)
    return breaks


def _rungs(counts: _Counts) -> tuple[RungCount, ...]:
    return tuple(
        RungCount(
            level=level,
            role=role,
            spoken=counts.spoken[level, role],
            before_a_break=counts.before_a_break[level, role],
            before_a_kept=counts.before_a_kept[level, role],
            lead=_median(counts.leads.get((level, role), [])),
        )
        for level, role in sorted(
            counts.spoken, key=lambda key: (key[0], tuple(Role).index(key[1]))
        )
    )


def _median(spans: list[timedelta]) -> timedelta | None:
    return sorted(spans)[len(spans) // 2] if spans else None
