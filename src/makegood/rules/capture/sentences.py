"""Each sentence of a message with what speaks for a promise in it, and the time words beside it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from makegood.rules.capture.around import has_started, is_offer, message_signals, only_could
from makegood.rules.capture.never import promises_nothing
from makegood.rules.capture.signals import looks_ahead, signals_of
from makegood.rules.timewords import reading
from makegood.rules.timewords.changes import FORMER
from makegood.rules.timewords.moment import Frame, TimeWords
from makegood.rules.wording.prose import Prose, sentences

_THIRD: Final = re.compile(
    r"\b(?:postal|at&t|verizon|comcast|edison|nstar|bwsc|your bank|caller|constituent|client"
    r"|private way|owners?)\b"
)
_OTHER_COMPANY: Final = re.compile(
    r"\b(?:reported|referred|forwarded|transferred|sent) to (?:\w+ at )?"
    r"(?:at&t|verizon|comcast|national grid|edison|the postal service|usps)\b"
)
_SHORT: Final = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence: its place in the original text, its folded words, signals and time words.

    One that has no word of what is to come has no signals: it is not read any further.
    """

    start: int
    end: int
    folded: str
    signals: dict[str, float]
    times: tuple[TimeWords, ...]


def read_sentences(prose: Prose, *, frame: Frame) -> list[Sentence]:
    """The sentences of a message, each seen with its neighbours."""
    times = reading.find(prose, frame=frame)
    read = [_read(prose, place, times=times, frame=frame) for place in sentences(prose.folded)]
    if any(sentence.signals for sentence in read):
        _see_around(read, prose.folded)
    return read


def _see_around(read: list[Sentence], folded: str) -> None:
    """Give each sentence the signals of its message and of its neighbours."""
    shared = dict.fromkeys(message_signals(folded), 1.0)
    if _THIRD.search(folded):
        shared["text_third"] = 1.0
    if len(read) == 1:
        shared["only_sentence"] = 1.0
    if any("dated" in sentence.signals for sentence in read):
        shared["m_dated"] = 1.0
    offers = [is_offer(sentence.folded) for sentence in read] if "m_offer" in shared else []
    for index, sentence in enumerate(read):
        if not sentence.signals:
            continue
        sentence.signals.update(shared)
        sentence.signals.update(dict.fromkeys(_beside(read, index, offers=offers), 1.0))
        if "m_offer" in shared and "dated" not in sentence.signals:
            _doubt_offered(sentence)


def _beside(read: list[Sentence], index: int, *, offers: list[bool]) -> Iterator[str]:
    if offers and offers[index]:
        yield "offers"
    if index and only_could(read[index - 1].folded):
        yield "after_can"
    if index and "it_takes" in read[index].signals and has_started(read[index - 1].folded):
        yield "it_takes_from_now"
    if index and _speaks_of_others(read[index - 1], read[index]):
        yield "other_company_acts"
    if index == len(read) - 1:
        yield "last"
        return
    if read[index + 1].folded.endswith("?"):
        yield "before_question"
    if offers and offers[index + 1]:
        yield "before_offer"


def _doubt_offered(sentence: Sentence) -> None:
    """What we will do is not settled yet if we ask in the same breath whether to do it."""
    if sentence.signals.keys() & {"i_will", "we_will"}:
        sentence.signals["will_but_offer"] = 1.0


def _speaks_of_others(before: Sentence, sentence: Sentence) -> bool:
    """After "reported to another company", a technician who will come is theirs."""
    return (
        "any_will" in sentence.signals
        and not sentence.signals.keys() & {"i_will", "we_will"}
        and _OTHER_COMPANY.search(before.folded) is not None
    )


def _ahead(
    prose: Prose, start: int, *, times: tuple[TimeWords, ...], frame: Frame
) -> tuple[tuple[int, int], ...]:
    """Where in a sentence that starts here the times stand that are still to come."""
    return tuple(
        (
            bisect_left(prose.places, words.start) - start,
            bisect_left(prose.places, words.end) - start,
        )
        for words in times
        if words.kind != FORMER
        and not words.is_past
        and words.meaning.due is not None
        and words.meaning.due > frame.now
    )


def _read(
    prose: Prose, place: tuple[int, int], *, times: tuple[TimeWords, ...], frame: Frame
) -> Sentence:
    start, end = prose.span(*place)
    # They are in order and never overlap: a long message is not searched whole for each sentence.
    first = bisect_right(times, start, key=lambda words: words.end)
    last = bisect_left(times, end, first, key=lambda words: words.start)
    here = times[first:last]
    folded = prose.folded[slice(*place)]
    kinds = frozenset(words.kind for words in here if not words.is_past)
    ahead = _ahead(prose, place[0], times=here, frame=frame)
    may_promise = looks_ahead(folded) and not promises_nothing(folded, ahead=ahead)
    signals = signals_of(folded, time_kinds=kinds) if may_promise else {}
    if signals and len(folded) < _SHORT:
        signals["short"] = 1.0
    return Sentence(start=start, end=end, folded=folded, signals=signals, times=here)
