"""Who a text says has the case: "Mike owns your case", "it is now with our network team"."""

import re
from typing import Final

from makegood.rules.gate.states import Said
from makegood.rules.gate.theirs import in_condition

_NAMED_CASE: Final = (
    r"(?:your|this|the) (?:case|complaint|claim|file|matter|query)\b"
    r"(?! (?:number|reference|id|of)\b)"
)
_THE_CASE: Final = rf"(?:{_NAMED_CASE}|this\b(?! \w))"
_DOES: Final = (
    r"(?:now )?(?:owns|is the owner of|holds|looks after|deals with|handles"
    r"|(?:is|are) (?:now )?(?:responsible for|in charge of|dealing with|handling|looking after"
    r"|working on)|(?:has|have) (?:now )?(?:taken (?:over|on)|picked up))(?: now)?"
)
# "Many customers have this" speaks of a trouble, and not of a case.
_HAS: Final = rf"(?:{_DOES} {_THE_CASE}|(?:now )?(?:has|have)(?: now)? {_NAMED_CASE})"
_IS_WITH: Final = (
    r"(?:now )?(?:(?:is|sits|lies|rests)"
    r" (?:now |currently )?(?:with|in the hands of|on the desk of)"
    r"|has (?:now )?(?:gone|moved|passed|been (?:moved|given|assigned))"
    r" (?:now |currently )?(?:with|to|in the hands of|on the desk of))"
)
_NAME: Final = r"[a-z][a-z'-]*(?: [a-z][a-z'-]*){0,6}"
_OWNER: Final = re.compile(
    rf"(?:^|[,;:] |\b(?:and|but|so|that) )(?P<name>{_NAME}?)(?<!\bwho)(?<!\bthat) {_HAS}"
    rf"|\b(?:who|that) {_HAS} is (?P<name4>{_NAME})"
    rf"|{_THE_CASE} {_IS_WITH} (?P<name2>{_NAME})"
    r"|\b(?:the owner of (?:your|this) case|your (?:case )?owner|your contact) is "
    rf"(?P<name3>{_NAME})"
)
_NEEDS: Final = (
    *("case", "complaint", "claim", "file", "matter", "query", "owner", "contact", "this"),
)
# Who speaks, nobody in particular, or somebody who has no cases of ours.
_NOBODY: Final = re.compile(
    r"^(?:(?:i|it|who|nobody|somebody|someone|she|he|they|we|you|me|us|which|that|what|this|these)"
    r"\b|(?:our|my|the|a|one of our|one of my) (?:team|colleagues?)$"
    r"|(?:(?:the|your|an?|another) )?(?:[\w'-]+ ){0,3}?(?:ombudsman|regulator|court|police|landlord"
    r"|landlady|insurer|solicitor|lawyer)\b|.* (?:no longer|not|never)$)"
)
_WHERE_A_NAME_ENDS: Final = re.compile(
    r" (?:and|but|so|until|till|from|for|since|on|at|in|to|by|while|as|of|who|which|that|now)\b"
)
_PLAIN: Final = frozenset(
    (
        *("the", "a", "an", "your", "our", "my", "their", "his", "her", "this", "that", "these"),
        *("those", "many", "some", "most", "all", "every", "each", "both", "several", "few"),
        *("other", "another", "no", "one", "two", "three", "more", "and", "but", "so"),
    )
)
_MANY: Final = re.compile(r"^\w+s (?:now )?(?:are|have)\b")


def find_owner(sentence: str) -> Said | None:
    """The name that a folded sentence gives to whoever has the case."""
    if not any(word in sentence for word in _NEEDS):
        return None
    found = _OWNER.search(sentence)
    if found is None:
        return None
    if found["name"] and in_condition(sentence[: found.end("name")]):
        return None
    name = found["name"] or found["name2"] or found["name3"] or found["name4"]
    return None if _NOBODY.match(name) else Said(what=name, start=found.start(), end=found.end())


def is_proper(name: str, *, words: str) -> bool:
    """Whether a folded name is spelled as somebody's own in the words of a text that hold it."""
    short = _WHERE_A_NAME_ENDS.split(name)[0]
    spelled = re.search(r"\s+".join(map(re.escape, short.split())), words, re.IGNORECASE)
    if spelled is None:  # in letters that were folded: it is read as a name
        return True
    if _MANY.match(words):
        return False
    return any(
        word[0].isupper() and word.lower() not in _PLAIN for word in spelled[0].split() if word
    )
