"""What a text says of how things stand: on its way, done, paid, booked; and what one gets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from makegood.rules.gate.deeds import DEED_NEEDS, DEEDS, TOLD_NEEDS, TOLD_OTHERS
from makegood.rules.gate.facts import State

_NOW: Final = r"(?:(?:now|already|just|all|been|being|successfully|fully|finally|again) ){0,3}"
_BE: Final = r"(?:has|have|is|are|was|were|had|got|gets?)"
_DO: Final = r"(?:i|we)(?: have|'ve| had)? (?:(?:now|already|just|also|successfully) ){0,2}"
_WORKS: Final = (
    r"(?:fixed|repaired|resolved|solved|sorted|mended|restored|replaced|installed|completed"
    r"|rectified|corrected|reconnected|remedied)"
)
_WITH_BE: Final = {
    State.DONE: rf"{_WORKS}|back (?:on|online|in service|to normal|up)|working (?:again|now)",
    State.DELIVERED: (
        r"delivered|dropped off|handed over to you|signed for"
        r"|handed (?:over )?to (?:a|your|the) (?:neighbou?r|concierge|porter|reception|housemate)"
        r"|left (?:with (?:a|your|the) neighbour|in your (?:porch|safe place|garage|shed))"
    ),
    State.COLLECTED: r"collected|picked up|emptied",
    State.SENT: (
        r"dispatched|shipped|posted|mailed|out for delivery|handed to the courier"
        r"|sent out(?! late)"
    ),
    State.PAID: (
        r"credited|refunded|reimbursed|paid(?: out| back)?|compensated"
        r"|on your (?:account|bill|card)|in your account"
    ),
    State.GRANTED: (r"waived|written off|approved|granted|awarded|taken off"),
    State.BOOKED: r"booked|scheduled|rescheduled|arranged|reserved|on (?:the|our) schedule",
    State.ORDERED: r"ordered|on order",
    State.PASSED_ON: (
        r"escalated|passed (?:on|to)|forwarded|referred|handed (?:over )?to (?!you\b|a\b|your\b)"
        r"|assigned to"
    ),
    State.CLOSED: r"closed",
}
_WITH_DO: Final = {
    State.DONE: _WORKS,
    State.DELIVERED: r"delivered",
    State.COLLECTED: r"collected|picked up|emptied",
    State.SENT: r"dispatched|shipped|posted|sent (?:out|off)|sent (?:you )?(?:a|the|your) "
    r"(?:new |spare )?(?:part|parcel|replacement|refund|cheque|engineer|driver|crew|technician)",
    State.PAID: r"credited|refunded|reimbursed|paid|compensated",
    State.GRANTED: r"waived|written off|approved|granted|awarded|cancelled the (?:fee|charge)",
    State.BOOKED: r"booked|scheduled|rescheduled|arranged|reserved",
    State.ORDERED: r"ordered(?! the wrong)",
    State.PASSED_ON: r"escalated|passed (?:it|this|your)|forwarded|referred",
    State.CALLED: r"called|rung|rang|phoned|tried to (?:call|reach|ring|phone)",
    State.CLOSED: r"closed",
}
_OTHERS: Final = (
    (
        State.ON_THE_WAY,
        (
            r"\b(?:on (?:its|his|her|their|the|your|our) way|en route|under ?way to you"
            r"|ha(?:s|ve) left (?:for|the (?:depot|warehouse|yard|hub))"
            r"|heading (?:to|your)|(?:minutes|stops?|drops?|miles?|streets?) away"
            r"|a?round the corner|nearly with you|as we speak"
            r"|(?:is|are|'re|'s) (?:now |already |currently |just )*"
            r"(?:on site|outside(?! (?:our|of|the area)))"
            r"|(?:is|are|'re|'s) (?:now |currently )?working on [^.,;]{1,40}"
            r" (?:now|at the moment|right now))\b"
        ),
    ),
    (
        State.PAID,
        (
            r"(?:\b(?:money|refund|payment|credit|transfer|compensation)|[$£€]\d[\d.,]*)"
            r" (?:has|have) (?:now |already )?(?:arrived|reached|landed|cleared"
            r"|gone (?:out|in|through)|come through)\b"
        ),
    ),
    (
        State.DONE,
        (
            r"\b(?:repair|work|job|installation|fitting)s? (?:is|are) (?:now |all )?"
            r"(?:complete|finished|done|over)\b"
        ),
    ),
    (State.DONE, r"\bshould (?:now |all )?be (?:working|fixed|resolved|sorted|fine)\b"),
    (State.PASSED_ON, TOLD_OTHERS),
    (State.GRANTED, r"\b(?:fee|charge|bill|fine|penalty) (?:is|has been|was) (?:now )?cancelled\b"),
)
# A noun that makes "is closed" or "is booked" speak of something else than the case.
_NOT_IT: Final = re.compile(
    r"\b(?:office|offices|shop|road|line|lines|holiday|room|store|counter|phone)\b"
)
# What every match holds; looking for it first is fast, and most sentences hold none of it.
_NEEDS: Final = {
    State.DONE: (
        *("fixed", "repaired", "solved", "sorted", "mended", "restored", "replaced", "installed"),
        *("completed", "rectified", "corrected", "reconnected", "remedied", "back ", "working "),
        *("should ", "complete", "finished", " done", " over"),
    ),
    State.DELIVERED: ("delivered", "dropped off", "handed ", "left ", "signed for"),
    State.COLLECTED: ("collected", "picked up", "emptied"),
    State.SENT: ("dispatched", "shipped", "posted", "mailed", "delivery", "courier", "sent "),
    State.PAID: (
        *("credited", "refunded", "reimbursed", "paid", "compensated", "on your", "in your"),
        *("through", "cleared", "arrived", "reached", "landed", "gone "),
    ),
    State.GRANTED: (
        *("waived", "written off", "approved", "granted", "awarded", "taken off", "cancelled"),
    ),
    State.BOOKED: ("booked", "scheduled", "arranged", "reserved", "on the sch", "on our sch"),
    State.ORDERED: ("order",),
    State.PASSED_ON: (
        *("escalated", "passed ", "forwarded", "referred", "handed ", "assigned"),
        *TOLD_NEEDS,
    ),
    State.CALLED: ("called", "rung", "rang", "phoned", "tried to "),
    State.CLOSED: ("closed",),
    State.ON_THE_WAY: (
        *(" way", "en route", "under", " left ", "heading ", " away", "the corner"),
        *("as we speak", "nearly ", "on site", "outside", "working on"),
    ),
    State.ACTED: DEED_NEEDS,
}
_PATTERNS: Final = (
    *((state, re.compile(rf"\b{_BE} (?:been )?{_NOW}(?:{words})\b|'s been {_NOW}(?:{words})\b"))
      for state, words in _WITH_BE.items()),
    *((state, re.compile(rf"\b{_DO}(?:{words})\b")) for state, words in _WITH_DO.items()),
    *((state, re.compile(words)) for state, words in _OTHERS),
    *((State.ACTED, deed) for deed in DEEDS),  # last: what has a name of its own was found
)  # fmt: skip
_FUTURE: Final = re.compile(
    r"(?:\b(?:will|shall|would|could|can|may|might|to)|'ll) (?:not |also |then )?$"
    r"|\b(?:once|when|until|till|as soon as|before|after|if|whether)\b[^.,;]{0,60}$"
)
_LOOKS_BACK: Final = 90  # further than any of these reaches

_MONEY: Final = (
    r"(?:fares?|fees?|price|money|amount|costs?|charges?|bills?|payments?|deposit|difference|sum"
    r"|tickets?|balance|penny|pence|pounds?)"
)
_ALL: Final = r"(?:(?:the|your|all|every|both|half|of) ){1,3}(?:\w+ )?"
# Said in the present, what is given as it is said: "We hereby refund you the fare."
_WE_REFUND: Final = re.compile(
    r"\b(?:we|i) (?:(?!only|usually|normally|generally|typically|rarely|hardly)"
    r"(?:\w{2,14}ly|now|also|hereby|therefore|then|thus|just|still|do|of course) )?(?:"
    r"refund (?:you|your|it|this|that|the|all(?! (?:who|that|those))|both|every|half)\b"
    r"|(?:reimburse|compensate|repay) (?:(?:you|it|this|that|all of it)\b"
    rf"|{_ALL}(?:{_MONEY}|loss(?:es)?|expenses?|damage)\b)"
    rf"|credit (?:you|your (?:\w+ )?(?:account|card|bill|{_MONEY}))\b(?! with)"
    rf"|credit (?:it (?:back )?to your (?:account|card|bill)|{_ALL}{_MONEY})\b"
    rf"|credit (?:you|your (?:\w+ )?(?:account|card|bill)) with (?:what you paid"
    rf"|(?:\w+ ){{0,4}}{_MONEY})\b"
    r"|pay (?:you|it|(?:you )?(?:your|the) \w+) back\b"
    rf"|give (?:you )?(?:{_ALL}{_MONEY} back|back {_ALL}{_MONEY})\b)"
)
# What is said of a refund only beside something else: when it is told, how fast it comes.
_ASIDE: Final = re.compile(
    r"\b(?:how(?: \w{1,20})?|(?:on|in|by) which|when|whenever|where|while"
    r"|whilst|once|before|until|till|after|as soon as|as long as) $"
)
_GIFTS: Final = {
    "refund": r"\b(?:full|partial|complete|half) (?:refund|credit|reimbursement)\b"
    r"|\bmoney back\b|\brefund in full\b|\b(?:a|the|your) refund\b|\b(?:be|get) refunded\b",
    "full": (
        r"\b(?:refund\w*|pa(?:y|id)|reimburse\w*) [^.,;]{0,20}\bfull (?:value|price|cost|amount)\b"
    ),
    "free": r"\bfree of charge\b|\bfor free\b|\bat no (?:extra |additional )?(?:cost|charge)\b"
    r"|\bcomplimentary\b|\bfree (?:delivery|shipping|month|repair|visit|service|upgrade)\b"
    r"|\bno (?:call-?out )?(?:charge|fee)\b|\bwaive\b"
    r"|\bwithout (?:paying |having to pay )?(?:a|an|any|the) (?:\w+ ){0,2}(?:charge|fee|penalty)\b"
    r"|\byou(?:'ll| will| can)? (?:get|have|receive) [^.,;]{1,40} for nothing\b"
    r"|\byou(?:'ll| will)? (?:get|have|receive) (?:a|one|two|three|\d+) (?:day|week|month|year)s?"
    r" free\b"
    r"|\b(?:won't|will not|don't|do not) (?:have to )?pay (?:a penny|a cent|anything)\b"
    r"|\byou pay nothing\b",
    "reduced": r"\bhalf (?:price|off)\b|\b\d{1,3} ?(?:%|percent|per cent)(?: (?:off|discount|refund"
    r"|credit|back|compensation))|\b(?:a|the|your) (?:\d+ ?% )?discount\b",
    "thing": r"\byou(?:'ll| will)? (?:get|receive|have) (?:a|the|your) (?:\w+ ){0,2}"
    r"(?:replacement|voucher|gift|discount|upgrade)\b"
    r"|\b(?:a|the|your) (?:gift card|voucher|gift|hamper|flowers|free \w+)\b",
    "entitled": r"\byou(?:'re| are| will be) (?:entitled|eligible)\b|\byou qualify\b"
    r"|\bcovered (?:by|under) (?:your|the|our) (?:warranty|guarantee|plan|cover|insurance)\b",
    "compensation": r"\b(?:compensation|goodwill (?:payment|credit))\b",
}
_GIFT_NEEDS: Final = (
    *("refund", "credit", "reimburse", "money back", "free", "cost", "charge", "complimentary"),
    *("fee", "waive", "half ", "%", "percent", "per cent", "discount", "replacement", "voucher"),
    *("gift", "upgrade", "hamper", "flowers", "entitled", "eligible", "qualify", "covered "),
    *("compensat", "goodwill", "nothing", "pay ", "full ", "penalty", " back"),
)
_GIFT: Final = tuple((gift, re.compile(words)) for gift, words in _GIFTS.items())
_APOLOGY: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|apology)\b(?! for your (?:loss|bereavement))"
)
_PLEDGE: Final = re.compile(
    r"\b(?:won't|will not|never|not ever|cannot|can't)(?: \w+){0,2} (?:happen|occur|be repeated"
    r"|go wrong)(?:ing)?(?: to you)?(?: again| any ?more| ever)?\b"
    r"|\bmake sure (?:that )?(?:this|it) (?:doesn't|does not|never) happens?\b|\bnever again\b"
    r"|\blast time (?:this|it|that) happens\b"
    r"|\bnever have this (?:\w+ )?again\b|\b(?:cannot|can't|won't|will not|never) recur\b"
    r"|\bwe(?: have|'ve)(?: now| since| already)? (?:changed|improved) (?:how(?! you)|the way we)\b"
    r"|\bnot let (?:this|it|that) happen\b|\bprevent (?:this|it) from happening\b"
)
_PLEDGE_NEEDS: Final = (
    "happen",
    "occur",
    "be repeated",
    "go wrong",
    "never again",
    "never have",
    "recur",
    " changed ",
    " improved ",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A state, or the name of what is given, by its place in a folded sentence."""

    what: str
    start: int
    end: int


