"""What stands around a sentence in its message: an offer, a request for details, a hold, a note."""

import re
from typing import Final

OFFER: Final = re.compile(
    r"\b(?:would you (?:like|prefer|be (?:interested|willing|open|agreeable))"
    r"|which (?:option|one|resolution)|shall i|should i|do you want"
    r"|(?:if|how) you(?:'d| would) like|how would you like"
    r"|let me know (?:if|which|how)|like to proceed|please confirm\b)"
)
_ASKS: Final = re.compile(
    r"\b(?:(?:could|can|may|would) (?:you|i) (?:please |kindly )?(?:please |also )?(?:provide"
    r"|confirm|share|describe|tell|verify|specify|upload|have|get|send|give)"
    r"|(?:please|kindly) (?:provide|confirm|share|verify|specify|upload|send|describe))"
)
_HOLDS: Final = re.compile(
    r"\ballow me\b|\bone moment|\ba moment\b|\bhold on\b|\bfew (?:more )?minutes|\bbear with"
)
_YOU: Final = re.compile(r"\byou(?:r|'ll)?\b")
_CAN: Final = re.compile(
    r"\b(?:i|we) (?:can|could|may|might|am able|are able)\b|\balternatively\b|\boptions?\b"
)
_WILL: Final = re.compile(r"\bwill\b|'ll\b")
_STARTED: Final = re.compile(
    r"\b(?:i|we)(?: have|'ve)(?: \w+)? (?:initiated|processed|issued|approved|refunded|submitted"
    r"|raised|placed|started|requested|put|sent|credited)\b"
)
_OF_MESSAGE: Final = (("m_offer", OFFER), ("m_asks", _ASKS), ("m_hold", _HOLDS))


def message_signals(folded: str) -> tuple[str, ...]:
    """What the whole message gives to each of its sentences."""
    found = [name for name, pattern in _OF_MESSAGE if pattern.search(folded)]
    if not _YOU.search(folded):
        found.append("m_note")
    return tuple(found)


def is_offer(folded: str) -> bool:
    """True if a sentence asks what the customer would like."""
    return OFFER.search(folded) is not None


def only_could(folded: str) -> bool:
    """True if a sentence says what could be done, and not that it will be."""
    return _CAN.search(folded) is not None and _WILL.search(folded) is None


def has_started(folded: str) -> bool:
    """True if a sentence says that we have set something going."""
    return _STARTED.search(folded) is not None
