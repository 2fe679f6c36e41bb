"""How far money has come: what a sentence about an amount rests on, and what is true instead.

Money is owed, granted, sent and arrived, and only what has arrived is "paid". Who promises it is
spoken of in other words than what the customer paid or was charged, so one is never offered for
the other.
"""

import re
from collections.abc import Sequence
from typing import Final

from makegood.rules.gate.facts import Money, Sum

GIVEN: Final = frozenset({Money.GRANTED, Money.SENT, Money.ARRIVED, Money.WAIVED})
OURS: Final = GIVEN | {Money.OWED}
_THEIRS: Final = frozenset({Money.CHARGED, Money.SPENT})
_TO_COME: Final = frozenset({Money.OWED, Money.GRANTED, Money.SENT, Money.WAIVED})
_CHARGES: Final = _THEIRS | {Money.WAIVED}
_IS_CHARGE: Final = re.compile(r"\b(?:bill|charged?|fee|cost|price|invoice|penalty|fine)\b")
_IS_AHEAD: Final = re.compile(
    r"\b(?:will|shall|going to|to be|owed?|entitled|due|receive|get)\b|'ll\b"
)
_IS_PAID: Final = re.compile(
    r"\b(?:credited|refunded|reimbursed|(?<!you )(?<!you've )paid|compensated"
    r"|on your (?:account|bill|card))\b"
)
# A credit is booked as it is granted, and our own letter says so: "I have put £10 on your account.
# It is there by Tuesday."
_PUT: Final = re.compile(r"\bput\b.{0,60}?\bon (?:to )?your account\b")
_THEY_PAID: Final = re.compile(
    r"\byou(?:'ve| have|'d)?(?: already)? (?:paid(?! with| by| from| on)|spent|were charged|lost)\b"
)


def says_paid(sentence: str) -> bool:
    """Whether a sentence says that money has arrived."""
    return _IS_PAID.search(sentence) is not None


def says_they_paid(sentence: str) -> bool:
    """Whether a sentence says what the customer paid, which they know themselves."""
    return _THEY_PAID.search(sentence) is not None


def is_enough(known: Sum, sentence: str) -> bool:
    """Whether a sum has come as far as a sentence about it says."""
    plain = _PUT.sub("", sentence) if known.is_credit else sentence
    if plain != sentence and known.how_far not in GIVEN:
        return False
    return known.how_far in _needed(plain)


def shows_put(sums: Sequence[Sum], sentence: str) -> bool:
    """Whether a sentence says that something was put on their account, and a credit was."""
    is_put = _PUT.search(sentence) is not None
    return is_put and any(known.is_credit and known.how_far in GIVEN for known in sums)


def true_sentence(sums: Sequence[Sum], *, sentence: str = "", minor: int | None = None) -> str:
    """What is true of the sum that a sentence can only have meant; nothing if there is none.

    Of what we give for words about that, of what they paid for words about that; as far as it was
    said to be rather than otherwise, of the very amount rather than of another, and the newest.
    """
    needed = _needed(sentence)
    side = OURS if not sentence or not needed & _THEIRS else needed
    meant = [known for known in sums if known.says and known.how_far in side]
    best = max(
        meant,
        key=lambda known: (known.minor == minor, known.how_far in needed, known.since),
        default=None,
    )
    return best.says if best is not None else ""


def _needed(sentence: str) -> frozenset[Money]:
    """How far money must have come for a sentence about it to be true."""
    if _IS_AHEAD.search(sentence):
        return _TO_COME
    if _THEY_PAID.search(sentence):
        return _THEIRS
    if _IS_PAID.search(sentence):
        return frozenset({Money.ARRIVED})
    if _IS_CHARGE.search(sentence):
        return _CHARGES | GIVEN
    return frozenset(Money)