def find_states(sentence: str) -> Iterator[Said]:
    """The states that a folded sentence says have been reached, each once."""
    found: list[Said] = []
    possible = {state for state, needs in _NEEDS.items() if _has_any(sentence, needs)}
    for state, pattern in _PATTERNS if possible else ():
        if state not in possible:
            continue
        for said in pattern.finditer(sentence):
            before = sentence[max(0, said.start() - _LOOKS_BACK) : said.start()]
            if _FUTURE.search(before) and state is not State.ON_THE_WAY:
                continue
            if state in {State.CLOSED, State.BOOKED} and _NOT_IT.search(sentence):
                continue
            if any(_is_same(other, state, said) for other in found):
                continue
            found.append(Said(what=state, start=said.start(), end=said.end()))
            yield found[-1]


def _is_same(other: Said, state: State, said: re.Match[str]) -> bool:
    """Whether a state was found already; another deed is one only where nothing else was said."""
    if state is State.ACTED:
        return other.start < said.end() and said.start() < other.end
    return other.what == state and other.start < said.end()


def find_gifts(sentence: str) -> Iterator[Said]:
    """What a folded sentence says that the customer gets, beside amounts."""
    if not _has_any(sentence, _GIFT_NEEDS):
        return
    for said in _WE_REFUND.finditer(sentence):
        if not _ASIDE.search(sentence, max(0, said.start() - _LOOKS_BACK), said.start()):
            yield Said(what="refund", start=said.start(), end=said.end())
    for gift, pattern in _GIFT:
        for said in pattern.finditer(sentence):
            yield Said(what=gift, start=said.start(), end=said.end())


def find_apology(sentence: str) -> Said | None:
    """The words of an apology."""
    said = _APOLOGY.search(sentence)
    return Said(what="apology", start=said.start(), end=said.end()) if said else None


def find_pledge(sentence: str) -> Said | None:
    """The words that say it will not happen again."""
    said = _PLEDGE.search(sentence) if _has_any(sentence, _PLEDGE_NEEDS) else None
    return Said(what="pledge", start=said.start(), end=said.end()) if said else None


def _has_any(sentence: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - twice as fast as any(), and asked often
        if word in sentence:
            return True
    return False
