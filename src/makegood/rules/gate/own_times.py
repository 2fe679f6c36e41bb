"""What the words of a promise say of its own time, beside the time that is written down for it.

"Within half an hour" beside "by the end of today" gives two times, and one of them is not meant.
"""

from typing import Final

from makegood.rules.capture.kinds import Kind
from makegood.rules.gate import times
from makegood.rules.gate.facts import Window
from makegood.rules.gate.objections import Rule
from makegood.rules.gate.statements import About, Reading, Statement, read
from makegood.rules.timewords import reading as timewords
from makegood.rules.timewords.moment import Due, Frame
from makegood.rules.wording.language import is_english

EVERY: Final = frozenset(Kind)
_SAYS_LESS: Final = frozenset({None, Rule.VAGUER})


def said_when(words: str, *, frame: Frame, of: frozenset[Kind] = EVERY) -> Due | None:
    """By when the words of a promise say that it is kept; None if they name no time, or several.

    :param of: what the promise can be about; other times in its words are of something else.
    """
    reading = read(words, frame=frame, automatic=False)
    if not is_english(reading.prose.folded):
        return None
    stated = [one.meaning for one in _stated(reading, frame=frame, of=of)]
    found = [*stated, *_promised(reading, frame=frame, of=of)]
    if of == EVERY:
        found = found or _named(reading, frame=frame)
    return found[0] if len({one.due for one in found}) == 1 else None


def other_time(
    words: str, window: Window, *, frame: Frame, of: frozenset[Kind] = EVERY
) -> Due | None:
    """The time that words say instead of the one written down for them; None if they agree.

    Words may say less than is written down, or nothing of when.
    """
    found = contradiction(read(words, frame=frame, automatic=False), window, frame=frame, of=of)
    return found.meaning if found else None


def contradiction(
    reading: Reading, window: Window, *, frame: Frame, of: frozenset[Kind] = EVERY
) -> Statement | None:
    """The first time that words state, if none of them is the one written down for them."""
    if not is_english(reading.prose.folded):
        return None
    stated = _stated(reading, frame=frame, of=of)
    if any(times.difference(one, window, frame=frame) in _SAYS_LESS for one in stated):
        return None
    return stated[0] if stated else None


def _stated(reading: Reading, *, frame: Frame, of: frozenset[Kind]) -> list[Statement]:
    return [
        one
        for one in reading.statements
        if one.about is About.TIME
        and _is_ahead(one.meaning, frame=frame)
        and not one.is_offer
        and one.kinds & of
    ]


def _promised(reading: Reading, *, frame: Frame, of: frozenset[Kind]) -> list[Due]:
    said = (
        Due(earliest=one.earliest, due=one.due, precision=one.precision)
        for one in reading.promises
        if one.kind in of
    )
    return [one for one in said if _is_ahead(one, frame=frame)]


def _named(reading: Reading, *, frame: Frame) -> list[Due]:
    """Times in words that are no whole sentence, such as "Call back in ten minutes"."""
    if any(one.about is About.PAST for one in reading.statements):
        return []
    named = timewords.find(reading.prose, frame=frame)
    return [one.meaning for one in named if _is_ahead(one.meaning, frame=frame)]


def _is_ahead(said: Due, *, frame: Frame) -> bool:
    return said.due is not None and said.due > frame.now
