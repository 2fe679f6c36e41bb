"""Two promises that one sentence gives: "we will call you by 5pm and send a new router".

A second verb after "and" is a promise of its own if both do something that can be seen to be done,
and not the same. "We will look into it and get back to you" is one, and so is "come and see you".
"""

import re
from collections.abc import Iterator
from typing import Final

from makegood.rules.capture import lexicon
from makegood.rules.capture.kinds import Kind, kind_of
from makegood.rules.wording.prose import fold

_AND: Final = re.compile(
    r",? (?:and(?: also)?(?: then)?|then|as well as|plus),? (?:also |then )?", re.IGNORECASE
)
_AHEAD: Final = re.compile(r"\b(?:will|shall|going to)\b|['\u2019]ll\b", re.IGNORECASE)
_UNSURE: Final = re.compile(
    r"\b(?:if|unless|whether|or|not|never|when|once|after|until|before)\b|n't\b", re.IGNORECASE
)
# Somebody who will: "and a technician will visit you".
_SOMEBODY: Final = re.compile(
    r"(?:i|we|he|she|they|(?:our|the|a|an|your) (?:\w+ ){1,3})(?: ?(?:will|shall)\b|['\u2019]ll\b)",
    re.IGNORECASE,
)
_VERB: Final = re.compile(r"[a-z-]+", re.IGNORECASE)
# What is done is done for somebody, or to something: "call you", "send a router".
_SEEN: Final = frozenset(
    {Kind.CALLBACK, Kind.VISIT, Kind.DELIVERY, Kind.COLLECTION, Kind.REPAIR, Kind.REFUND}
)
# Who comes, comes to mend it.
_COMING: Final = {Kind.VISIT, Kind.REPAIR}
_SENDS: Final = re.compile(r"(?:send|post|mail) (?:you )?(?:out )?(?:a|an|the|your|another|some)\b")
# What is written or told is no thing that is sent.
_WORDS: Final = re.compile(
    r"\b(?:e-?mail|text|message|letter|link|confirmation|details|update|form|note|copy|invoice|bill"
    r"|receipt|quote|information|instructions)\b"
)
_PEOPLE: Final = re.compile(
    r"\b(?:engineer|technician|crew|team|plumber|electrician|officer|man|someone|somebody)\b"
)
_SHORTEST: Final = 8


def parts_of(said: str) -> tuple[tuple[int, int], ...]:
    """Where each promise of a sentence stands in it; the whole of it if it gives one."""
    stops = [0]
    for found in _AND.finditer(said):
        if _is_another(said[stops[-1] : found.start()], said[found.end() :]):
            stops.append(found.end())
            if len(stops) == 2 and not _AHEAD.search(said[: found.start()]):  # noqa: PLR2004 - the first "and"
                return ((0, len(said)),)
    ends = [*_ends(said, stops), len(said)]
    return tuple(zip(stops, ends, strict=True))


def _ends(said: str, stops: list[int]) -> Iterator[int]:
    for stop in stops[1:]:
        yield max(found.start() for found in _AND.finditer(said) if found.end() == stop)


def _is_another(first: str, second: str) -> bool:
    """Whether what follows an "and" is something else that will be done."""
    if len(first) < _SHORTEST or _UNSURE.search(first) or not _is_act(second):
        return False
    before, after = deed(first), deed(_until_and(second))
    return {before, after} <= _SEEN and before is not after and {before, after} != _COMING


def _is_act(second: str) -> bool:
    if _SOMEBODY.match(second):
        return True
    verb = _VERB.match(second)
    return verb is not None and verb[0].lower() in lexicon.LATER


def _until_and(second: str) -> str:
    found = _AND.search(second)
    return second[: found.start()] if found else second


def deed(said: str) -> Kind:
    """What a part of a sentence promises to do; what is sent is a delivery, or whoever is."""
    folded = fold(said).folded
    if _SENDS.search(folded) and not _WORDS.search(folded):
        return Kind.VISIT if _PEOPLE.search(folded) else Kind.DELIVERY
    return kind_of(folded)
