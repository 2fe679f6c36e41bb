"""What makes a no an honest one: it says that we do not, never that we cannot, and offers more."""

import re

from makegood.rules.askings import AskingError
from makegood.rules.wording.check import check
from makegood.rules.wording.findings import Level


class WantAnsweredError(AskingError):
    """This wish was answered already."""


class NoAlternativeError(AskingError):
    """An honest no comes with what is offered instead."""


class NoReasonError(AskingError):
    """Say to the customer what we do not do, and why."""


class CannotForWillNotError(AskingError):
    """Never “can't” for “won't”: say what we do not do and why, or do it."""


_NEVER_IN_A_NO = frozenset({"GRUDGE", "BLAME", "DOUBT", "LIMIT_TALK", "COLLEAGUE"})
"""What is only a warning elsewhere hurts most beside a no."""


def check_no(words: str, *, instead: str) -> None:
    """Refuse a no that hides behind “can't”, blames, or leaves the customer with nothing.

    :raises NoReasonError: if there are no words.
    :raises NoAlternativeError: if nothing is offered instead.
    :raises CannotForWillNotError: if the words refuse as if we could not.
    """
    if not words.strip():
        raise NoReasonError
    if not instead.strip():
        raise NoAlternativeError
    for finding in check(f"{words} {instead}").findings:
        if finding.rule == "CANT":
            raise CannotForWillNotError
        if finding.level is Level.BLOCK or finding.rule in _NEVER_IN_A_NO:
            raise AskingError(f"{finding.reason} {finding.better}")


_GRANTED_FIRST = re.compile(
    r"\b(?:refund|re-?imburs|repa(?:y|id)|pay(?! a visit)|paid|credit|compensat|money|cash|discount"
    r"|waive|rebate|voucher|gift ?cards?|coupon|percent|per cent|half|off your|months?|years?"
    r"|weeks?|in full|full (?:refund|price|amount|sum|cost)|entitle|approv|grant|accept|agreed)"
    r"|[£$€%]|\d+ ?(?:GBP|EUR|USD|pounds?|euros?|dollars?|pence)\b",
    re.IGNORECASE,
)


def is_granted_first(words: str) -> bool:
    """Whether what is offered may be money or a right, which stand on record before their words."""
    return _GRANTED_FIRST.search(words) is not None
