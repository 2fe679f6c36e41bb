"""What can be checked of a text that is not English: its figures, and a few words that say when.

Times and dates in words that we write ourselves are known by their renderings; all else is
refused for a machine, and a figure also for a person.
"""

import re
from typing import Final

from makegood.rules.gate.facts import Facts, Money
from makegood.rules.gate.objections import REASONS, Objection, Rule
from makegood.rules.gate.sums import find_sums
from makegood.rules.wording.findings import Level
from makegood.rules.wording.prose import Prose, fold, sentences

_MONTHS: Final = (
    r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january"
    r"|february|march|may|june|july|october|december)"
)
_FIGURES: Final = re.compile(
    rf"(?<![\d.,:])(?:\d{{1,2}}[:.]\d{{2}}(?: ?uhr)?(?![\d.,:])|\d{{1,2}} ?uhr\b"
    rf"|\d{{1,2}}\. ?(?:\d{{1,2}}\.(?: ?\d{{2,4}})?|{_MONTHS})(?: \d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?)"
)
_WORDS: Final = re.compile(
    r"(?<!guten )\b(?:heute|morgen|übermorgen|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?"
    r"|nächste[nr]? (?:woche|monat)|diese woche|in kürze|bald|umgehend|demnächst|unterwegs|erledigt"
    r"|behoben|repariert|gutgeschrieben|erstattet|überwiesen|binnen|innerhalb (?:von|der|eines)"
    r"|(?:in|binnen) (?:\d+|ein\w*|zwei|drei|vier|fünf) (?:stunden?|tagen?|wochen?|minuten)"
    r"|demain|aujourd'hui|mañana|hoy|oggi|domani|morgen)\b"
)
_IS_PAID: Final = re.compile(r"\b(?:gutgeschrieben|erstattet|überwiesen|ausgezahlt)\b")


def objections(prose: Prose, *, facts: Facts, automatic: bool) -> tuple[Objection, ...]:
    """What nothing supports in a text of another language."""
    known = [
        place
        for window in facts.windows
        for said in (*window.renderings, fold(window.words).folded.strip(" .!"))
        for place in _places(said, prose.folded)
        if said
    ]
    known += [
        place
        for broken in facts.broken
        for said in broken.renderings
        for place in _places(said, prose.folded)
    ]
    found = []
    for pattern, level in ((_FIGURES, Level.BLOCK), (_WORDS, _level(automatic=automatic))):
        found += [
            _objection(Rule.NO_PROMISE, level, prose, hit.span(), facts)
            for hit in pattern.finditer(prose.folded)
            if not any(start <= hit.start() and hit.end() <= end for start, end in known)
        ]
    found += _sums(prose, facts, known=known)
    found.sort(key=lambda one: one.start)
    return tuple(found)


def _level(*, automatic: bool) -> Level:
    return Level.BLOCK if automatic else Level.WARN


def _sums(prose: Prose, facts: Facts, *, known: list[tuple[int, int]]) -> list[Objection]:
    found = []
    for amount in find_sums(prose.folded):
        first, last = _sentence(prose, amount.start)
        is_paid = _IS_PAID.search(prose.folded[first:last]) is not None
        if any(start <= amount.start and amount.end <= end for start, end in known):
            continue
        if not any(
            one.minor == amount.minor
            and one.currency in amount.currencies
            and (one.how_far is Money.ARRIVED or not is_paid)
            for one in facts.sums
        ):
            span = (amount.start, amount.end)
            found.append(_objection(Rule.NO_SUM, Level.BLOCK, prose, span, facts))
    return found


def _objection(
    rule: Rule, level: Level, prose: Prose, span: tuple[int, int], facts: Facts
) -> Objection:
    start, end = prose.span(*span)
    first, last = prose.span(*_sentence(prose, span[0]))
    return Objection(
        rule=rule,
        level=level,
        start=start,
        end=end,
        first=first,
        last=max(last, end),
        reason=REASONS[rule],
        instead=facts.next_word,
    )


def _sentence(prose: Prose, place: int) -> tuple[int, int]:
    for start, end in sentences(prose.folded):
        if start <= place < end:
            return start, end
    return place, min(place + 1, len(prose.folded))


def _places(words: str, folded: str) -> list[tuple[int, int]]:
    return [
        found.span()
        for found in re.finditer(rf"(?<![\w:.]){re.escape(words)}(?![\w:]|\.\d)", folded)
    ]
