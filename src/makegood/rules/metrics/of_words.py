"""The metrics of the company's word: M01 to M04, M11 to M13, M31 and M32, and who broke it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from makegood.rules.metrics.facts import Case, Passed, Statement, Word
from makegood.rules.metrics.samples import RANGES, SPEAKERS, Sample, first_after, minutes
from makegood.rules.promises import Outcome

_WIDTHS = (
    (timedelta(hours=2), "2h"),
    (timedelta(hours=6), "6h"),
    (timedelta(days=1, hours=1), "day"),
    (timedelta(days=7, hours=1), "week"),
)
NEWS = "news"
NOT_OF_THE_REPAIR = {NEWS, "callback", "redress"}
BY_MACHINE, BY_PERSON, BY_RULE = "automatic", "person", "rule:"
PROVISIONAL = "provisional"
SEVERITY = "severity:"


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    for word in case.words:
        yield from _of_word(case, word)
    yield from _of_statements(case)
    yield from _first_true_date(case)
    yield from _silence(case)
    for passed in case.passes:
        yield from _of_wording(passed)


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
        if not word.is_past:
            yield Sample(metric="M03", at=at, value=int(_was_silent(case, word)))
        yield _apology(case, after=min(word.due_at, word.known_at or word.due_at))
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
    """M04: each message is true or false; the one nearest to a false statement is that one."""
    true = [touch.at for touch in case.touches if touch.is_outbound]
    for said in case.false_statements:
        if true:
            true.remove(min(true, key=lambda at: abs(at - said.at)))
        yield Sample(metric="M04", at=said.at, value=1)
        yield Sample(metric="M04", at=said.at, value=1, key=_by(said))
    for at in true:
        yield Sample(metric="M04", at=at, value=0)


def _by(said: Statement | Passed) -> str:
    return BY_MACHINE if said.is_automatic else BY_PERSON


def _of_wording(passed: Passed) -> Iterator[Sample]:
    """M31: whether the gate had nothing to say; beside it by whom, and what it warned of."""
    clean = int(not passed.warned_of)
    yield Sample(metric="M31", at=passed.at, value=clean)
    yield Sample(metric="M31", at=passed.at, value=clean, key=_by(passed))
    for rule in passed.warned_of:
        yield Sample(metric="M31", at=passed.at, value=1, key=f"{BY_RULE}{rule}")


def _first_true_date(case: Case) -> Iterator[Sample]:
    """M12: a date of the repair proves true when that comes inside it; a date for a date is none.

    Those stand beside it.
    """
    dates = [word for word in case.words if word.kind not in NOT_OF_THE_REPAIR]
    if dates:
        yield _first_true(case, dates)
    news = [word for word in case.words if word.kind == NEWS and _proved_true(word)]
    if news:
        yield _first_true(case, news, key=PROVISIONAL)


def first_true_date(case: Case) -> Word | None:
    """The word whose date for putting it right was the first that proved true (M12)."""
    return _first(word for word in case.words if word.kind not in NOT_OF_THE_REPAIR)


def _first_true(case: Case, dates: Iterable[Word], *, key: str = "") -> Sample:
    first = _first(dates)
    value = minutes((first.dated_at or first.said_at) - case.known_at) if first else None
    return Sample(metric="M12", at=case.known_at, value=value, key=key)


def _first(dates: Iterable[Word]) -> Word | None:
    true = (word for word in dates if _proved_true(word))
    return min(true, key=lambda word: word.dated_at or word.said_at, default=None)


def _proved_true(word: Word) -> bool:
    is_before = word.earliest_at and word.settled_at and word.settled_at < word.earliest_at
    return word.outcome is Outcome.KEPT and not is_before


def _silence(case: Case) -> Iterator[Sample]:
    """M13: the longest time without a word while a case was open, once it has closed.

    The silence of an open case grows with time alone; its words so far would make it look short.
    """
    heard = sorted(t.at for t in case.touches if t.is_outbound and not t.is_receipt)
    gaps, last = [], None
    for start, end in _open(case):
        inside = [at for at in heard if start < at < end]
        gaps += [later - earlier for earlier, later in pairwise([start, *inside, end])]
        last = end
    if last is not None:
        longest = minutes(max(gaps))
        yield Sample(metric="M13", at=last, value=longest)
        if case.severity:
            yield Sample(metric="M13", at=last, value=longest, key=f"{SEVERITY}{case.severity}")


def _open(case: Case) -> Iterator[tuple[datetime, datetime]]:
    """From when until when the case was open, each time that it was closed."""
    closings = [closing for closing in case.closings if not closing.is_mistake]
    opened = [case.known_at, *(closing.reopened_at for closing in closings)]
    for start, closing in zip(opened, closings, strict=False):
        if start is not None:
            yield start, closing.at
