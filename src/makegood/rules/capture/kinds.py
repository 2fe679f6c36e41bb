"""What a promise is about: a call, a visit, a refund and so on, from its words."""

import re
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What was promised."""

    CALLBACK = "callback"
    UPDATE = "update"
    VISIT = "visit"
    DELIVERY = "delivery"
    COLLECTION = "collection"
    REPAIR = "repair"
    REFUND = "refund"
    ANSWER = "answer"
    OTHER = "other"


# The first that fits wins: "a refund by 5pm, we will update you" is about the money.
_WORDS: Final = {
    Kind.REFUND: (
        r"refund|credit(?:ed)?\b|reimburs|compensat|money back|your account within|reflect"
    ),
    Kind.CALLBACK: (
        r"\bcall (?:you|back|him|her|them)|ring you|phone you|contacts? you|be in touch|callback"
    ),
    Kind.UPDATE: (
        r"\bupdate|keep you (?:informed|posted)|notif|inform you|let you know|confirmation"
        r"|tracking|e-?mail|text you|hear from|hear (?:more|again|the next)|correspondence"
        r"|\btell you (?:more|the next|when|whether|what|by|at)\b"
        r"|\b(?:more|next|further) (?:news|information)\b"
    ),
    Kind.COLLECTION: (
        r"pick(?:ed)? ?up|collect|empt(?:y|ied)|trash|recycl|next (?:\w+ ){0,2}day|truck|garbage"
    ),
    Kind.DELIVERY: r"deliver|ship|dispatch|arriv|replacement (?:order|unit|item)|courier",
    Kind.REPAIR: (r"repair|fix|resurfac|patch|replace|install|restor|paint|work (?:on|order|will)"),
    Kind.VISIT: (
        r"visit|inspect|viewing|appointment|technician|engineer|officer|crew|come (?:back|out)"
        r"|return to|return in|check (?:the )?(?:location|area)|check on it|be there|driver"
        r"|\b(?:we|i|he|she|they|somebody|someone)(?: will|'ll| shall) come"
        r"(?:$|[.,;]| (?:on|by|at|between|before|after|within|in|today|tomorrow|tonight|this"
        r"|next)\b)"
    ),
    Kind.ANSWER: r"investigat|review|answer|respon[ds]|reply|look into|get back to|decision",
}
_KINDS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDS.items())


def kind_of(folded: str) -> Kind:
    """What a folded sentence promises."""
    return next((kind for kind, words in _KINDS if words.search(folded)), Kind.OTHER)


def kinds_of(folded: str) -> frozenset[Kind]:
    """All that folded words may promise, where `kind_of` names the first."""
    return frozenset(kind for kind, words in _KINDS if words.search(folded)) or _NONE_OF_THEM


_NONE_OF_THEM: Final = frozenset({Kind.OTHER})
