"""Reads what a text states in the company's name: each date, amount, state and entitlement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from makegood.rules.calendars import local
from makegood.rules.capture.kinds import Kind, kinds_of
from makegood.rules.capture.promises import Captured, capture_read
from makegood.rules.capture.sentences import Sentence, read_sentences
from makegood.rules.gate.owners import find_owner
from makegood.rules.gate.states import find_apology, find_pledge
from makegood.rules.gate.sums import Amount, find_sums
from makegood.rules.gate.theirs import (
    blank_theirs,
    is_free_elsewhere,
    is_of_others,
    is_ours,
    promises_nothing,
)
from makegood.rules.gate.things import MOST_IN_A_TEXT, Things, things_in
from makegood.rules.timewords.changes import FORMER, is_new
from makegood.rules.timewords.clocks import bare_hours
from makegood.rules.timewords.moment import Due, Frame, Precision, TimeWords
from makegood.rules.wording.prose import Prose, fold


class About(StrEnum):
    """What a statement is about."""

    TIME = "time"
    PAST = "past"
    AMOUNT = "amount"
    STATE = "state"
    ENTITLEMENT = "entitlement"
    UNDATED = "undated"
    APOLOGY = "apology"
    PLEDGE = "pledge"
    OWNER = "owner"
    CROWD = "crowd"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One thing that a text states; `first` and `last` bound its sentence in the text.

    `clause` is the part of the sentence that a time stands in.
    """

    about: About
    start: int
    end: int
    first: int
    last: int
    sentence: str
    words: str
    clause: str = ""
    kinds: frozenset[Kind] = frozenset()
    meaning: Due = field(default_factory=Due)
    amount: Amount | None = None
    what: str = ""
    is_offer: bool = False
    is_readable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A text as read: its folded prose, its statements in order, the promises found in it."""

    prose: Prose
    statements: tuple[Statement, ...]
    promises: tuple[Captured, ...]


_AHEAD: Final = frozenset(
    {"any_will", "will_be_done", "you_will_get", "should_arrive", "it_takes", "allow_time"}
    | {"is_scheduled", "estimated_delivery", "working_to", "dated_future", "any_will_track"}
)
_SOON: Final = re.compile(
    r"^(?:within|in|up to|less than|no (?:later|more) than|not later than|after|another)\b"
)
_ETA: Final = re.compile(r"\b(?:eta|estimated|expected?|arrival|delivery|wait(?:ing)? time|due)\b")
_PAST: Final = re.compile(
    r"\b(?:was|were|did|didn't|had|called|rang|tried|missed|sent|came|happened|reported|waited"
    r"|visited|looked|checked|inspected|noticed|lost|left|got|gave|took|made|found|heard|kept|fell"
    r"|stopped|stood|ran|cut|promised|told|arrived|went|failed|spoke|wrote|received|ordered|started|began|broke|closed"
    r"|(?:has|have|'ve|'s) (?!it\b|that\b)\w+(?:ed|n|t))\b|\bsince\b|\bago\b|\blast\b"
)
_FUTURE: Final = re.compile(
    r"\b(?:will|shall|going to|should|to be|(?:hope|aim|plan|intend|expect) to"
    r"|is due|are due|(?:is|are|be|been|now) "
    r"(?:re)?(?:scheduled|booked|planned|expected)|booked you|(?:is|are) promised"
    r" (?:for|by))\b|'ll\b"
)
_CLAUSE: Final = re.compile(r", |;|:| - |\band\b|\bbut\b|\bso\b")
_VERB: Final = re.compile(r"(?:\b(?:will|shall|going to|to)|'ll) (?:(?:now|then|also) )?")
_VERB_LENGTH: Final = 30
_BARE_HOURS: Final = re.compile(
    r",? (?:from |between )?(\d{1,2}) ?(?:-|to|until|and) ?(\d{1,2})(?![\d:/%]|\.\d"
    r"| ?(?:[ap]m|days?|hours?|weeks?|people|%))"
)
# Two numbers before a day are hours only where a word of time or of coming leads to them.
_HOURS_BEFORE: Final = re.compile(
    r"\b(?:from|between|(?:be|is|are) (?:there|here|with you)|(?:come|coming|arrive|arriving)"
    r"(?: to you| round)?|(?:call|ring|visit|see) you|(?:visit|call|slot|appointment|delivery)"
    r" is),? (\d{1,2}) ?(?:-|to|until|and) ?(\d{1,2}),? $"
)
_HOURS_LENGTH: Final = 40
_HAS_VERB: Final = re.compile(
    r"\b(?:will|shall|going to|is|are|was|were|has|have|had|come|comes|call|be|get|reach"
    r"|reaches|arrives?|hear|\w+ed|\w+ing|did|do|does|can|could|would|should|may|might)\b|'ll\b|'s\b"
    r"|'ve\b"
)
_SAYS_WHAT: Final = frozenset({About.TIME, About.AMOUNT, About.ENTITLEMENT})
# What waits for something, and what was before a change that is told.
_NO_TIME: Final = frozenset({"event", FORMER})
# "Free of charge" and "a free service".
_FREE: Final = frozenset({"free", "thing"})
_DATELESS: Final = frozenset({"vague", "nearly"})


def read(text: str, *, frame: Frame, automatic: bool) -> Reading:
    """What a text states, in order of place."""
    prose = fold(blank_theirs(text, automatic=automatic))
    sentences = read_sentences(prose, frame=frame)
    promises = capture_read(sentences, text=text, frame=frame)
    found: list[Statement] = []
    for sentence in sentences:
        here = _Here(
            sentence=sentence,
            things=things_in(sentence),
            begins=_begins(prose, sentence),
            prose=prose,
            text=text,
            automatic=automatic,
            frame=frame,
        )
        if len(found) >= MOST_IN_A_TEXT:
            found.append(here.crowd())
            break
        found += here.all()
    found += _undated(promises, found, sentences)
    found.sort(key=lambda one: (one.start, one.about))
    return Reading(prose=prose, statements=tuple(found), promises=promises)


def _begins(prose: Prose, sentence: Sentence) -> int:
    """Where a sentence begins in the folded text."""
    low, high = 0, len(prose.places)
    while low < high:
        middle = (low + high) // 2
        if prose.places[middle] < sentence.start:
            low = middle + 1
        else:
            high = middle
    return low


@dataclass(frozen=True, kw_only=True, slots=True)
class _Here:
    """One sentence being read."""

    sentence: Sentence
    things: Things
    begins: int
    prose: Prose
    text: str
    automatic: bool
    frame: Frame

    def all(self) -> Iterator[Statement]:
        """What this sentence states; more than can be looked at is one statement, unread."""
        if self.things.are_too_many:
            yield self.crowd()
            return
        yield from self.times()
        yield from self.spelled_times()
        yield from self.amounts()
        yield from self.states()
        yield from self.others()

    def crowd(self) -> Statement:
        """The whole sentence, as something that is not read."""
        return self._statement(About.CROWD, 0, len(self.sentence.folded))

    def times(self) -> Iterator[Statement]:
        for words in self.things.times:
            start, end = self._place(words.start), self._place(words.end)
            if self._is_time(words, start, end):
                meaning, start, end = self._with_hours(words, start, end)
                yield self._statement(
                    About.PAST if self._is_past(words, start) else About.TIME,
                    start,
                    end,
                    kinds=self._kinds(start, end),
                    clause=self._clause(start),
                    meaning=meaning,
                    what=words.kind,
                    is_offer=not self._is_ours(start, end, automatic=False),
                )

    def spelled_times(self) -> Iterator[Statement]:
        for found in self.things.spelled:
            taken = any(
                self._place(words.start) < found.end() and found.start() < self._place(words.end)
                for words in self.sentence.times
                if words.kind != "event"
            )
            is_past = not self._is_ahead() and _PAST.search(self.sentence.folded)
            if not taken and not is_past and self._is_ours(found.start(), found.end()):
                kinds = self._kinds(found.start(), found.end())
                yield self._statement(
                    About.TIME, found.start(), found.end(), kinds=kinds, is_readable=False
                )

    def amounts(self) -> Iterator[Statement]:
        folded = self.sentence.folded
        for amount in self.things.sums:
            if is_of_others(folded, amount.start, amount.end):
                continue
            if self._is_ours(amount.start, amount.end):
                yield self._statement(About.AMOUNT, amount.start, amount.end, amount=amount)

    def states(self) -> Iterator[Statement]:
        folded = self.sentence.folded
        for said in self.things.states:
            if self._is_ours(said.start, said.end, is_state=True):
                kinds = kinds_of(folded)
                yield self._statement(
                    About.STATE, said.start, said.end, what=said.what, kinds=kinds
                )
        for said in self.things.gifts:
            if said.what in _FREE and is_free_elsewhere(folded, said.start, said.end):
                continue
            if self._is_ours(said.start, said.end, is_gift=True):
                yield self._statement(About.ENTITLEMENT, said.start, said.end, what=said.what)

    def others(self) -> Iterator[Statement]:
        folded = self.sentence.folded
        for about, said in (
            (About.APOLOGY, find_apology(folded)),
            (About.PLEDGE, find_pledge(folded)),
        ):
            if said is not None and not folded.endswith("?"):
                yield self._statement(about, said.start, said.end)
        owner = find_owner(folded)
        if owner is not None and self._is_ours(owner.start, owner.end, is_state=True):
            yield self._statement(About.OWNER, owner.start, owner.end, what=owner.what)

    def _is_time(self, words: TimeWords, start: int, end: int) -> bool:
        if words.kind in _NO_TIME or not self._is_ours(start, end):
            return False
        if words.kind == "amount":
            folded = self.sentence.folded[start:end]
            return (self._is_ahead() and not self._is_past(words, start)) or (
                (_SOON.match(folded) is not None or _ETA.search(self.sentence.folded) is not None)
                and _PAST.search(self.sentence.folded) is None
            )
        if words.kind in _DATELESS:
            return self._is_ahead()
        return words.meaning.precision is not Precision.NONE or words.meaning.due is not None

    def _with_hours(self, words: TimeWords, start: int, end: int) -> tuple[Due, int, int]:
        """A day beside bare hours, as in "Wednesday 3 June, 8 to 12" and "8-12 on Wednesday"."""
        said, folded = words.meaning, self.sentence.folded
        after = _BARE_HOURS.match(folded, end)
        hours = after or _HOURS_BEFORE.search(folded, max(0, start - _HOURS_LENGTH), start)
        if hours is None or said.precision is not Precision.DATE or said.due is None:
            return said, start, end
        clocks = bare_hours(hours[1], hours[2])
        if clocks is None:
            return said, start, end
        day = local(said.due, zone=self.frame.zone).date()
        opens, closes = (self.frame.at(day, clock) for clock in clocks)
        meaning = Due(earliest=opens, due=closes, precision=Precision.INSTANT)
        return meaning, min(start, hours.start(1)), max(end, hours.end())

    def _is_past(self, words: TimeWords, start: int) -> bool:
        if _FUTURE.search(self._clause(start)):
            return False
        if not words.is_past and is_new(self.sentence.folded, start):
            return False
        return words.is_past or _PAST.search(self._clause(start)) is not None

    def _is_ahead(self) -> bool:
        return bool(self.sentence.signals.keys() & _AHEAD)

    def _clause(self, start: int) -> str:
        """The clause in which a word stands, up to its end."""
        folded = self.sentence.folded
        begin = 0
        for cut in _CLAUSE.finditer(folded, 0, start):
            begin = cut.end()
        after = _CLAUSE.search(folded, start)
        clause = folded[begin : after.start() if after else len(folded)]
        # A clause without a verb, as in "by 5pm, on Friday", belongs to the one before.
        return clause if _HAS_VERB.search(clause) else folded[: after.start() if after else None]

    def _kinds(self, start: int, end: int) -> frozenset[Kind]:
        clause = self._clause(start)
        if any(True for _ in find_sums(clause)):
            return frozenset({Kind.REFUND})
        verbs = list(_VERB.finditer(clause))
        if verbs:
            said = kinds_of(clause[verbs[-1].end() : verbs[-1].end() + _VERB_LENGTH]) - {Kind.OTHER}
            if said:
                return said
        return kinds_of(clause) if end > start else frozenset()

    def _is_ours(
        self,
        start: int,
        end: int,
        *,
        automatic: bool | None = None,
        is_state: bool = False,
        is_gift: bool = False,
    ) -> bool:
        return is_ours(
            self.sentence.folded,
            start,
            end,
            automatic=self.automatic if automatic is None else automatic,
            is_state=is_state,
            is_gift=is_gift,
        )

    def _place(self, original: int) -> int:
        """From a place in the text to one in the folded sentence."""
        low, high = self.begins, len(self.prose.places)
        while low < high:
            middle = (low + high) // 2
            if self.prose.places[middle] < original:
                low = middle + 1
            else:
                high = middle
        return min(max(0, low - self.begins), len(self.sentence.folded))

    def _statement(self, about: About, start: int, end: int, **more: Any) -> Statement:  # noqa: ANN401 - named as the fields are
        first, last = self.prose.span(self.begins + start, self.begins + end)
        return Statement(
            about=about,
            start=first,
            end=last,
            first=self.sentence.start,
            last=self.sentence.end,
            sentence=self.sentence.folded,
            words=self.text[first:last],
            **more,
        )


def _undated(
    promises: tuple[Captured, ...], found: list[Statement], sentences: list[Sentence]
) -> Iterator[Statement]:
    """Promises that say nothing of when: "we will call you"."""
    for promise in promises:
        if promise.due_words is not None or any(
            one.about in _SAYS_WHAT and one.first <= promise.start <= one.last for one in found
        ):
            continue
        sentence = next((one for one in sentences if one.start == promise.start), None)
        if promises_nothing(sentence.folded if sentence else promise.quote.lower()):
            continue
        yield Statement(
            about=About.UNDATED,
            start=promise.start,
            end=promise.end,
            first=promise.start,
            last=sentence.end if sentence else promise.end,
            sentence=sentence.folded if sentence else promise.quote.lower(),
            words=promise.quote,
            kinds=frozenset({promise.kind}),
        )
