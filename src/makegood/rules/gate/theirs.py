"""What in a text is not a statement of the company: quotes of the customer, questions, wishes.

A quote is the customer's only if the text says so: without that, what stands between quotation
marks is said by us, so that nothing untrue can hide in them.
"""

import re
from typing import Final

from makegood.rules.wording.prose import fold

_QUOTE: Final = re.compile(
    r"[\"\u201c\u201e\u00ab\u201d]([^\"\u201c\u201d\u201e\u00bb\u00ab]{1,1000})[\"\u201d\u201c\u00bb]"
)
_QUOTED_LINES: Final = re.compile(r"(?:^[ \t]{0,4}>[^\n]*(?:\n|\Z)){1,500}", re.MULTILINE)
_MARK: Final = re.compile(r"^([ \t]{0,4})>", re.MULTILINE)
_LOOKS_BACK: Final = 160
_ATTRIBUTED: Final = re.compile(
    r"(?:\byou(?:'ve| have|'d| had)?\b[^.!?\"\n]{0,20}\b(?:wrote|write|said|say|asked|ask|told|tell"
    r"|mentioned|reported|put)\b|\byour (?:\w+ )?(?:message|e?-?mail|letter|note|words|question"
    r"|reply|review)\b|\b(?:customer|caller) (?:wrote|said|says|asked)\b|\bsie (?:schrieben|sagten"
    r"|fragten)|\bihre (?:nachricht|mail|frage))[^.!?\"\n]{0,60}$"
)
_HEAD_OF_MAIL: Final = re.compile(
    r"^[ \t]*(?:on|am) [^\n]{5,160}(?:wrote|schrieb[^\n]{0,60}) ?: *$", re.IGNORECASE | re.MULTILINE
)

