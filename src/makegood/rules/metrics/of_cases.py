"""The metrics of how a failure was dealt with: effort, owners, closing, reopening, the top."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from makegood.rules.metrics.facts import Case
from makegood.rules.metrics.of_words import NOT_OF_THE_REPAIR
from makegood.rules.metrics.samples import CAUSES, Sample, first_after, minutes
from makegood.rules.promises import Outcome

REOPENED_WITHIN = timedelta(days=30)
FAILED_AGAIN_WITHIN = timedelta(days=90)
BEHIND = "behind"


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    yield from _effort(case)
    yield from _beginning(case)
    yield from _closings(case)
    yield from _fixed(case)
    yield from _satisfied(case)
    if case.executive_at is not None:
        by_rule = int(case.executive_by_rule)
        yield Sample(metric="M26", at=case.executive_at, value=by_rule)


def contacts_of_customer(case: Case) -> int:
    """How often the customer had to turn to us (M06); their answer to our question is none."""
    return sum(not touch.is_outbound and not touch.is_answer for touch in case.touches)


def customer_minutes(case: Case) -> int:
    """The minutes that the failure took from the customer (M08)."""
    return sum(touch.minutes for touch in case.touches)


def _effort(case: Case) -> Iterator[Sample]:
    contacts, lost = contacts_of_customer(case), customer_minutes(case)
    yield Sample(metric="M06", at=case.known_at, value=contacts)
    # Once somebody had to turn to us it is a no; without that it is not known until it is over.
    unasked = 0 if contacts else 1 if case.closings else None
    yield Sample(metric="M07", at=case.known_at, value=unasked)
    yield Sample(metric="M08", at=case.known_at, value=lost)
    if any(touch.is_estimated for touch in case.touches):
        guessed = sum(touch.minutes for touch in case.touches if touch.is_estimated)
        yield Sample(metric="M08", at=case.known_at, value=guessed, key="estimated")
    if case.cause:
        yield Sample(metric=CAUSES, at=case.known_at, value=lost, key=case.cause)


def _beginning(case: Case) -> Iterator[Sample]:
    sorry = first_after(case.apologies, case.known_at)
    value = minutes(sorry - case.known_at) if sorry else None
    yield Sample(metric="M10", at=case.known_at, value=value)
    if not any(word.outcome is Outcome.BROKEN for word in case.words):
        # A promise that broke has a latency of its own, from when it fell due.
        since = minutes(sorry - case.failed_at) if sorry else None
        yield Sample(metric="M11", at=case.failed_at, value=since)
    yield Sample(metric="M14", at=case.known_at, value=case.handovers)
    yield Sample(metric="M24", at=case.known_at, value=len(case.apologies))
    yield Sample(metric="M25", at=case.known_at, value=case.reports)


def _closings(case: Case) -> Iterator[Sample]:
    for closing in case.closings:
        if closing.is_mistake:
            continue
        reopened = _within(closing.reopened_at, closing.at, REOPENED_WITHIN)
        failed = any(_within(at, closing.at, FAILED_AGAIN_WITHIN) for at in case.again)
        yield Sample(metric="M05", at=closing.at, value=int(closing.owners == 1 and not reopened))
        yield Sample(metric="M19", at=closing.at, value=int(reopened or failed))
        yield Sample(metric="M27", at=closing.at, value=int(not closing.was_asked))
        yield Sample(metric="M28", at=closing.at, value=int(closing.by_parting))


def _within(moment: datetime | None, start: datetime, limit: timedelta) -> bool:
    return moment is not None and start <= moment <= start + limit


def _fixed(case: Case) -> Iterator[Sample]:
    """M15: fixed by the last thing done that was promised for it, else when the case closed.

    Beside it, whether that was after the first date promised for it. A callback, money and a date
    for a date put nothing right.
    """
    if not case.closings:
        return
    end = case.closings[-1].at
    words = [word for word in case.words if word.kind not in NOT_OF_THE_REPAIR]
    done = [
        word.settled_at
        for word in words
        if word.outcome is Outcome.KEPT and word.settled_at is not None and word.settled_at <= end
    ]
    fixed_at = max(done, default=end)
    yield Sample(metric="M15", at=end, value=minutes(fixed_at - case.failed_at))
    first = min(words, key=lambda word: word.said_at, default=None)
    if first is not None and fixed_at > first.first_due_at:
        yield Sample(metric="M15", at=end, value=1, key=BEHIND)


def _satisfied(case: Case) -> Iterator[Sample]:
    """M18: of everybody who was asked, those who said yes; who has not answered yet is missing."""
    for place, asked in enumerate(case.asked):
        until = case.asked[place + 1] if place + 1 < len(case.asked) else case.as_of
        ends = [closing for closing in case.closings if asked <= closing.at <= until]
        is_waiting = not ends and until == case.as_of
        yes = any(closing.by_yes and closing.reopened_at is None for closing in ends)
        yield Sample(metric="M18", at=asked, value=None if is_waiting else int(yes))
