"""What stands beside the figures as their parts: widths, limits, reasons, answers, what is extra.

Each says what makes its metric look better than it is, so that nobody has to guess.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from makegood.rules import attempts
from makegood.rules.metrics.facts import Case, Word
from makegood.rules.metrics.of_words import NEWS, first_true_date
from makegood.rules.metrics.samples import Sample, minutes
from makegood.rules.promises import Outcome

WIDTH: Final = "width"
OVER: Final = "over:"
ANSWERED: Final = "answered"
WANTS: Final = "wants"
FIRST: Final = "first"
REACHED: Final = "reached"
UPHELD: Final = "upheld"
TOLD_AGAIN: Final = "told_again"
STAFF_TIME: Final = "stafftime"
"""M16: the minutes for which staff spoke with customers; what an hour costs is assumed."""
LATE_EXTRAS: Final = "extras"
"""M23: what a scheme added because its money came late, by currency."""
BESIDE: Final = {"M16": (STAFF_TIME,), "M23": (LATE_EXTRAS,)}
"""What is counted beside a metric in a unit of its own."""


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    yield from _width(case)
    yield from _told_again(case)
    yield from _limits(case)
    yield from _answers(case)
    yield from _first_act(case)
    yield from _reached(case)
    yield from _upheld(case)
    yield from _extras(case)


def _width(case: Case) -> Iterator[Sample]:
    """M12: how wide the first true date was: its window, or all the time until it was due."""
    word = first_true_date(case)
    if word is not None:
        begins = word.earliest_at or word.dated_at or word.said_at
        width = minutes(word.due_at - begins)
        yield Sample(metric="M12", at=case.known_at, value=width, key=WIDTH)


def _told_again(case: Case) -> Iterator[Sample]:
    """M14: the contacts in which a customer had to tell again what was on record."""
    for touch in case.touches:
        if touch.told_again:
            yield Sample(metric="M14", at=touch.at, value=1, key=TOLD_AGAIN)


def _limits(case: Case) -> Iterator[Sample]:
    """M13: whether a case came past the limit of its severity, once it has closed.

    The limit is promised to the customer as the next news, in the hours of the office; so a case
    is past it when such a promise broke.
    """
    closed = max((each.at for each in case.closings if not each.is_mistake), default=None)
    if closed is not None and case.severity:
        is_over = any(word.kind == NEWS and word.outcome is Outcome.BROKEN for word in case.words)
        yield Sample(metric="M13", at=closed, value=int(is_over), key=f"{OVER}{case.severity}")


def _answers(case: Case) -> Iterator[Sample]:
    """M18: whether who was asked answered at all, and what became of what they wanted besides."""
    for round_ in case.rounds:
        if round_.is_answered is not None:
            answered = int(round_.is_answered)
            yield Sample(metric="M18", at=round_.at, value=answered, key=ANSWERED)
    for want in case.wants:
        yield Sample(metric="M18", at=want.at, value=1, key=WANTS)
        yield Sample(metric="M18", at=want.at, value=1, key=f"{WANTS}:{want.became}")


def _first_act(case: Case) -> Iterator[Sample]:
    """M25: how many reports had come in before a person did anything; none has no figure yet."""
    if case.reported:
        first = min(_acts(case), default=None)
        before = sum(at <= first for at in case.reported) if first else None
        yield Sample(metric="M25", at=case.known_at, value=before, key=FIRST)


def _acts(case: Case) -> Iterator[datetime]:
    yield from (word.said_at for word in case.words if not word.is_automatic)
    yield from (touch.at for touch in case.touches if touch.is_outbound and not touch.is_automatic)
    yield from case.handed


def _reached(case: Case) -> Iterator[Sample]:
    """M32: of the callbacks that were made, those in which somebody was reached."""
    for word in case.words:
        if word.kind == "callback" and word.outcome is Outcome.KEPT:
            reached = int(_was_reached(case, word))
            yield Sample(metric="M32", at=word.due_at, value=reached, key=REACHED)


def _was_reached(case: Case, word: Word) -> bool:
    """Not if it counts as made by attempts alone, and nobody was spoken to after the last."""
    tried = [one.attempt for one in case.unanswered if one.promise == word.id]
    if not attempts.are_enough(tried, due=word.due_at):
        return True
    last, until = max(one.at for one in tried), word.settled_at or word.due_at
    return any(last < at <= until for at in _spoken(case))


def _spoken(case: Case) -> Iterable[datetime]:
    ours = (one for one in case.touches if one.is_outbound and not one.is_automatic)
    return (touch.at for touch in ours if touch.is_aloud)


def _upheld(case: Case) -> Iterator[Sample]:
    """M28: of the ends without a yes that somebody outside decided on, those that did not stand."""
    for closing in case.closings:
        if closing.review is not None and not closing.is_mistake:
            upheld = int(closing.review.is_upheld)
            yield Sample(metric="M28", at=closing.review.at, value=upheld, key=UPHELD)


def _extras(case: Case) -> Iterator[Sample]:
    for touch in case.touches:
        if touch.staff_minutes:
            yield Sample(metric=STAFF_TIME, at=touch.at, value=touch.staff_minutes)
    for given in case.remedies:
        if given.is_extra and not given.is_released:
            minor, currency = given.amount_minor, given.currency
            yield Sample(metric=LATE_EXTRAS, at=given.at, value=minor, key=currency)