_IF: Final = re.compile(r"\b(?:if|unless|should (?:you|it|we|the)|in case|whether|provided)\b")
_IF_ENDS: Final = re.compile(r",|;|:|\bthen\b|\b(?:we|i)(?:'ll| will| shall)\b")
_NEGATION: Final = re.compile(
    r"\b(?:not|never|cannot|can't|cant|won't|wouldn't|don't|doesn't|didn't|isn't|wasn't|aren't"
    r"|weren't|hasn't|haven't|couldn't|no longer)\b"
    r"(?! (?:only|just|worry|fail|forget|hesitate|(?:be |come |take |arrive )?(?:any )?"
    r"(?:later|longer|more|after)\b))"
)
_CLAUSE: Final = re.compile(r"[,;:](?!\d)| - |\bbut\b|\band\b|\bso\b|\bbecause\b")
# "No visit is planned for Monday" denies its own time, and none that stands anywhere else.
_NO_SUCH: Final = re.compile(
    r" ?no (?:visit|call|callback|deliver(?:y|ie)|appointment|collection|repair|engineer"
    r"|technician|crew|driver)s? (?:is|are|was|were|has been|have been) (?:now |currently )?"
    r"(?:planned|booked|scheduled|arranged) (?:(?:for|on) )?"
)
_THEN: Final = re.compile(r"(?:(?:for|on) )?(?!by\b|before|until|till|after|since|within|from)\w")
# Who will not come until Monday says that they come, and when; who will not say more until then
# says nothing.
_NOT_UNTIL: Final = re.compile(
    r"(?:\b(?:we|i|it|he|she|they|engineer|technician|driver|crew|team|order|delivery|parcel|part"
    r"|visit|refund|payment)(?: will not| won't| cannot| can't)|'ll not)(?: be able to)?"
    r" (?:come|arrive|start|begin|visit|call|ring|reach|repair|fix|install|deliver|collect|send|pay"
    r"|be (?:with|there|here|back|repaired|fixed|installed|delivered|collected|sent|paid))"
    r"(?: (?:you|it|them|out|over|round|back|here|there|home|work|to|with|(?:your|the|our|a) \w+))"
    r"{0,3} (?:until|till) [^,;]{1,40}$"
)
_NOTHING: Final = re.compile(r"\b(?:nothing|none|nobody|neither|no one)\b")
_FIRM: Final = re.compile(
    r"(?:\b(?:will|shall|going to|gonna|is|are|has|have)\b|'ll\b|'re\b|'s\b|'ve\b)"
)
_INVERTED: Final = re.compile(
    r"^(?:and |or |so |but )?(?:will|would|could|can|shall|should|may|is|are|was|were|do|does|did"
    r"|has|have|had|what|when|which|where|who|how|why)\b"
)
_OURS_FIRM: Final = re.compile(
    r"\b(?:i|we|(?:our|your|the|a) (?:\w+ ){0,2}\w+|engineer|crew|driver|it|he|she|they)"
    r"(?: will|'ll| shall|(?:'re| are| is|'s) (?:going to|coming|on))\b"
)
_THEY_SAID: Final = re.compile(
    r"\byou(?:'ve| have|'d| had)?(?: also| just| already)? (?:said|asked|told|want(?:ed)?|wrote"
    r"|mentioned|reported|rang|called|prefer(?:red)?|suggested|requested|would (?:like|prefer)"
    r"|need(?:ed)?|wished|hoped|expected|chose)\b"
)
_THEIR_EVENT: Final = re.compile(
    r"\byour (?:\w+ )?(?:holiday|birthday|wedding|flight|trip|party|meeting|exam|surgery|concert"
    r"|move|anniversary|school|work|guests?|tenancy|contract|term)\b"
)
# What bears a date and is past, and when somebody can be reached: no word about what is to come.
_DATED_THING: Final = re.compile(
    r"\byour (?:letter|e-?mail|note|report|complaint|photo)s? (?:of|dated) $"
)
_OPENING_HOURS: Final = re.compile(
    r"\b(?:lines?|office|shop|desk|counter|branch|depot|centre|center)s?(?: \w+){0,2}"
    r" (?:is|are) (?:open|closed|staffed)\b"
    r"(?:(?!\b(?:we|i|you|he|she|they|will|shall)\b|'ll)[^.]){0,80}$"
)
# Said by, paid to, or asked by somebody else; and what stays as it is.
_OF_OTHERS: Final = re.compile(
    r"\b(?:in (?:a|the|any|most) (?:shops?|stores?|supermarkets?)|elsewhere|on the high street"
    r"|for whoever|(?:the|that|your|another) (?:shop|seller|store|landlord|manufacturer|insurer"
    r"|retailer|merchant|other \w+)"
    r" (?:charges?|asks?|says|said|wants|told|refunded|paid|sells)"
    r"|(?:other|most) \w+s (?:charge|ask|pay|sell))\b"
    r"|^(?:an?|new) (?:[\w-]+ ){1,6}costs? (?:about|around|roughly)\b"
)
_OURS_AT_ALL: Final = re.compile(
    r"\b(?:we|i|our)\b|\bus\b|\byou(?:'ll| will| get| are owed)|\byour (?:account|bill|refund|card)"
)
# Where somebody may turn who does not agree with us, and what that costs them: only by a name that
# is nothing else's, as a regulator may be a part of a boiler, and in a sentence that says no more.
_OUTSIDE: Final = (
    r"(?:(?:the|an?|your) )?(?:(?:energy|housing|financial|local|legal|property|communications"
    r"|rail|pensions?|parliamentary|government|social care|health|consumer|water) ){0,3}"
    r"(?:ombuds(?:man|woman|person)(?: (?:service|scheme))?|citizens advice|trading standards)"
)
_OUTSIDE_NEEDS: Final = ("ombuds", "citizens advice", "trading standards")
_FREE: Final = r"(?:free of charge|for free|free for you|at no (?:extra )?(?:cost|charge))"
_MATTER: Final = r"(?:it|this|that|your (?:case|complaint|dispute))"
_COSTS_THERE: Final = re.compile(
    r"(?:if [^,;:]{1,120}, (?:then )?)?(?P<said>"
    rf"you (?:(?:can|may|could) )?(?:(?:also|always|then|still) )?(?:(?:take|bring|refer) {_MATTER}"
    r" to|send your (?:case|complaint|dispute) to|(?:go|turn|write|complain|appeal) to|ask|contact)"
    rf" {_OUTSIDE},?(?: (?:which|this|that)(?: is|'s))? {_FREE}"
    rf"|(?:using )?{_OUTSIDE}(?:'s (?:service|help|decision|advice))?"
    r" (?:is|(?:will |can )?(?:looks?|helps?|advises?|decides?)"
    rf"(?: (?:at|on) {_MATTER}| you)?) (?:{_FREE}|a free service))"
    r"(?: (?:for|to) you)?(?: and (?:independent|impartial)(?: of us)?| on \d[\d ]{4,20})?[.!\s]*"
)
_STAYS: Final = re.compile(
    r"\b(?:is|are|was|were)(?: not|n't) (?:affected|touched|changed|at risk)\b|\bunaffected\b"
)
_HABIT: Final = re.compile(r"\b(?:normally|usually|generally|typically|as a rule)\b")
_OFTEN: Final = re.compile(
    r"\b(?:every|each|once a|twice a|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b"
)
# What makes of a habit a word about this one case.
_THIS_TIME: Final = re.compile(
    r"\b(?:will|shall|going to|you|yours?|today|tonight|tomorrow|this (?:week|month|morning"
    r"|afternoon|evening|time)|next)\b|'ll\b"
)
# Finer than _CLAUSE, for what holds of no more than its own clause.
_CUT: Final = re.compile(
    rf"{_CLAUSE.pattern}|\b(?:while|whilst|whereas|though|although|when|since|which)\b"
)
# How far a clause is looked for, so that no text makes it slow.
_CLAUSE_LENGTH: Final = 240
_JOINED: Final = 4
_VERB: Final = re.compile(
    r"\b(?:will|shall|would|could|can|should|is|are|was|were|be|been|has|have|had|do|does|did"
    r"|gets?|got|goes|went|comes?|came|costs?|charges?|asks?|pays?|paid|sells?|says?|said|stays?"
    r"|rings?|calls?|visits?|arrives?|brings?|sends?|sent|owes?|gives?|needs?|tells?|told"
    r"|refunded|credited|puts?)\b|'(?:ll|ve|re)\b|\b(?:it|that|there|he|she)'s\b"
)
_SUBJECT: Final = re.compile(
    r"(?:\W|and\b|but\b|so\b|because\b){0,6}(?:your|our|my|the|an?|this|that|we|i|you|it|he|she"
    r"|they|nothing|everything)\b"
)
_IF_YOU: Final = re.compile(
    r"^(?:please )?(?:reply|text|call|ring|write|answer|tap|press|choose|send|tell us"
    r"|let us know)\b[^.;]{0,60}\band (?:we|i)(?:'ll| will)\b"
)
_PROMISING: Final = re.compile(
    r"\b(?:will|shall|won't|going to|(?:we|i)(?:'re| are|'m| am) (?:\w+ ){0,2}\w+ing)\b|'ll\b"
)
_STILL_VAGUE: Final = re.compile(r"\b(?:be|take) (?:very )?long\b|\bkeep you waiting\b")
_OFFER: Final = re.compile(
    r"\b(?:could|would|can|able to|prefer|rather|suggest|propose|offer)\b(?!'t| not)"
)


