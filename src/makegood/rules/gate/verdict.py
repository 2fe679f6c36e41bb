"""The gate: say it, say this instead, or do not.

Every date, amount, state and entitlement that a text states in the company's name rests on a fact
of the case, or the text does not leave.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from makegood.rules.capture.kinds import Kind
from makegood.rules.capture.promises import Captured
from makegood.rules.gate import elsewhere, own_times
from makegood.rules.gate.binding import Court
from makegood.rules.gate.facts import Facts
from makegood.rules.gate.objections import REASONS, Bound, Objection, Rule
from makegood.rules.gate.statements import About, Statement, read
from makegood.rules.timewords.moment import Frame, Precision
from makegood.rules.wording.check import check_prose
from makegood.rules.wording.findings import Context, Finding, Level
from makegood.rules.wording.language import is_english
from makegood.rules.wording.prose import LONGEST, fold, without_quotes

NOT_ENGLISH: Final = "The text is not English: only its figures were compared with the facts."
_WORD: Final = re.compile(r"[^\W\d_]{2,60}")
# It is promised already, otherwise: that promise is moved, and none of its kind put beside it.
_ELSE: Final = frozenset({Rule.LATER, Rule.EARLIER, Rule.VAGUER, Rule.NARROWER, Rule.OVERTAKEN})
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


class Answer(StrEnum):
    """What the gate says of a text."""

    SAY = "say"
    SAY_INSTEAD = "say_instead"
    DO_NOT = "do_not"


@dataclass(frozen=True, kw_only=True, slots=True)
class Speech:
    """Who speaks: a machine bears no witness; `may_promise` lets it give a word anew.

    `brings_news`: the customer was not told it before, so that "sorry" in it is not said again.
    """

    automatic: bool = False
    may_promise: bool = False
    brings_news: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer with its grounds; `instead` is a whole text that may be said in place.

    `new` are the promises in the text that are not on record yet.
    """

    answer: Answer
    objections: tuple[Objection, ...] = ()
    bound: tuple[Bound, ...] = ()
    new: tuple[Captured, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    instead: str = ""

    @property
    def passes(self) -> bool:
        """Whether the text may leave as it is."""
        return self.answer is Answer.SAY


_PERSON: Final = Speech()


def decide(text: str, *, facts: Facts, frame: Frame, speech: Speech = _PERSON) -> Verdict:
    """Whether a text may be said about a case now, and what would be true in its place."""
    verdict = _decide(text, facts=facts, frame=frame, speech=speech)
    if verdict.passes:
        return verdict
    instead = _instead(text, verdict, facts=facts, frame=frame, speech=speech)
    if instead is None:
        return verdict
    return replace(verdict, answer=Answer.SAY_INSTEAD, instead=instead)


def _decide(text: str, *, facts: Facts, frame: Frame, speech: Speech) -> Verdict:
    if refused := _unreadable(text):
        return Verdict(answer=Answer.DO_NOT, objections=(refused,))
    reading = read(text, frame=frame, automatic=speech.automatic)
    context = _context(facts)
    if not is_english(reading.prose.folded):
        found = (
            *_mixed(text),
            *elsewhere.objections(reading.prose, facts=facts, automatic=speech.automatic),
        )
        return _verdict(found, (), notices=(NOT_ENGLISH,))
    plain = without_quotes(text)
    prose = reading.prose if plain == reading.prose.original else fold(plain)
    checked = check_prose(prose, length=len(text), context=context)
    court = Court(
        reading=reading,
        facts=facts,
        frame=frame,
        automatic=speech.automatic,
        may_promise=speech.may_promise,
    )
    judged = [(one, court.judge(one)) for one in reading.statements]
    objections = [one for _, one in judged if isinstance(one, Objection)]
    bound = tuple(one for _, one in judged if isinstance(one, Bound))
    objections += _other_time(court, objections)
    objections += _mixed(text)
    if not speech.brings_news:
        objections += _second_apology(court, bound)
    return _verdict(
        objections,
        checked.findings,
        bound=bound,
        new=_new(judged, court),
        notices=checked.notices,
    )


def _other_time(court: Court, objections: list[Objection]) -> list[Objection]:
    """A promise that is being made, whose words say another time than its own."""
    stopped = {one.start for one in objections if one.stops}
    own = [window for window in court.facts.windows if window.is_own]
    found = (own_times.contradiction(court.reading, one, frame=court.frame) for one in own)
    return [
        court.stop(said, Rule.OTHER_TIME)
        for said in found
        if said is not None and said.start not in stopped
    ]


def _verdict(
    objections: "list[Objection] | tuple[Objection, ...]",
    findings: tuple[Finding, ...],
    *,
    bound: tuple[Bound, ...] = (),
    new: tuple[Captured, ...] = (),
    notices: tuple[str, ...] = (),
) -> Verdict:
    stopped = any(one.stops for one in objections)
    stopped = stopped or any(finding.level is Level.BLOCK for finding in findings)
    return Verdict(
        answer=Answer.DO_NOT if stopped else Answer.SAY,
        objections=tuple(sorted(objections, key=lambda one: (one.start, one.rule))),
        bound=bound,
        new=new,
        findings=findings,
        notices=notices,
    )


def _unreadable(text: str) -> Objection | None:
    if len(text) > LONGEST:
        return _whole(Rule.TOO_LONG, text)
    return None if text.strip() else _whole(Rule.EMPTY, text)


def _whole(rule: Rule, text: str) -> Objection:
    end = len(text)
    return Objection(
        rule=rule, level=Level.BLOCK, start=0, end=end, first=0, last=end, reason=REASONS[rule]
    )


def _mixed(text: str) -> list[Objection]:
    """Words of two alphabets: they look like one word and read like another."""
    if text.isascii():
        return []
    found = []
    for word in _WORD.finditer(text):
        if word[0].isascii():
            continue
        scripts = {_script(letter) for letter in word[0]} - {""}
        if len(scripts) > 1:
            start, end = word.span()
            found.append(
                Objection(
                    rule=Rule.MIXED_LETTERS,
                    level=Level.BLOCK,
                    start=start,
                    end=end,
                    first=0,
                    last=len(text),
                    reason=REASONS[Rule.MIXED_LETTERS],
                )
            )
    return found


def _script(letter: str) -> str:
    name = unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")


def _context(facts: Facts) -> Context:
    given = bool(facts.things) or bool(facts.sums)
    return Context(
        our_fault=facts.our_fault,
        grant=given or None,
        linked_change=facts.has_change,
        urgent=facts.urgent,
    )


def _second_apology(court: Court, bound: tuple[Bound, ...]) -> list[Objection]:
    """Sorry once is an apology; sorry again needs something that was not known before."""
    last = max(court.facts.apologies, default=None)
    if last is None or any(one.since > last for one in bound):
        return []
    return [
        court.stop(one, Rule.APOLOGY_AGAIN, instead=court.facts.next_word)
        for one in court.reading.statements
        if one.about is About.APOLOGY
    ][:1]


def _new(
    judged: list[tuple[Statement, Bound | Objection | None]], court: Court
) -> tuple[Captured, ...]:
    """The promises that no fact stands behind yet, and none against: what may go on record."""
    times = [(one, found) for one, found in judged if one.about is About.TIME]
    known = [one for one, found in times if _is_known(one, found, facts=court.facts)]
    return tuple(
        promise
        for promise in court.reading.promises
        if promise.due is not None
        and promise.precision is not Precision.NONE
        and not any(one.first <= promise.start < one.last for one in known)
    )


def _is_known(one: Statement, found: Bound | Objection | None, *, facts: Facts) -> bool:
    """Whether a promise of its very kind stands or broke; of no kind, it may be of anything."""
    if isinstance(found, Objection) and found.rule in _ELSE:
        kinds = one.kinds - {Kind.OTHER}
        given = [one for one in facts.windows if not (one.is_round or one.is_offer)]
        return any(kinds & window.kinds for window in given)
    is_again = isinstance(found, Objection) and found.rule is Rule.BROKEN_AGAIN
    return is_again or isinstance(found, Bound)


def _instead(
    text: str, verdict: Verdict, *, facts: Facts, frame: Frame, speech: Speech
) -> str | None:
    """A text that passes: the same with true sentences in it, or the true sentence alone."""
    if any(finding.level is Level.BLOCK for finding in verdict.findings):
        return None
    mended = _mend(text, verdict.objections, next_word=facts.next_word)
    for other in (mended, facts.next_word):
        plain = other.strip()
        if plain == text.strip() or not _says(plain):
            continue
        if _decide(plain, facts=facts, frame=frame, speech=speech).passes:
            return plain
    return None


def _says(text: str) -> bool:
    """Whether there is more left of a text than a greeting."""
    return len(text.split()) > 3  # noqa: PLR2004 - a greeting has three words


def _mend(text: str, objections: tuple[Objection, ...], *, next_word: str) -> str:
    """Put what is true in the place of each sentence that is not, each only once."""
    parts: list[str] = []
    said: set[str] = set()
    place = 0
    for one in objections:
        if not one.stops or one.first < place:
            continue
        parts.append(text[place : one.first])
        place = one.last
        true = [new for new in _true(one, objections, next_word=next_word) if new not in text]
        parts.append(" ".join(new for new in true if new not in said))
        said.update(true)
        if one.rule is Rule.APOLOGY_AGAIN and parts[-1]:
            parts[-1] = f"{text[one.first : one.last]} {parts[-1]}"
    parts.append(text[place:])
    return re.sub(r"[ \t]{2,}", " ", "".join(parts))


def _true(one: Objection, among: tuple[Objection, ...], *, next_word: str) -> list[str]:
    """What is true instead of a sentence, of everything that is wrong in it.

    When they hear next stands for what has no sentence of its own, and is no answer to the rest.
    """
    here = [other for other in among if other.stops and one.first <= other.first < one.last]
    true = list(dict.fromkeys(other.instead for other in here if other.instead))
    return [new for new in true if new != next_word] or true
