"""The metrics of the company's word: M01 to M04, M11 to M13, M31 and M32, and who broke it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from makegood.rules.metrics.facts import Case, Statement, Word
from makegood.rules.metrics.samples import RANGES, SPEAKERS, Sample, first_after, minutes
from makegood.rules.promises import Outcome

_WIDTHS = (
    (timedelta(hours=2), "2h"),
    (timedelta(hours=6), "6h"),
    (timedelta(days=1, hours=1), "day"),
    (timedelta(days=7, hours=1), "week"),
)
NEWS = "news"


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    for word in case.words:
        yield from _of_word(case, word)
    yield from _of_statements(case)
    yield from _first_true_date(case)
    yield from _silence(case)
    for passed in case.passes:
        yield Sample(metric="M31", at=passed.at, value=int(passed.warnings == 0))


def is_kept(word: Word) -> bool | None:
    """Whether a promise counts as kept (M01); None while it is open, and if it was let go.

    Kept is done in time, or changed beforehand with the customer's consent. What was put off
    without asking them is broken, even when they were told.
    """
    if word.moved_alone:
        return False
    if word.outcome in {Outcome.KEPT, Outcome.REPLACED}:
        return True
    return False if word.outcome is Outcome.BROKEN else None


def repeats(words: tuple[Word, ...]) -> tuple[Statement, ...]:
    """The promises that said once more what had been promised and broken, and broke again (M04)."""
    return tuple(
        Statement(at=word.said_at, is_automatic=word.is_automatic)
        for word in words
        if word.outcome is Outcome.BROKEN
        and word.kind != NEWS
        and any(_broke_before(earlier, word) for earlier in words)
    )


def _broke_before(earlier: Word, word: Word) -> bool:
    return (
        earlier.kind == word.kind
        and earlier.outcome is Outcome.BROKEN
        and earlier.due_at <= word.said_at
    )


def _of_word(case: Case, word: Word) -> Iterator[Sample]:
    # Whoever records a promise here gives it a due time: those without stand in no list.
    yield Sample(metric="M02", at=word.said_at, value=1)
    kept = is_kept(word)
    if kept is None:
        return
    at = word.first_due_at if word.moved_alone else word.due_at
    yield Sample(metric="M01", at=at, value=int(kept))
    for key in (word.who, *word.through):
        yield Sample(metric=SPEAKERS, at=at, value=int(kept), key=key)
    if word.kind == "callback":
        yield Sample(metric="M32", at=at, value=int(kept))
    if word.outcome is Outcome.BROKEN:
        yield Sample(metric="M03", at=at, value=int(_was_silent(case, word)))
        yield _apology(case, after=word.due_at)
    yield from _range(word)


def _was_silent(case: Case, word: Word) -> bool:
    """Whether nothing about it reached the customer between the word and its due time.

    What only gave the word itself is nothing new, and a machine's answer that gives another word
    says nothing about this one.
    """
    return not any(
        touch.is_outbound
        and not touch.is_receipt
        and touch.tells != word.id
        and (touch.tells is None or not touch.is_automatic)
        and word.said_at < touch.at <= word.due_at
        for touch in case.touches
    )


def _apology(case: Case, *, after: datetime) -> Sample:
    sorry = first_after(case.apologies, after)
    value = minutes(sorry - after) if sorry else None
    return Sample(metric="M11", at=after, value=value)


def _range(word: Word) -> Iterator[Sample]:
    if word.earliest_at is None or word.kind == NEWS or word.outcome is Outcome.REPLACED:
        return
    settled = word.settled_at or word.due_at
    hit = 1 if word.outcome is Outcome.BROKEN else -1 if settled < word.earliest_at else 0
    yield Sample(
        metric=RANGES, at=word.due_at, value=hit, key=_width(word.due_at - word.earliest_at)
    )


def _width(width: timedelta) -> str:
    return next((name for limit, name in _WIDTHS if width <= limit), "longer")


def _of_statements(case: Case) -> Iterator[Sample]:
    """M04: each message counts as true, and beside them each that is known to be false."""
    for touch in case.touches:
        if touch.is_outbound:
            yield Sample(metric="M04", at=touch.at, value=0)
    for said in case.false_statements:
        yield Sample(metric="M04", at=said.at, value=1)
        by = "automatic" if said.is_automatic else "person"
        yield Sample(metric="M04", at=said.at, value=1, key=by)


def _first_true_date(case: Case) -> Iterator[Sample]:
    """M12: a date proves true when it is kept; news of news is no date of the repair."""
    dates = [word for word in case.words if word.kind != NEWS]
    if not dates:
        return
    said = min((word.said_at for word in dates if word.outcome is Outcome.KEPT), default=None)
    value = minutes(said - case.known_at) if said else None
    yield Sample(metric="M12", at=case.known_at, value=value)


def _silence(case: Case) -> Iterator[Sample]:
    """M13: the longest time without a word while a case was open, once it has closed."""
    if not case.closings:
        return
    end = case.closings[-1].at
    heard = sorted(t.at for t in case.touches if t.is_outbound and not t.is_receipt)
    inside = [at for at in heard if case.known_at < at < end]
    gaps = [later - earlier for earlier, later in pairwise([case.known_at, *inside, end])]
    yield Sample(metric="M13", at=end, value=minutes(max(gaps)))
