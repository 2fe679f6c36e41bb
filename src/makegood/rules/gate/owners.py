"""Who a text says has the case: "Mike owns your case", "it is now with our network team"."""

import re
from typing import Final

from makegood.rules.gate.states import Said

_THE_CASE: Final = (
    r"(?:(?:your|this|the) (?:case|complaint|claim|file|matter|query)\b"
    r"(?! (?:number|reference|id|of)\b)|this\b(?! \w))"
)
_HAS: Final = (
    r"(?:now )?(?:owns|is the owner of|has|have|holds|looks after|deals with|handles"
    r"|(?:is|are) (?:now )?(?:responsible for|in charge of|dealing with|handling|looking after"
    r"|working on)|(?:has|have) (?:now )?(?:taken (?:over|on)|picked up))(?: now)?"
)
_IS_WITH: Final = (
    r"(?:now )?(?:is|sits|lies|rests|went|has (?:now )?(?:gone|moved|passed)"
    r"|has (?:now )?been (?:moved|given|assigned))"
    r" (?:now |currently )?(?:with|to|in the hands of|on the desk of)"
)
_NAME: Final = r"[a-z][a-z'-]*(?: [a-z][a-z'-]*){0,6}"
_OWNER: Final = re.compile(
    rf"(?:^|[,;:] |\b(?:and|but|so|that) )(?P<name>{_NAME}?) {_HAS} {_THE_CASE}"
    rf"|{_THE_CASE} {_IS_WITH} (?P<name2>{_NAME})"
    r"|\b(?:the owner of (?:your|this) case|your (?:case )?owner|your contact) is "
    rf"(?P<name3>{_NAME})"
)
_NEEDS: Final = (
    *("case", "complaint", "claim", "file", "matter", "query", "owner", "contact", "this"),
)
# Who speaks, or nobody in particular.
_NOBODY: Final = re.compile(
    r"^(?:(?:i|it|who|nobody|somebody|someone|she|he|they|we|you|me|us|which|that|what)\b"
    r"|(?:our|my|the|a|one of our|one of my) (?:team|colleagues?)$)"
)


def find_owner(sentence: str) -> Said | None:
    """The name that a folded sentence gives to whoever has the case."""
    if not any(word in sentence for word in _NEEDS):
        return None
    found = _OWNER.search(sentence)
    if found is None:
        return None
    name = found["name"] or found["name2"] or found["name3"]
    return None if _NOBODY.match(name) else Said(what=name, start=found.start(), end=found.end())
