"""What can be checked of a text that is not English: its figures, and a few words that say when.

Times and dates in words that we write ourselves are known by their renderings; all else is
refused for a machine, and a figure also for a person.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from makegood.rules.gate import how_far
from makegood.rules.gate.facts import Facts, Money
from makegood.rules.gate.objections import REASONS, Objection, Rule
from makegood.rules.gate.sums import Amount, find_sums
from makegood.rules.gate.things import MOST_IN_A_TEXT
from makegood.rules.wording.findings import Level
from makegood.rules.wording.prose import Prose, fold, places_of, sentences

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
    """What nothing supports in a text of another language; more than can be looked at is that."""
    said = _Said(prose=prose, facts=facts, stops=list(sentences(prose.folded)))
    known = said.known()
    found: list[Objection] = []
    for pattern, level in ((_FIGURES, Level.BLOCK), (_WORDS, _level(automatic=automatic))):
        hits = [*islice(pattern.finditer(prose.folded), MOST_IN_A_TEXT + 1)]
        if len(hits) > MOST_IN_A_TEXT:
            return (said.objection(Rule.TOO_MANY, Level.BLOCK, (0, len(prose.folded))),)
        found += [
            said.objection(Rule.NO_PROMISE, level, hit.span())
            for hit in hits
            if not _is_within(hit.span(), known)
        ]
    amounts = [*islice(find_sums(prose.folded), MOST_IN_A_TEXT + 1)]
    if len(amounts) > MOST_IN_A_TEXT:
        return (said.objection(Rule.TOO_MANY, Level.BLOCK, (0, len(prose.folded))),)
    found += said.sums(amounts, known=known)
    return tuple(sorted(found, key=lambda one: one.start))


def _level(*, automatic: bool) -> Level:
    return Level.BLOCK if automatic else Level.WARN


def _is_within(span: tuple[int, int], known: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in known)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """A text of another language beside the facts, with where its sentences begin and end."""

    prose: Prose
    facts: Facts
    stops: list[tuple[int, int]]

    def known(self) -> list[tuple[int, int]]:
        """Where words stand that say a true time, or one that was told and broken."""
        windows = self.facts.windows
        words = [one for window in windows for one in window.renderings]
        words += [fold(window.words).folded.strip(" .!") for window in windows]
        words += [one for broken in self.facts.broken for one in broken.renderings]
        return [place for one in words for place in places_of(one, self.prose.folded)]

    def sums(self, amounts: list[Amount], *, known: list[tuple[int, int]]) -> Iterator[Objection]:
        """Amounts that nothing of the case has."""
        for amount in amounts:
            span = (amount.start, amount.end)
            if not _is_within(span, known) and not self._is_owed(amount):
                instead = how_far.true_sentence(self.facts.sums, minor=amount.minor)
                yield self.objection(Rule.NO_SUM, Level.BLOCK, span, instead=instead)

    def objection(
        self, rule: Rule, level: Level, span: tuple[int, int], *, instead: str = ""
    ) -> Objection:
        """An objection to what stands there."""
        start, end = self.prose.span(*span)
        first, last = self.prose.span(*self._sentence(span[0]))
        return Objection(
            rule=rule,
            level=level,
            start=start,
            end=end,
            first=first,
            last=max(last, end),
            reason=REASONS[rule],
            instead=instead or self.facts.next_word,
        )

    def _is_owed(self, amount: Amount) -> bool:
        first, last = self._sentence(amount.start)
        is_paid = _IS_PAID.search(self.prose.folded, first, last) is not None
        return any(
            one.minor == amount.minor
            and one.currency in amount.currencies
            and (one.how_far is Money.ARRIVED or not is_paid)
            for one in self.facts.sums
        )

    def _sentence(self, place: int) -> tuple[int, int]:
        index = bisect_right(self.stops, place, key=lambda one: one[0]) - 1
        if index >= 0 and place < self.stops[index][1]:
            return self.stops[index]
        return place, min(place + 1, len(self.prose.folded))
