"""Checks a message of the company, sentence by sentence, against the rules of wording.

Quotes, replies and legal regions are not read; what customers write is never checked.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from makegood.rules.timewords.moment import Frame
from makegood.rules.timewords.reading import find
from makegood.rules.wording.findings import Checked, Context, Finding, Level
from makegood.rules.wording.language import is_english
from makegood.rules.wording.levels import level_of
from makegood.rules.wording.parts import missing_parts, untrue_dates
from makegood.rules.wording.prose import LONGEST, Prose, fold, sentences, without_quotes
from makegood.rules.wording.rule import Rule
from makegood.rules.wording.rulebook import RULES

_CLAUSE: Final = re.compile(r"[,;:]| - |\bbut\b|\band\b")
_NEGATION: Final = re.compile(
    r"\b(?:not|never|nothing|no|none|neither|nor|without|needn't|don't|doesn't|didn't|isn't|wasn't"
    r"|weren't|aren't|won't|wouldn't)\b"
)
_QUIET: Final = Context()


def check(text: str, *, context: Context = _QUIET, frame: Frame | None = None) -> Checked:
    """The findings of a message, in the order of their places.

    With a frame, dates are read too: whether there is one, and whether it is true.
    """
    if context.inbound or context.legal:
        why = "What a customer wrote is not checked." if context.inbound else "Legal text."
        return Checked(notices=(why,))
    prose = fold(without_quotes(text))
    return check_prose(prose, length=len(text), context=context, frame=frame)


def check_prose(
    prose: Prose, *, length: int, context: Context = _QUIET, frame: Frame | None = None
) -> Checked:
    """As `check`, for a text of that length that is folded already, without its quotes."""
    findings: list[Finding] = []
    notices: tuple[str, ...] = ()
    if length > LONGEST:
        findings.append(_too_long(length))
    if not is_english(prose.folded):
        notices = ("The text is not English; the rules of wording are off for it.",)
        return Checked(findings=tuple(findings), notices=notices)
    places = tuple(sentences(prose.folded))
    found = [
        one
        for rule in _possible(prose.folded)
        for one in _findings(rule, prose, context, places=places)
    ]
    if frame is not None and (context.open_case or context.true_dates is not None):
        times = find(prose, frame=frame)
        found += missing_parts(prose.folded, times=times, length=length, context=context)
        found += untrue_dates(times, frame=frame, context=context)
    found.sort(key=lambda one: (one.start, one.rule))
    return Checked(findings=tuple(found + findings), notices=notices)


def _too_long(length: int) -> Finding:
    return Finding(
        rule="TOO_LONG",
        level=Level.WARN,
        start=LONGEST,
        end=length,
        reason=f"Only the first {LONGEST} of {length} characters were checked.",
        better="Send a shorter message.",
    )


def _possible(folded: str) -> Iterator[Rule]:
    """The rules with a word in the text. Most texts need few of them, which makes this fast."""
    for rule in RULES:
        if any(word in folded for word in rule.needs):
            yield rule


def _findings(
    rule: Rule, prose: Prose, context: Context, *, places: tuple[tuple[int, int], ...]
) -> Iterator[Finding]:
    folded = prose.folded
    if rule.excused_by_text is not None and rule.excused_by_text.search(folded):
        return
    for start, end in places:
        sentence = folded[start:end]
        if rule.excused is not None and rule.excused.search(sentence):
            continue
        for found in rule.pattern.finditer(sentence):
            if rule.not_when_negated and _is_negated(sentence, found.start()):
                continue
            yield from _finding(rule, prose, start=start, found=found, context=context)


def _is_negated(sentence: str, place: int) -> bool:
    """True if the clause says no before the hit, as in "this was not your mistake"."""
    clause = _CLAUSE.split(sentence[:place])[-1]
    return _NEGATION.search(clause) is not None


def _finding(
    rule: Rule, prose: Prose, *, start: int, found: re.Match[str], context: Context
) -> Iterator[Finding]:
    sentence = found.string
    level, why = level_of(rule, sentence=sentence, text=prose.folded, context=context)
    if level is None:
        return
    first, last = prose.span(start + found.start(), start + found.end())
    first += len(prose.original[first:last]) - len(prose.original[first:last].lstrip())
    finding = Finding(
        rule=rule.name,
        level=level,
        start=first,
        end=last,
        reason=rule.reason,
        better=rule.better,
    )
    yield replace(finding, reason=f"{rule.reason} {why}".strip())
