"""Finds the company's word in free text: the quote, what about, and by when.

A proposal for people, not a verdict: see docs/words.md for how often it is right.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from makegood.rules.capture.kinds import Kind, kind_of
from makegood.rules.capture.model import Weights, certainty, shipped_weights
from makegood.rules.capture.sentences import Sentence, read_sentences
from makegood.rules.timewords.changes import FORMER
from makegood.rules.timewords.moment import Due, Frame, Precision, TimeWords
from makegood.rules.wording.prose import fold, without_quotes

# What says most about when comes first.
_RANKS: Final = {"amount": 1, "round": 2, "moment": 3, "event": 4, "nearly": 5, "vague": 6}
_LAST_RANK: Final = 9
_LOOKS_AHEAD: Final = 2  # sentences: "We will review it. We have all we need. It takes 2 days."
_FUTURE: Final = re.compile(r"will\b|'ll\b|\bshould\b|\bscheduled?\b|\bbe\b", re.IGNORECASE)
# "We will move your Saturday booking to Monday": what it was stands before what it will be.
_MOVED: Final = re.compile(
    r"\b(?:mov|chang|reschedul|rebook|push|bring|brought|shift|postpon)\w*\b[^.;]{0,60}?"
    r"\b(?:to|until|till|forward to)\b",
    re.IGNORECASE,
)
_HOW_LONG: Final = frozenset({"it_takes", "allow_time"})
# A date with its time to the second is the mark of a log, not of a promise.
_STAMP: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRAILING: Final = " .,;!\n\t"


@dataclass(frozen=True, kw_only=True, slots=True)
class Captured:
    """A promise in a text. `quote` is `text[start:end]`; without a date said, `due` is None."""

    quote: str
    start: int
    end: int
    kind: Kind
    due_words: str | None
    earliest: datetime | None
    due: datetime | None
    precision: Precision
    certainty: float


def capture(text: str, *, frame: Frame, weights: Weights | None = None) -> tuple[Captured, ...]:
    """The promises that a message of the company gives, in order; what it quotes is not read."""
    read = read_sentences(fold(without_quotes(text)), frame=frame)
    return capture_read(read, text=text, frame=frame, weights=weights)


def capture_read(
    read: list[Sentence], *, text: str, frame: Frame, weights: Weights | None = None
) -> tuple[Captured, ...]:
    """As `capture`, for sentences that are read already."""
    weights = weights or shipped_weights()
    found = []
    for place, sentence in enumerate(read):
        sure = certainty_of(sentence, weights=weights)
        if sure >= weights.threshold:
            beside = read[place + 1 : place + 1 + _LOOKS_AHEAD] + read[max(0, place - 1) : place]
            found.append(_captured(sentence, beside, sure=sure, text=text, frame=frame))
    return tuple(found)


def certainty_of(sentence: Sentence, *, weights: Weights) -> float:
    """How likely a sentence is a promise; 0 if it does not speak of what is to come."""
    return certainty(sentence.signals, weights=weights) if sentence.signals else 0.0


def _captured(
    sentence: Sentence, beside: list[Sentence], *, sure: float, text: str, frame: Frame
) -> Captured:
    quote = text[sentence.start : sentence.end].rstrip(_TRAILING)
    words = _when(sentence, text=text, frame=frame)
    for other in beside:
        if other.signals.keys() & _says_more(words):
            words = _when(other, text=text, frame=frame) or words
    said = words.meaning if words else Due()
    return Captured(
        quote=quote,
        start=sentence.start,
        end=sentence.start + len(quote),
        kind=kind_of(sentence.folded),
        due_words=text[words.start : words.end] if words else None,
        earliest=said.earliest,
        due=said.due,
        precision=said.precision,
        certainty=round(sure, 3),
    )


def _says_more(words: TimeWords | None) -> frozenset[str]:
    """With which signals another sentence says more about when than these words do."""
    if words is None or words.kind == "vague":
        return _HOW_LONG
    return frozenset({"allow_time"}) if words.kind == "event" else frozenset()


def _when(sentence: Sentence, *, text: str, frame: Frame) -> TimeWords | None:
    """The words that say most about when; of two alike, the first after the word "will"."""
    times = [one for one in sentence.times if one.kind != FORMER]
    moved = _MOVED.search(text, sentence.start, sentence.end)
    if moved and (new := [one for one in times if one.start >= moved.end()]):
        return new[0]
    future = _FUTURE.search(text, sentence.start, sentence.end)
    since = future.start() if future else sentence.start
    ahead = [words for words in times if not words.is_past] or [
        words for words in times if not _STAMP.match(words.words)
    ]
    return min(
        ahead,
        key=lambda words: (_rank(words, frame=frame), words.end <= since, words.start),
        default=None,
    )


def _rank(words: TimeWords, *, frame: Frame) -> int:
    if words.meaning.due is not None and words.meaning.due >= frame.now:
        return 0
    return _RANKS.get(words.kind, _LAST_RANK)
