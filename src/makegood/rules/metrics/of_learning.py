"""The metrics of what the company knows and learns: M17, M29 and M30."""

from collections.abc import Iterable, Iterator

from makegood.rules.claims import ClaimOutcome
from makegood.rules.metrics.facts import Case, Doubted
from makegood.rules.metrics.samples import Sample, minutes

RAISED, AGAIN, AFTER = "raised", "again", "after"
SOURCE, COST, ENDED = "source:", "cost:", "ended:"


def count(case: Case) -> Iterator[Sample]:
    """All of them for one case."""
    yield from _honoured(case)
    yield from doubted(case.doubts)
    yield from _changed(case)


def _honoured(case: Case) -> Iterator[Sample]:
    """M17: of the promises that came to light late, those done as promised; open ones are missing.

    What the customer let go of was neither honoured nor refused, and is found all the same.
    """
    for one in case.late:
        is_honoured = int(one.outcome == ClaimOutcome.HONOURED) if one.outcome else None
        yield Sample(metric="M17", at=one.at, value=1, key=f"{SOURCE}{one.source}")
        if one.outcome != ClaimOutcome.LET_GO:
            yield Sample(metric="M17", at=one.at, value=is_honoured)
        if one.outcome and not is_honoured:
            yield Sample(metric="M17", at=one.at, value=1, key=f"{ENDED}{one.outcome}")
        if one.cost_minor:
            yield Sample(metric="M17", at=one.at, value=one.cost_minor, key=f"{COST}{one.currency}")


def doubted(doubts: Iterable[Doubted]) -> Iterator[Sample]:
    """M29: from a doubt that was an error until it was put right; all doubts count beside it."""
    for one in doubts:
        yield Sample(metric="M29", at=one.at, value=1, key=RAISED)
        if one.is_again:
            yield Sample(metric="M29", at=one.at, value=1, key=AGAIN)
        if one.is_error:
            took = minutes(one.fixed_at - one.at) if one.fixed_at else None
            yield Sample(metric="M29", at=one.at, value=took)


def _changed(case: Case) -> Iterator[Sample]:
    """M30: of the cases whose cause is known, those that led to a change; those after it beside."""
    known = case.learned
    if known is None:
        return
    is_after = known.changed_at is not None and case.failed_at > known.changed_at
    yield Sample(metric="M30", at=known.at, value=int(known.changed_at is not None))
    if is_after:
        yield Sample(metric="M30", at=known.at, value=1, key=AFTER)
