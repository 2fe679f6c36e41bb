"""Times that are given up for others: "moved from Monday to Wednesday", "not at five but at three".

Such a pair is no range. The new time is what is said, and the old one is what was.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from makegood.rules.timewords.grammar import KINDS
from makegood.rules.timewords.moment import TimeWords

FORMER: Final = "former"
"""The kind of time words that were true before the change that a text tells."""

_CHANGE: Final = (
    r"\b(?:mov|chang|reschedul|rebook|re-?arrang|push|bring|brought|shift|postpon|defer|switch|swap"
    r"|put back|amend|slip)[a-z]{0,6}\b"
)
# What was changed, up to its times: in the same clause, with nothing else done in it.
_IT: Final = r"(?:(?!\b(?:will|shall|and|but)\b|'ll\b)[^,.;!?\n])"
_FROM_TO: Final = re.compile(
    rf"(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bany ){_CHANGE}(?P<it>{_IT}{{0,80}}?)"
    r"\bfrom (?P<old>[^.;!?\n]{1,60}?)"
    r"(?P<to> (?:to|until|till) )(?:the |around |about |now )?(?=\d|[a-z])"
)
_DAYS: Final = (
    "iso", "slash", "dotted", "daymonth", "monthday", "dayonly", "weekday", "dayword", "period",
)  # fmt: skip
# "Moved to Wednesday from 8 to 12": the day is the new one, and its hours are a range.
_NEW_DAY_OR_CLAUSE: Final = re.compile(
    r":(?!\d)|\b(?:" + "|".join(KINDS[kind] for kind in _DAYS) + ")"
)
_TO: Final = re.compile(
    rf"(?:{_CHANGE}|\bdelay[a-z]{{0,3}}\b){_IT}{{0,140}} (?:to|until|till|for)(?: the)? $"
)
_INSTEAD_OF: Final = re.compile(
    r"\b(?:instead of|rather than|in place of|as opposed to)(?: the| your)?(?: (?:original|earlier"
    r"|previous|planned|usual|agreed|promised|booked|old))? $"
)
_NOT: Final = re.compile(r"(?:\bnot|\bno longer|n't) $")
# "Not coming on Monday but on Friday": nothing but a word of coming beside the two times.
_NOT_COMING: Final = re.compile(
    r"(?:\bnot|\bno longer|n't) (?:be )?(?:(?:come|coming|arrive|arriving|call|calling|visit"
    r"|visiting|deliver|delivering|there|with you|here) )?$"
)
_BUT: Final = re.compile(r",? but (?:rather |instead |now )?(?:on |at )?")
# "Not until Monday" is on Monday, and "not by five" says nothing of another time.
_BOUND: Final = re.compile(r"(?:until|till|before|after|by|within|later|sooner|for|only|just)\b")
_LOOKS_BACK: Final = 60
_FAR: Final = 200
_NEAR: Final = 10


def parted(folded: str) -> str:
    """The text with the "to" of each change blanked out in place, so that nothing reads a range."""
    if " from " not in folded:
        return folded
    letters = list(folded)
    for change in _changes(folded):
        first, last = change.span("to")
        letters[first + 1 : last - 1] = "|" * (last - first - 2)
    return "".join(letters)


def former(found: Sequence[TimeWords], *, folded: str) -> frozenset[int]:
    """Where the time words begin that a text gives up; places are those of the folded text."""
    left = {one.start for one in found if _is_left(one, found, folded)}
    for change in _changes(folded):
        first, last = change.start("old") - len("from "), change.end("old")
        after = change.end("to")
        is_time = any(after <= one.start <= after + _NEAR for one in found)
        left |= {one.start for one in found if is_time and first <= one.start and one.end <= last}
    return frozenset(left)


def _changes(folded: str) -> Iterator[re.Match[str]]:
    for one in _FROM_TO.finditer(folded):
        if _NEW_DAY_OR_CLAUSE.search(one["it"]) is None:
            yield one


def is_new(folded: str, start: int) -> bool:
    """Whether something was changed to the time that begins there."""
    return _TO.search(folded[max(0, start - _FAR) : start]) is not None


def _is_left(one: TimeWords, found: Sequence[TimeWords], folded: str) -> bool:
    before = folded[max(0, one.start - _LOOKS_BACK) : one.start]
    if _BOUND.match(folded, one.start):
        return False
    if _INSTEAD_OF.search(before) or _NOT.search(before):
        return True
    return _NOT_COMING.search(before) is not None and _is_for_another(one, found, folded)


def _is_for_another(one: TimeWords, found: Sequence[TimeWords], folded: str) -> bool:
    """Whether "but" and another time follow right after."""
    but = _BUT.match(folded, one.end)
    if but is None:
        return False
    return any(one.end < other.start <= but.end() < other.end for other in found)