def blank_theirs(text: str, *, automatic: bool) -> str:
    """The text with what it quotes of the customer blanked out in place.

    Lines that begin with ">" are a reply's; a machine has to say whose they are.
    """
    text = _QUOTED_LINES.sub(
        lambda found: _apart_or_blank(found, text) if automatic else _blank(found), text
    )
    text = _HEAD_OF_MAIL.sub(_blank, text)
    return _QUOTE.sub(lambda found: _blank_if_theirs(found, text), text)


def _apart_or_blank(found: re.Match[str], text: str) -> str:
    """Lines that nobody is said to have written are read, but never as one with those before.

    Else a question mark in them would make a question of what was stated.
    """
    kept = _blank_if_theirs(found, text)
    return _MARK.sub(r"\1\n", kept) if kept == found[0] else kept


def _blank_if_theirs(found: re.Match[str], text: str) -> str:
    before = text[max(0, found.start() - _LOOKS_BACK) : found.start()]
    if _HEAD_OF_MAIL.search(before.rstrip()[-_LOOKS_BACK:]):
        return _blank(found)
    said_by = fold(before).folded.rstrip(" \n:,(")
    return _blank(found) if _ATTRIBUTED.search(said_by) else found[0]


def _blank(found: re.Match[str]) -> str:
    return "".join("\n" if letter == "\n" else " " for letter in found[0])


def is_ours(
    sentence: str,
    start: int,
    end: int,
    *,
    automatic: bool,
    is_state: bool = False,
    is_gift: bool = False,
) -> bool:
    """Whether words of a folded sentence are said by the company, as a statement.

    Questions, conditions, what is denied, what customers said and wanted, and their own plans are
    not. What a machine offers counts as said: it cannot know by itself what can be done.
    """
    before = sentence[:start]
    clause = _CLAUSE.split(before)[-1]
    if sentence.endswith("?") and not _asserts(sentence, before):
        return False
    if in_condition(before) or _is_of_no_case(sentence, start, end):
        return False
    if _is_denied(clause, sentence[start:end], is_state=is_state):
        return False
    if _THEY_SAID.search(clause) and not _OURS_FIRM.search(clause):
        return False
    is_plan = not (is_state or is_gift or "will" in clause)
    if is_plan and _THEIR_EVENT.search(clause):
        return False
    return is_state or automatic or not _is_offer(clause)


