"""Finds the words in a text that say when, and reads them against a moment.

Words that name no date get none: "as soon as possible" says nothing, "next trash day" a round.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final

from makegood.rules.calendars import DAY
from makegood.rules.timewords import changes
from makegood.rules.timewords.amounts import due_of_amount
from makegood.rules.timewords.clocks import Clocks, clocks_of, in_the_afternoon, in_the_morning
from makegood.rules.timewords.days import Days, days_of
from makegood.rules.timewords.grammar import ANCHOR, ATOM, BEFORE, EVENT, JOINT
from makegood.rules.timewords.moment import Due, Frame, Precision, TimeWords
from makegood.rules.wording.prose import Prose

_DAYS: Final = frozenset(
    {"iso", "slash", "daymonth", "monthday", "dayonly", "weekday", "dayword", "dayend", "period"}
    | {"monthonly", "yearonly", "weekof", "feast", "dotted"}
)
_DATES: Final = frozenset({"iso", "slash", "dotted", "daymonth", "monthday", "dayonly"})
_CLOCKS: Final = frozenset({"clock", "clockspan", "part"})
_NO_DATE: Final = {
    "round": Due(precision=Precision.ROUND),
    "vague": Due(),
    "nearly": Due(),
}
_LOOKS_BACK: Final = 44
_WIDE: Final = frozenset({"part", "dayword"})  # "by 4 this afternoon" is by 4
_UNTIL: Final = frozenset(
    {"by", "until", "till", "within", "not", "no", "before", "prior", "sooner"}
)
_RANGE: Final = re.compile(r" ?(?:-|to|and|or) ?(?:the )?")
_PAST: Final = re.compile(r"^(?: ago\b| earlier\b)")
_NEEDS_PREPOSITION: Final = frozenset({"monthonly", "yearonly", "period", "dayonly"})
_ENDS_IN_A_MONTH: Final = frozenset({"daymonth", "monthonly", "weekof"})
_BEFORE_A_YEAR: Final = frozenset({"in", "by", "before", "until", "during", "sometime in"})
_LATE_DAY: Final = re.compile(r"afternoon|evening|night$")
_NOT_AHEAD: Final = re.compile(r"(?:last|past|previous|every|each|these) $")
_TRAILING: Final = " .,"

Atom = tuple[str, re.Match[str]]


def find(prose: Prose, *, frame: Frame) -> tuple[TimeWords, ...]:
    """Every expression of time in a text, in order, with what it means. They never overlap."""
    folded = changes.parted(prose.folded)
    found = [
        words
        for group in _groups(folded)
        if (words := _read(group, folded=folded, frame=frame)) is not None
    ]
    left = changes.former(found, folded=prose.folded)
    found = [_left(words) if words.start in left else words for words in found]
    taken = [(words.start, words.end) for words in found]
    found += [
        TimeWords(start=start, end=end, words="", kind="event")
        for start, end in _events(prose.folded)
        if not any(start < other_end and begin < end for begin, other_end in taken)
    ]
    return tuple(_placed(words, prose) for words in sorted(found, key=lambda words: words.start))


def _left(words: TimeWords) -> TimeWords:
    return replace(words, kind=changes.FORMER, is_past=True)


def _placed(words: TimeWords, prose: Prose) -> TimeWords:
    start, end = prose.span(words.start, words.end)
    return replace(words, start=start, end=end, words=prose.original[start:end])


def _events(folded: str) -> Iterator[tuple[int, int]]:
    for event in EVENT.finditer(folded):
        yield event.start(), event.start() + len(event[0].rstrip(_TRAILING))


def _groups(folded: str) -> Iterator[list[Atom]]:
    """Atoms that belong to one expression, such as "tomorrow", "after", "2 pm"."""
    group: list[Atom] = []
    for found in ATOM.finditer(folded):
        atom = (found.lastgroup or "", found)
        if group and _joins(group, atom, folded=folded):
            group.append(atom)
            continue
        if group:
            yield group
        group = [atom]
    if group:
        yield group


def _joins(group: list[Atom], atom: Atom, *, folded: str) -> bool:
    kind, found = atom
    last_kind, last = group[-1]
    between = folded[last.end() : found.start()]
    if kind in _DAYS and last_kind in _DAYS:
        is_range = _RANGE.fullmatch(between) is not None and kind != "period"
        return is_range or _names_the_same_day(last_kind, kind, between)
    if kind not in _DAYS | _CLOCKS or last_kind not in _DAYS | _CLOCKS:
        return False
    if kind in _CLOCKS and any(other in _CLOCKS for other, _ in group):
        # "Morning, at 10", "10 tomorrow morning" and "10 in the morning", but not "10, 11".
        return "part" in {kind, last_kind} and JOINT.fullmatch(between) is not None
    return JOINT.fullmatch(between) is not None


def _names_the_same_day(first: str, second: str, between: str) -> bool:
    """As in "Wednesday 7/13", "this Saturday, June 20", "tomorrow, 3 May" and "24 May at EOD"."""
    pairs = {first, second}
    return (
        JOINT.fullmatch(between) is not None
        and " and" not in between
        and (bool(pairs & {"weekday", "dayword"} and pairs & _DATES) or "dayend" in pairs)
    )


def _read(group: list[Atom], *, folded: str, frame: Frame) -> TimeWords | None:
    """One expression with its preposition; None if it only looks like one."""
    kind, first = group[0]
    start, end = first.start(), group[-1][1].end()
    if group[-1][0] in _ENDS_IN_A_MONTH and folded[end - 1] == ".":
        end -= 1  # the stop of "Jan." or of the sentence, which no date needs
    before = BEFORE.search(folded[max(0, start - _LOOKS_BACK) : start])
    said = before[1].strip() if before else ""
    if before:
        start -= len(before[1])
    if kind in _NEEDS_PREPOSITION and not _is_certain(first, kind, said, alone=len(group) == 1):
        return None
    if kind in _NO_DATE:
        return TimeWords(start=start, end=end, words="", kind=kind, meaning=_NO_DATE[kind])
    if kind == "amount":
        return _amount(first, start=start, said=said, folded=folded, frame=frame)
    meaning = _meaning(group, said=said, folded=folded, frame=frame)
    is_past = meaning.due is not None and meaning.due < frame.now
    return TimeWords(
        start=start, end=end, words="", kind="moment", is_past=is_past, meaning=meaning
    )


def _is_certain(found: re.Match[str], kind: str, said: str, *, alone: bool) -> bool:
    """Tell "in March", "next week" and "the 12th" from "march on", "week" and "the 3rd floor"."""
    if not alone:
        return True
    if kind == "dayonly":
        return said != "" and not said.startswith(("in", "for"))
    if kind == "monthonly":
        return bool(said or found["moedge"] or found["moyear"])
    if kind == "yearonly":
        return bool(found["yedge"]) or said in _BEFORE_A_YEAR
    return _is_certain_period(found, said)


def _is_certain_period(found: re.Match[str], said: str) -> bool:
    if found["season"]:
        return bool(said or found["swhich"] or found["sedge"])
    if found["pname"] == "weekend":
        return bool(said or found["pwhich"] or found["edge"])
    return bool(
        (found["pwhich"] or found["edge"]) and (found["pwhich"] or found["pname"] != "year")
    )


def _amount(
    found: re.Match[str], *, start: int, said: str, folded: str, frame: Frame
) -> TimeWords | None:
    if _PAST.match(folded[found.end() : found.end() + 10]) or _NOT_AHEAD.search(
        folded[max(0, found.start() - 10) : found.start()]
    ):
        return None
    end = found.end()
    meaning = due_of_amount(found, before=said, frame=frame)
    kind = "amount"
    anchor = ANCHOR.match(folded, end)
    if anchor is not None:
        end += len(anchor[0].rstrip(_TRAILING))
        if anchor["event"] is not None:
            meaning, kind = Due(), "event"
    return TimeWords(start=start, end=end, words="", kind=kind, meaning=meaning)


def _meaning(group: list[Atom], *, said: str, folded: str, frame: Frame) -> Due:
    days = _days(group, folded=folded, frame=frame)
    clocks, clock_said = _clocks(group, said=said, folded=folded)
    if days is None and any(kind in _DAYS for kind, _ in group):
        return Due()  # "on Tuesdays" and impossible days
    if clocks is not None:
        return _in_order(_by_clock(days, clocks, said=clock_said, frame=frame))
    if any(kind == "dayend" for kind, _ in group) and said == "before":
        said = "by"  # before the end of a day is on that day
    return _in_order(_by_day(days, said=said, frame=frame)) if days else Due()


def _in_order(said: Due) -> Due:
    """A day that a zone skipped, as Samoa did in 2011, would begin after its end."""
    if said.earliest and said.due and said.earliest > said.due:
        return replace(said, earliest=None)
    return said


def _days(group: list[Atom], *, folded: str, frame: Frame) -> Days | None:
    atoms = [atom for atom in group if atom[0] in _DAYS]
    # "By close of play on Thursday" is Thursday, not the end of today.
    named = [atom for atom in atoms if atom[0] != "dayend"] or atoms
    dated = [atom for atom in named if atom[0] in _DATES] or named
    read = [days for kind, found in dated if (days := days_of(found, kind=kind, frame=frame))]
    if not read:
        return None
    first, last = read[0], read[-1]
    is_range = any(
        _RANGE.fullmatch(folded[one[1].end() : other[1].start()]) for one, other in pairwise(atoms)
    )
    if not is_range:
        return first
    while last[1] < first[0] and atoms[-1][0] == "weekday":
        last = (last[0] + 7 * DAY, last[1] + 7 * DAY)
    return first[0], max(first[1], last[1])


def _clocks(group: list[Atom], *, said: str, folded: str) -> tuple[Clocks | None, str]:
    """The wall times of a group, the narrower if there are two, and the word before them."""
    found: Clocks | None = None
    word = said
    for place, (kind, atom) in enumerate(group):
        clocks = clocks_of(atom, kind=kind)
        if clocks is None or (found is not None and kind in _WIDE):
            continue
        found = clocks
        if place > 0:
            between = folded[group[place - 1][1].end() : atom.start()].strip(" ,")
            word = between or word
    if found and any(_LATE_DAY.search(atom[0]) for _, atom in group):
        found = in_the_afternoon(found)
    if found and any(atom[0].endswith("morning") for _, atom in group):
        found = in_the_morning(found)
    return found, word


def _by_clock(days: Days | None, clocks: Clocks, *, said: str, frame: Frame) -> Due:
    first, last = clocks
    if days is None:
        day = frame.today if frame.at(frame.today, last) > frame.now else frame.today + DAY
        days = (day, day)
    opens, closes = frame.at(days[0], first), frame.at(days[1], last)
    if said.split(" ", maxsplit=1)[0] in _UNTIL:
        return Due(due=opens if said == "before" else closes, precision=Precision.INSTANT)
    if said.startswith("after"):
        return Due(earliest=opens, due=frame.end_of(days[1]), precision=Precision.DATE)
    if opens > closes:
        return Due(due=closes, precision=Precision.INSTANT)
    return Due(earliest=opens, due=closes, precision=Precision.INSTANT)


def _by_day(days: Days, *, said: str, frame: Frame) -> Due:
    first, last = days
    word = said.split(" ", maxsplit=1)[0]
    if word in {"before", "prior"}:
        return Due(due=frame.end_of(first - DAY), precision=Precision.DATE)
    if word in {"after", "from", "starting"} and first == last:
        return Due(earliest=frame.start_of(first))
    if word in _UNTIL:
        return Due(due=frame.end_of(last), precision=Precision.DATE)
    return Due(earliest=frame.start_of(first), due=frame.end_of(last), precision=Precision.DATE)
