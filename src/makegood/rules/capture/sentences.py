"""Each sentence of a message with what speaks for a promise in it, and the time words beside it."""

import re
from dataclasses import dataclass
from typing import Final

from makegood.rules.capture.signals import signals_of
from makegood.rules.timewords import reading
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
    """A sentence: its place in the original text, its folded words, signals and time words."""

    start: int
    end: int
    folded: str
    signals: dict[str, float]
    times: tuple[TimeWords, ...]


def read_sentences(prose: Prose, *, frame: Frame) -> list[Sentence]:
    """The sentences of a message, each seen with its neighbours."""
    times = reading.find(prose, frame=frame)
    places = list(sentences(prose.folded))
    read = [_read(prose, place, times=times) for place in places]
    is_about_others = _THIRD.search(prose.folded) is not None
    for index, sentence in enumerate(read):
        if len(read) == 1:
            sentence.signals["only_sentence"] = 1.0
        if is_about_others:
            sentence.signals["text_third"] = 1.0
        if index and not sentence.signals.keys() & {"i_will", "we_will"}:
            _hear_of_others(read[index - 1], sentence)
        if index == len(read) - 1:
            sentence.signals["last"] = 1.0
        elif "question" in read[index + 1].signals:
            sentence.signals["before_question"] = 1.0
    return read


def _hear_of_others(before: Sentence, sentence: Sentence) -> None:
    """After "reported to another company", a technician who will come is theirs."""
    if _OTHER_COMPANY.search(before.folded) and "any_will" in sentence.signals:
        sentence.signals["other_company_acts"] = 1.0


def _read(prose: Prose, place: tuple[int, int], *, times: tuple[TimeWords, ...]) -> Sentence:
    start, end = prose.span(*place)
    here = tuple(words for words in times if words.start < end and start < words.end)
    folded = prose.folded[slice(*place)]
    kinds = frozenset(words.kind for words in here if not words.is_past)
    signals = signals_of(folded, time_kinds=kinds)
    if len(folded) < _SHORT:
        signals["short"] = 1.0
    return Sentence(start=start, end=end, folded=folded, signals=signals, times=here)