def is_of_others(sentence: str, start: int, end: int) -> bool:
    """Whether an amount of a sentence is what somebody else asks or pays, and not we."""
    near = sentence[max(0, start - _CLAUSE_LENGTH) : end + _CLAUSE_LENGTH]
    if _OF_OTHERS.search(near) is None:
        return False
    first, last = _own_clause(sentence, start, end)
    clause = sentence[first:last].strip()
    return _OF_OTHERS.search(clause) is not None and _OURS_AT_ALL.search(clause) is None


def is_free_elsewhere(sentence: str, start: int, end: int) -> bool:
    """Whether what is free is the way to somebody outside, and nothing that we give."""
    if not any(name in sentence for name in _OUTSIDE_NEEDS):
        return False
    whole = _COSTS_THERE.fullmatch(sentence)
    return whole is not None and whole.start("said") <= start and end <= whole.end("said")


def promises_nothing(sentence: str) -> bool:
    """Whether words without a time deny that something will be done, or wait for the customer.

    What is denied beside a promise, as in "We can't say when, but we will", takes nothing from it.
    """
    if _IF_YOU.match(sentence):
        return True
    promising = [one for one in _CLAUSE.split(sentence) if _PROMISING.search(one)] or [sentence]
    denied = all(_NEGATION.search(one) or _NOTHING.search(one) for one in promising)
    return denied and _STILL_VAGUE.search(sentence) is None


def _is_of_no_case(sentence: str, start: int, end: int) -> bool:
    """What is done again and again, what stays as it is, opening hours, and the dates of papers."""
    before = sentence[:start]
    if _OPENING_HOURS.search(before) or _DATED_THING.search(before):
        return True
    return _is_habit(sentence, start, end) or _stays(sentence, start, end)


def _is_habit(sentence: str, start: int, end: int) -> bool:
    near = sentence[max(0, start - _CLAUSE_LENGTH) : end + _CLAUSE_LENGTH]
    if not (_HABIT.search(near) and _OFTEN.search(near)):
        return False
    first, last = _own_clause(sentence, start, end)
    clause = sentence[first:last]
    is_habit = _HABIT.search(clause) and _OFTEN.search(clause)
    return bool(is_habit) and _THIS_TIME.search(clause) is None


def _stays(sentence: str, start: int, end: int) -> bool:
    """Whether the very thing that the words are of stays: nothing else happens in its clause."""
    if _STAYS.search(sentence, end, end + _CLAUSE_LENGTH) is None:
        return False
    first, last = _own_clause(sentence, start, end)
    stays = _STAYS.search(sentence, end, last)
    return stays is not None and _VERB.search(sentence, first, stays.start()) is None


def _own_clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause of some words begins and ends: with a verb, and with what leads into it."""
    left, right = max(0, start - _CLAUSE_LENGTH), min(len(sentence), end + _CLAUSE_LENGTH)
    cuts = [cut.span() for cut in _CUT.finditer(sentence, left, right)]
    begins = [left, *(last for first, last in cuts if last <= start)][-_JOINED:]
    ends = [*(first for first, last in cuts if first >= end), right][:_JOINED]
    first, last = begins.pop(), ends.pop(0)
    while begins and _VERB.search(sentence, first, last) is None:
        first = begins.pop()
    while ends and _VERB.search(sentence, first, last) is None:
        if _SUBJECT.match(sentence, last):
            break
        last = ends.pop(0)
    if begins and _VERB.search(sentence, begins[-1], first) is None:
        first = begins[-1]
    return first, last


def _asserts(sentence: str, before: str) -> bool:
    """Whether a question only ends as one, as "We will be there at five, all right?" does."""
    last = re.split(r"[,;:]", sentence[:-1])[-1]
    return (
        len(last) < len(sentence) - 1
        and last not in before
        and not _INVERTED.match(sentence)
        and _OURS_FIRM.search(before) is not None
    )


def in_condition(before: str) -> bool:
    """Whether what follows is said only in case of something."""
    conditions = list(_IF.finditer(before))
    return bool(conditions) and _IF_ENDS.search(before, conditions[-1].end()) is None


def _is_denied(clause: str, words: str, *, is_state: bool) -> bool:
    if words.startswith(("no later", "not later")) or _NOT_UNTIL.search(f"{clause}{words}"):
        return False
    if _NO_SUCH.fullmatch(clause) and _THEN.match(words):
        return True
    return _NEGATION.search(clause) is not None or (
        is_state and _NOTHING.search(clause) is not None
    )


def _is_offer(clause: str) -> bool:
    offers = _OFFER.search(clause)
    return (
        offers is not None
        and _FIRM.search(clause, offers.end()) is None
        and not re.search(r"\b(?:will|shall)\b|'ll\b", clause)
    )
