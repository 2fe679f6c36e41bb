"""How far money has come: what a sentence about an amount rests on, and what is true instead.

Money is owed, granted, sent and arrived, and only what has arrived is "paid". Who promises it is
spoken of in other words than what the customer paid or was charged; where a sentence does not say
which of them it means, either may be offered instead.
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
_AMOUNT: Final = r"(?:[£$€] ?\d[\d.,]*|\d[\d.,]* ?(?:[£$€]|pounds?|euros?|dollars?|pence))"
# What stands in an account, and may be a fee that was charged there.
_IS_IN_ACCOUNT: Final = re.compile(
    r"\b(?:(?:is|are|arrived)(?: now| already)*|(?:been|was|were) put"
    rf"|put (?:an? (?:further )?|another |your |the )?{_AMOUNT})"
    r" (?:in|into|on|onto|on to) your (?:bank )?account\b"
    r"(?! (?:soon|tomorrow|from|within|on|by(?! now))\b)"
)
# A credit is booked as it is granted, and our own letter says so: "I have put £10 on your account.
# It is there by Tuesday."
_PUT: Final = re.compile(
    rf"\b(?:we|i)(?: have|'ve)? put (?:an? (?:further|credit of) |another |your |the )?{_AMOUNT}"
    r" (?:on|onto|on to) your account\b"
    rf"|{_AMOUNT} (?:has|have) been put (?:on|onto|on to) your account\b"
)
_IS_NO_CREDIT: Final = re.compile(
    r"\b(?:charg\w*|fees?|penalt\w*|debit\w*|fines?|fined|ow(?:e|es|ed|ing)"
    r"|you(?:'ve| have)? put)\b"
)
# Of the deeds of a sentence only the first is stated: what is joined to it is not known by it, but
# for the few words that tell of no deed and give nothing.
_GOES_ON: Final = re.compile(r"[,;:&]|\b(?:and|but|then|also|plus|while|after|before|as well)\b")
_TELLS_NOTHING: Final = re.compile(
    r"(?:(?:, | )?(?:(?:and|so) )?(?:"
    r"you (?:can|may) (?:use it (?:for|on)|spend it on) (?:your next|any) (?:bill|order|trip)"
    r"|you (?:need not|do not (?:need|have) to|don't (?:need|have) to) do anything"
    r"|as (?:(?:we|i) (?:had |have )?)?(?:promised|agreed)"
    r"|(?:we|i)(?: are| am|'re|'m) (?:very |so |truly )?sorry for (?:the|this|that|your) (?:long )?"
    r"(?:wait|delay|trouble|mistake|error|inconvenience)"
    r"|thank you for (?:your (?:patience|understanding)|waiting|telling us|letting us know)"
    r")){1,4}[.!\s]*"
)
# A credit that was put on the account is there no sooner for being said so in the same breath.
_IS_THERE: Final = re.compile(
    r"\bit(?: is|'s)(?: now| already)* (?:there|in your)\b"
    r"(?! (?:soon|tomorrow|from|within|on|by(?! now))\b)"
    r"|\bit (?:has )?(?:now |already )?(?:reached|arrived)\b"
)
# Words of our giving: what they gave us themselves is no gift of ours.
_GIVES: Final = re.compile(
    r"\b(?:gifts?|(?<!you )(?<!you've )(?<!you have )(?<!you already )(?:giv(?:e|es|ing|en)|gave)"
    r"|yours|off (?:your|the)|waiv\w+|goodwill|vouchers?)\b"
)
_THEY_PAID: Final = re.compile(
    r"\byou(?:'ve| have|'d)?(?: already)? (?:paid(?! with| by| from| on)|spent|were charged|lost)\b"
)


def says_paid(sentence: str) -> bool:
    """Whether a sentence says that money has arrived."""
    return (_IS_PAID.search(sentence) or _IS_IN_ACCOUNT.search(sentence)) is not None


def says_they_paid(sentence: str) -> bool:
    """Whether a sentence says what the customer paid, which they know themselves."""
    return _THEY_PAID.search(sentence) is not None


def is_enough(known: Sum, sentence: str) -> bool:
    """Whether a sum has come as far as a sentence about it says."""
    plain = _without_put(sentence) if known.is_credit else sentence
    if plain != sentence and known.how_far not in GIVEN:
        return False
    return known.how_far in _needed(plain)


def puts(sums: Sequence[Sum], sentence: str) -> list[tuple[int, int]]:
    """Where a sentence says that an amount was put on their account, if a credit was."""
    if not any(known.is_credit and known.how_far in GIVEN for known in sums):
        return []
    if _IS_NO_CREDIT.search(sentence):
        return []
    found = _PUT.finditer(sentence)
    return [put.span() for put in found if _says_no_more(sentence, put.end())]


def true_sentence(sums: Sequence[Sum], *, sentence: str = "", minor: int | None = None) -> str:
    """What is true of the sum that a sentence can only have meant; nothing if there is none.

    Of what we give for words about that, of what they paid for words about that; of the very amount
    rather than of another, as far as it was said to be rather than otherwise, and the newest.
    """
    needed = _needed(sentence)
    gives = _GIVES.search(sentence) and not says_they_paid(sentence)
    is_ours = not sentence or not needed & _THEIRS or gives
    side = OURS if is_ours else needed
    meant = [known for known in sums if known.says and known.how_far in side]
    best = max(
        meant,
        key=lambda known: (known.minor == minor, known.how_far in needed, known.since),
        default=None,
    )
    return best.says if best is not None else ""


def _says_no_more(sentence: str, end: int) -> bool:
    """Whether a sentence states nothing after what it says of a credit."""
    joint = _GOES_ON.search(sentence, end)
    return joint is None or any(
        _TELLS_NOTHING.fullmatch(sentence, place) for place in {end, joint.start()}
    )


def _without_put(sentence: str) -> str:
    """A sentence without its words that an amount was put on their account as a credit."""
    if _IS_NO_CREDIT.search(sentence) or _IS_THERE.search(sentence):
        return sentence
    return _PUT.sub("", sentence)


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
    if _IS_IN_ACCOUNT.search(sentence):
        return frozenset({Money.ARRIVED})
    return frozenset(Money)
