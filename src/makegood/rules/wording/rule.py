"""What a rule of wording is: what it looks for, what excuses it, why it matters, what is better.

Patterns read folded text. Every repetition is bounded, so no text makes them slow.
"""

import re
from dataclasses import dataclass
from typing import Final

from makegood.rules.wording.findings import Level

# "This was not your mistake" is no blame.
_NEGATABLE: Final = frozenset({"BLAME", "DOUBT", "CUSTOMER_WORK", "DEMAND_PROOF"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A pattern, the words that must occur before it is tried, and what cancels it.

    `excused` is searched in the sentence, `excused_by_text` in the whole message.
    """

    name: str
    level: Level
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    reason: str
    better: str
    excused: re.Pattern[str] | None = None
    excused_by_text: re.Pattern[str] | None = None
    not_when_negated: bool = False


def rule(
    name: str,
    level: Level,
    needs: str,
    pattern: str,
    *,
    reason: str,
    better: str,
    excused: str | None = None,
    excused_by_text: str | None = None,
) -> Rule:
    """Build a rule from plain patterns; `needs` lists words by bars, and one of them must occur."""
    return Rule(
        name=name,
        level=level,
        needs=tuple(needs.split("|")),
        pattern=re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])"),
        reason=reason,
        better=better,
        excused=re.compile(excused) if excused else None,
        excused_by_text=re.compile(excused_by_text) if excused_by_text else None,
        not_when_negated=name in _NEGATABLE,
    )


# What a message says when the company takes responsibility.
RESPONSIBILITY: Final = (
    r"our (?:own )?(?:mistake|error|fault|failure|oversight|responsibility"
    r"|problem)|my (?:mistake|error"
    r"|fault|oversight)|(?:is|was|are|were) (?:on us|ours\b)|wrong of us|we (?:got (?:it|this|that)"
    r" wrong|made (?:a|an|the) (?:\w+ )?(?:mistake|error)|failed|missed"
    r"|forgot|were wrong|let you down"
    r"|broke|ordered the wrong|sent (?:you )?the wrong|should have|did not"
    r"|didn't)|i (?:failed|forgot"
    r"|missed|should have|was wrong)|we take (?:full )?responsibility"
)
# A next step that the company takes.
NEXT_BY_US: Final = (
    r"\b(?:i|we)(?: will|'ll| shall)(?: \w+){0,2} (?:call|ring|phone|email"
    r"|write|text|send|come|visit"
    r"|update|tell|deliver|collect|chase|be there|be with you|contact|refund|book)"
    r"|\b(?:i|we)(?:'ve| have) (?:booked|arranged|scheduled|refunded|credited|ordered|sent)"
)
DATED: Final = (
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight"
    r"|\d{1,2}[:.]\d{2}|\d ?[ap]m\b"
    r"|\bnoon\b|\d{1,2}/\d{1,2}|\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec)|(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}"
    r"|\bthe \d{1,2}(?:st|nd|rd|th)|(?:with)?in (?:the next )?(?:\d|one|two|three|four|five|an?\b)"
    r"|\d+ ?(?:-|to) ?\d+ (?:\w+ )?(?:hours|days|weeks)"
)
