"""How strong a finding is, given what is known of the case, and which rules have earned to block.

A rule blocks only after it was right at least 98 times in 100 on real messages that it was not
tuned on; docs/words.md has the counts. Until then it warns.
"""

import re
from typing import Final

from makegood.rules.wording.findings import Context, Level
from makegood.rules.wording.rule import NEXT_BY_US, Rule

# NONAPOLOGY was right in 140 of 141 hits on 75,796 real messages; the rest hit too seldom to know.
MAY_BLOCK: Final[frozenset[str]] = frozenset({"NONAPOLOGY"})

_ALTERNATIVE: Final = re.compile(
    r"(?:but|however|instead|what) (?:i|we) can\b"
    r"|(?:i|we) can (?:also |instead )?(?:offer|do|move|book"
    r"|refund|replace|give)|\binstead\b|\balternatively\b"
)
_ACCESS: Final = re.compile(
    r"(?:be (?:at )?home|be present|be in|let (?:him|her|them|us|the \w+) in|access)\b"
)
_NEXT_BY_US: Final = re.compile(NEXT_BY_US)
Judged = tuple[Level | None, str]


HAS_AUTHORITY: Final = "You have the authority to do it."


def level_of(rule: Rule, *, sentence: str, text: str, context: Context) -> Judged:
    """The level of a finding and a word on why, or None if the case excuses it."""
    judge = _JUDGES.get(rule.name)
    level, why = judge(sentence, text, context) if judge else (rule.level, "")
    if level is Level.BLOCK and rule.name not in MAY_BLOCK:
        level = Level.WARN
    return level, why


def _cant(sentence: str, text: str, context: Context) -> Judged:
    if _ALTERNATIVE.search(sentence) or _ALTERNATIVE.search(text):
        return Level.HINT, "An alternative is offered."
    if context.has_authority:
        return Level.BLOCK, HAS_AUTHORITY
    return Level.WARN, ""


def _customer_work(sentence: str, text: str, context: Context) -> Judged:
    if context.access_needed or _ACCESS.search(sentence):
        return Level.WARN, "Reason: access_needed."
    if _NEXT_BY_US.search(text):
        return (
            (None, "")
            if "contact us" in sentence or "call us" in sentence
            else (Level.HINT, "A next step by us is named as well.")
        )
    return (Level.BLOCK, "We can act ourselves.") if context.we_can_act else (Level.WARN, "")


def _vague_time(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - one shape for all judges
    return (Level.BLOCK, "The case is urgent.") if context.urgent else (Level.WARN, "")


def _given(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - as above
    return (Level.BLOCK, "Something is being given.") if context.grant else (Level.WARN, "")


def _excuse(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - as above
    return (Level.BLOCK, "The fault is ours.") if context.our_fault else (Level.WARN, "")


def _promise_better(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - as above
    if context.linked_change:
        return None, ""
    if context.linked_change is False:
        return Level.BLOCK, "No change is linked."
    return Level.WARN, ""


def _demand_proof(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - as above
    return (Level.BLOCK, "We hold it already.") if context.evidence_held else (Level.WARN, "")


def _thanks_only(sentence: str, text: str, context: Context) -> Judged:  # noqa: ARG001 - as above
    return (Level.WARN, "") if context.our_fault else (None, "")


_JUDGES: Final = {
    "CANT": _cant,
    "CUSTOMER_WORK": _customer_work,
    "VAGUE_TIME": _vague_time,
    "QUALIFIER": _given,
    "GRUDGE": _given,
    "LIMIT_TALK": _given,
    "EXCUSE": _excuse,
    "PROMISE_BETTER": _promise_better,
    "DEMAND_PROOF": _demand_proof,
    "THANKS_ONLY": _thanks_only,
}
