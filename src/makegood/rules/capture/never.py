"""Sentences that promise nothing, whatever words of what is to come stand in them.

What somebody else said or asked, what is expressly not promised, what ought to have happened, and
what rules give to everybody. The weights cannot learn these: each is rare where they learn from.
"""

import re
from collections.abc import Sequence
from typing import Final

_OTHERS: Final = (
    r"(?:you|he|she|they|(?:the |our )?(?:customer|cust|caller|tenant|client|resident|passenger"
    r"|guest|patient))"
)
_THEIRS: Final = re.compile(
    rf"^(?:and |but |so |as )?{_OTHERS}(?: also| then| just| had|'d| have|'ve)?"
    r" (?:(?:said|says|claims?|claimed|thinks?|thought)(?: that)? (?:you|he|she|they|it)"
    r"(?: will|'ll| would|'d| are going to| is going to)"
    r"|(?:asks?|asked|wonders?|wondered|wants? to know)(?: \w+)? (?:whether|if|when|why|how)) "
)
_NOT_PROMISED: Final = re.compile(
    r"^(?:(?:unfortunately|sadly|sorry|i'm afraid|but|and|so),? )*(?:i|we)(?:'m| am|'re| are)?"
    r" (?:can ?not|can't|could not|couldn't|not able to|unable to|won't be able to|do not|don't)"
    r"(?: \w+)? (?:promise|guarantee|commit to|say when|tell you when|know when|give (?:you )?an?"
    r" (?:exact |firm |definite )?(?:date|time))\b"
)
_DONE: Final = (
    r" have (?:already |now |been )*"
    r"(?:\w+ed|been|come|gone|got|had|heard|sent|told|seen|made|done|given|paid|left|rung|found)\b"
)
# Unlike what would have happened, it is promised if its time has yet to come.
_OUGHT_TO_HAVE: Final = re.compile(rf"\b(?:should|ought to){_DONE}")
# "It should have come on Monday" is of the Monday that is past, whichever may be read in it.
_BARE_DAY: Final = re.compile(
    r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?"
)
_WOULD_HAVE: Final = re.compile(rf"\b(?:must|would|could|might){_DONE}")
_OF_ALL: Final = re.compile(
    r"^(?:all |any |most )?(?:customers|passengers|residents|people|users|guests|members|tenants"
    r"|patients|those|anyone|anybody|whoever) (?:(?:who|that|with|whose|in|on|from)\b[^.]{1,80} )?"
    r"(?:is|are|may|can|must|have|has) (?:entitled|eligible|cancel|claim|apply|have to|to |get|ask)"
)
_OPENINGS: Final = (_THEIRS, _NOT_PROMISED, _OF_ALL)
_WILL_BE: Final = re.compile(r"\b(?:will|shall|going to)\b|'ll\b")
_WILL: Final = re.compile(r"\b(?:will|shall|should|going to)\b|'ll\b")
# Where another clause may begin, in which something is promised: "we cannot say when, but ...".
_CUT: Final = re.compile(
    r"[,;:()]| - |\b(?:and|but|so|yet|still|only|as|because|since|while|whereas|though|although"
    r"|however)\b"
)
Place = tuple[int, int]


def promises_nothing(folded: str, *, ahead: Sequence[Place] = ()) -> bool:
    """Whether a folded sentence is one of these, with nothing promised beside it.

    :param ahead: where in it the times stand that are still to come.
    """
    if any(_is_all(pattern.search(folded), folded, ahead) for pattern in _OPENINGS):
        return True
    if _WILL_BE.search(folded):
        return False
    if _OUGHT_TO_HAVE.search(folded):
        return all(_BARE_DAY.fullmatch(folded, *place) for place in ahead)
    return _WOULD_HAVE.search(folded) is not None


def _is_all(opening: re.Match[str] | None, folded: str, ahead: Sequence[Place]) -> bool:
    """Whether no later clause, whoever acts in it, has a word or a time of what is to come."""
    if opening is None:
        return False
    cut = _CUT.search(folded, opening.end())
    if cut is None:
        return True
    is_dated = any(first >= cut.end() for first, _ in ahead)
    return not is_dated and _WILL.search(folded, cut.end()) is None
