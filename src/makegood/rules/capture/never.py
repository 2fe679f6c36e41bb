"""Sentences that promise nothing, whatever words of what is to come stand in them.

What somebody else said or asked, what is expressly not promised, what ought to have happened, and
what rules give to everybody. The weights cannot learn these: each is rare where they learn from.
"""

import re
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
_OUGHT_TO_HAVE: Final = re.compile(
    r"\b(?:should|ought to|must|would|could|might) have (?:already |now |been )*"
    r"(?:\w+ed|been|come|gone|got|had|heard|sent|told|seen|made|done|given|paid|left|rung|found)\b"
)
_OF_ALL: Final = re.compile(
    r"^(?:all |any |most )?(?:customers|passengers|residents|people|users|guests|members|tenants"
    r"|patients|those|anyone|anybody|whoever) (?:(?:who|that|with|whose|in|on|from)\b[^.]{1,80} )?"
    r"(?:is|are|may|can|must|have|has) (?:entitled|eligible|cancel|claim|apply|have to|to |get|ask)"
)
# What is promised beside it: "we cannot say when, but we will call you".
_BESIDE: Final = re.compile(
    r"(?:,|;|:| but| and| so| -) (?:(?:but|and|so) )?(?:\w+ )?(?:i|we)(?:'ll| will| shall|'m going"
    r"| am going|'re going| are going| promised)\b"
)
_WILL: Final = re.compile(r"\b(?:will|shall|going to)\b|'ll\b")


def promises_nothing(folded: str) -> bool:
    """Whether a folded sentence is one of these, with nothing promised beside it."""
    if _BESIDE.search(folded):
        return False
    if _THEIRS.search(folded) or _NOT_PROMISED.search(folded) or _OF_ALL.search(folded):
        return True
    return _OUGHT_TO_HAVE.search(folded) is not None and _WILL.search(folded) is None
