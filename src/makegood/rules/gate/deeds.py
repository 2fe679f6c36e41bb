"""What a text says was done for the customer, or is being done, in words that no list can hold.

Told by grammar: the company in the perfect tense, or a thing to which something has been done. What
is only perceived, written down or said to the customer is no deed, and neither is bad news.
"""

import re
from typing import Final

_ADVERBS: Final = r"(?:(?:now|already|just|also|all|since|successfully|fully|finally|again) ){0,3}"
_NO_DEED: Final = (
    r"(?:receiv|record|not|logg?|register|acknowledg|read|review|look|check|notic|listen|discuss"
    r"|understood|consider|attach|enclos|includ|list|ask|answer|repli|respond|explain|promis|agre"
    r"|apologi[sz]|mention|describ|call|tri|wait|happen|rais|fail|miss|disappoint|inconvenienc"
    r"|forgott|caus|chang|improv|decid|need|want|us|work|seem|remain|investigat|assess|compar"
    r"|count|mistak|misplac|confus|reach|exceed|pass)(?:ed|ied|en)\b"
)
_BAD_NEWS: Final = r"(?:delay|damag|affect|cancell?|postpon|interrupt|overcharg)ed\b"
_DEED: Final = (
    rf"(?!{_NO_DEED})(?:\w{{2,20}}ed|built|bought|brought|cut|done|dug|found|given|laid|lent|made"
    r"|put|set|shut|swept|frozen|driven|drawn|written off|taken (?:off|away|out))\b"
)
_OURS: Final = r"(?:\b(?:i|we)(?:'ve| have)|\b(?:our|the) (?:\w+ ){1,2}(?:has|have))"
# A customer, or ourselves, to whom something was done is told of with what was done.
_TO_NOBODY: Final = r"(?<!\byou )(?<!\bwe )(?<!\bi )(?<!who )"
DEEDS: Final = (
    re.compile(rf"{_OURS} {_ADVERBS}{_DEED}"),
    re.compile(rf"{_TO_NOBODY}\b(?:has|have) {_ADVERBS}been {_ADVERBS}(?!{_BAD_NEWS}){_DEED}"),
    re.compile(rf"{_TO_NOBODY}\b(?:is|are) {_ADVERBS}being {_ADVERBS}(?!{_BAD_NEWS}){_DEED}"),
    re.compile(rf"{_TO_NOBODY}\b(?:is|are) now {_ADVERBS}(?!{_BAD_NEWS}){_DEED}"),
    re.compile(r"\bhas been (?:upheld|(?:decided|found|settled) in your favou?r)\b"),
)
DEED_NEEDS: Final = ("'ve ", "has ", "have ", "being ", "now ")

_TOLD: Final = r"(?:told|informed|notified|alerted|briefed|made aware)"
_SPOKE: Final = (
    rf"(?:(?:{_TOLD}|spoken (?:to|with)|asked) (?!you\b|us\b|me\b|that\b|to\b|for\b|if\b|how\b)"
    r"|(?:let|made) (?!you\b|us\b|me\b)(?:[\w']+ ){1,4}(?:know|aware)\b"
    r"|(?:raised|flagged|taken) (?:it|this|that|your \w+) (?:up )?(?:with|to)\b)"
)
TOLD_OTHERS: Final = (
    rf"\b(?:i|we)(?:'ve| have| had)? {_ADVERBS}{_SPOKE}"
    rf"|(?<!\byou )\b(?:has|have) {_ADVERBS}{_SPOKE}"
    rf"|{_TO_NOBODY}\b(?:has|have|was|were|is|are) {_ADVERBS}(?:been )?{_ADVERBS}{_TOLD}\b"
)
TOLD_NEEDS: Final = (
    *("told", "informed", "notified", "alerted", "briefed", "aware", "spoken", "asked", "know"),
    *("raised", "flagged", "taken"),
)
