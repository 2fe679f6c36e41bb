"""What stands in a plan, though no "will" says so: "it goes out on Monday", "we fit it tonight".

English tells of a settled plan in the present tense together with a time that is surely to come;
of many things of a kind it tells alike, and that is no word to anybody.
"""

import re
from typing import Final

PLANS: Final = {
    # What stands in a plan is told in the present: "it goes out on Monday", "gets fixed tomorrow".
    "present_plan": (
        r"(?:^|[,;.] |\b(?:and|so|but|it|he|she|that|this"
        r"|(?:the|your|our|a|an|my) (?:[\w'-]+ ){0,4}[\w'-]+) )"
        r"(?:goes|gets|comes|leaves|lands|flies|runs|opens|reopens|returns|joins|visits|drops"
        r"|brings|heads|sets off|is in (?:for|with)|is (?:on|at) the|is out"
        r"|is (?:down|set|in|on|out|up) [^.,;]{0,30}?for)\b"
    ),
    "plans_stand": (
        r"\b(?:expects?|means?|plans?|intends?) (?:the |your |it |this |that |to )"
        r"(?:[\w']+ ){0,3}(?:to |be )"
    ),
    "for_a_day": (
        r"\bfor (?:today|tomorrow|tonight|this (?:morning|afternoon|evening|week)|next week"
        r"|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|the \d)"
    ),
    # Many things of a kind, and what they tend to do: no word about this customer.
    "kind_in_general": (
        r"^(?:(?:most|some|many|all|large|small|new|other) )?"
        r"(?!(?:crews?|engineers|inspectors|staff|teams|drivers)\b)"
        r"\w{3,}s (?:may|can|are (?:usually|normally|often|generally|always)|take|usually|normally"
        r"|often|generally|tend to|need|must|should)\b"
    ),
    "tends_to": (
        r"\b(?:usually|normally|generally|typically|often|tends? to|as a rule|on average)\b"
    ),
}
_TO_COME: Final = re.compile(
    r"\b(?:tomorrow|tonight|overnight|first thing|this (?:morning|afternoon|evening|week)"
    r"|(?:on|by|from|before|until|for|to) (?:next |this )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:on|by|from|until) the \d{1,2}(?:st|nd|rd|th)|(?:by|before|at) \d|(?:the )?week of \d"
    r"|(?:on|by|from) \d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|next (?:week|month|\w+day)|(?:with)?in (?:under |about )?(?:an?|one|two|\w+) \w+s?)\b(?!s\b)"
)
_NO_PLAN: Final = re.compile(
    r"\?$|\b(?:was|were|had|did|didn't|went|came|said|told|asked|took|usually|normally|generally"
    r"|often|every|each|please|if|unless|need|must|have to|should|would|could|may|might|can)\b"
    r"|(?<!be )(?<!been )(?<!is )(?<!are )(?<!gets )(?<!get )(?<!being )(?<!have )(?<!has )"
    r"(?<!'ve )\b(?!need)\w{3,}ed\b"
)


def is_plan(sentence: str) -> bool:
    """A time that is surely to come, in no clause about the past, a habit, a wish or a request."""
    return _TO_COME.search(sentence) is not None and _NO_PLAN.search(sentence) is None
