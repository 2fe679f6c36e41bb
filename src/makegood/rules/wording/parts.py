"""What a message on an open case must hold: a date, a name, a next step; and only true dates."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

from makegood.rules.calendars import local
from makegood.rules.timewords.moment import Frame, TimeWords
from makegood.rules.wording.findings import Context, Finding, Level
from makegood.rules.wording.rule import NEXT_BY_US

_NEXT_BY_US: Final = re.compile(NEXT_BY_US)
_A_NAME: Final = re.compile(
    r"\bmy name is \w|\bthis is \w+ from\b|\bi am your contact\b|\bi own this\b"
)
_LONGEST_WINDOW: Final = timedelta(days=62)


def missing_parts(
    folded: str, *, times: tuple[TimeWords, ...], length: int, context: Context
) -> Iterator[Finding]:
    """The parts that a message on an open case lacks. Silent unless the case is known as open."""
    if not context.open_case:
        return
    if not any(words.meaning.due for words in times):
        yield _missing(
            "NO_DATE", length, "It names no date.", "Say by when, or by when there is a date."
        )
    named = context.owner and context.owner.lower() in folded
    if not named and not _A_NAME.search(folded):
        yield _missing("NO_OWNER", length, "Nobody signs it.", "Sign with the owner's name.")
    if not _NEXT_BY_US.search(folded):
        yield _missing(
            "NO_NEXT", length, "It names no next step by us.", "Say what we do next, and when."
        )


def _missing(rule: str, length: int, reason: str, better: str) -> Finding:
    # A thing that is missing has no place of its own: the finding spans the whole message.
    return Finding(rule=rule, level=Level.WARN, start=0, end=length, reason=reason, better=better)


def untrue_dates(
    times: Iterable[TimeWords], *, frame: Frame, context: Context
) -> Iterator[Finding]:
    """The dates without a truth source. Silent unless the true dates are known."""
    if context.true_dates is None:
        return
    for words in times:
        due, earliest = words.meaning.due, words.meaning.earliest
        if due is None or words.is_past:
            continue
        last = local(due, zone=frame.zone).date()
        first = local(earliest, zone=frame.zone).date() if earliest else last
        if last - first > _LONGEST_WINDOW or any(
            first <= day <= last for day in context.true_dates
        ):
            continue
        yield Finding(
            rule="OVERPROMISE",
            level=Level.WARN,
            start=words.start,
            end=words.end,
            reason="No schedule, visit or plan has this date.",
            better='Give a date that is planned, or say "a date by" a time.',
        )
