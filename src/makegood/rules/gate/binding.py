"""Binds each statement of a text to the fact that it rests on, or says why there is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from makegood.rules.capture.kinds import Kind
from makegood.rules.gate import how_far, times
from makegood.rules.gate.facts import Broken, Facts, Money, State, Sum, Window, are_kin
from makegood.rules.gate.objections import REASONS, Bound, Objection, Rule
from makegood.rules.gate.owners import is_proper
from makegood.rules.gate.statements import About, Reading, Statement
from makegood.rules.timewords.moment import Frame, Precision
from makegood.rules.wording.findings import Level
from makegood.rules.wording.prose import fold, places_of

_TESTIMONY: Final = frozenset({State.ORDERED, State.PASSED_ON, State.CALLED, State.ACTED})
_BESIDES: Final = re.compile(r"\b(?:further|another|extra|additional) [£$€]?\d|\d more\b")
_TEAM: Final = re.compile(r"\b(?:team|department|desk|office|crew|colleagues|specialists|staff)\b")
_DEEDS: Final = frozenset(
    {Kind.VISIT, Kind.REPAIR, Kind.DELIVERY, Kind.COLLECTION, Kind.CALLBACK, Kind.OTHER}
)
_LIKE: Final = 0.6
# "You waited a whole morning" names no moment that could be wrong.
_NAMES_A_DAY: Final = re.compile(
    r"\d|day\b|tomorrow|tonight|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo"
    r"|novem|decem)ber|week"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Court:
    """What statements are held against, and who speaks."""

    reading: Reading
    facts: Facts
    frame: Frame
    automatic: bool
    may_promise: bool

    def judge(self, one: Statement) -> Bound | Objection | None:
        """What a statement rests on, or what is wrong with it; None for a word given anew."""
        if one.about not in {About.TIME, About.PAST, About.CROWD}:
            window = self._repeated(one, among=self.facts.windows)
            if window is not None:
                return self.bound(one, window.key, window)
        return _JUDGES[one.about](self, one)

    def time(self, one: Statement) -> Bound | Objection | None:
        """A date or time ahead."""
        standing = self._repeated(one, among=[w for w in self.facts.windows if w.stands])
        if window := standing or self.rendered(one):
            return self.upheld(one, window)
        windows = times.candidates(one, self.facts)
        if not one.is_readable:
            return self._verbatim(one, windows)
        differences = [times.difference(one, window, frame=self.frame) for window in windows]
        if known := self._known(one, windows, differences):
            return known
        if broken := self._broken(one):
            return self.stop(one, Rule.BROKEN_AGAIN, instead=self._true(windows, broken))
        if self.may_promise and self._is_new(one, windows):
            return None
        nearest = times.nearest(one, windows)
        rule = differences[windows.index(nearest)] if nearest else None
        instead = self._true([nearest, *windows] if nearest else windows)
        return self.stop(one, rule or Rule.NO_PROMISE, instead=instead)

    def _known(
        self, one: Statement, windows: list[Window], differences: list[Rule | None]
    ) -> Bound | Objection | None:
        """The window that a time is of: said exactly, or in short beside the exact words."""
        pairs = list(zip(windows, differences, strict=True))
        for window, rule in pairs:
            if rule is None and not window.is_overtaken:
                return self.bound(one, window.key, window)
        for window, rule in pairs:
            if rule is None:
                return self.upheld(one, window)
        if in_time := times.allows(one, windows):
            return self.bound(one, in_time.key, in_time)
        for window, rule in pairs:
            if rule is Rule.VAGUER and (window.is_own or self._is_exact_elsewhere(one, window)):
                return self.bound(one, window.key, window)
        return None

    def past(self, one: Statement) -> Bound | Objection | None:
        """A date or time gone by: a person may bear witness, a machine needs the record."""
        moment = times.happened(one, self.facts, frame=self.frame)
        if moment is not None:
            return Bound(key="moment", start=one.start, end=one.end, since=moment)
        if one.meaning.due is None or not _NAMES_A_DAY.search(one.words.lower()):
            return None
        return self.stop(one, Rule.NO_PAST, instead=self.facts.next_word, is_testimony=True)

    def amount(self, one: Statement) -> Bound | Objection | None:
        """An amount of money."""
        amount = one.amount
        if amount is None:
            return None
        same_currency = [s for s in self.facts.sums if s.currency in amount.currencies]
        fitting = [s for s in same_currency if how_far.is_enough(s, one.sentence)]
        instead = self._true_sum(one) or self.facts.next_word
        if amount.is_vague and amount.minor is not None:
            return self.stop(one, Rule.VAGUE_SUM, instead=instead)
        equal = [known for known in fitting if known.minor == amount.minor]
        if len(equal) > (_BESIDES.search(one.sentence) is not None):
            known = equal[-1]
            return Bound(key=known.key, start=one.start, end=one.end, since=known.since)
        if "total" in one.sentence and amount.minor == _total(fitting):
            newest = max(fitting, key=lambda known: known.since)
            return Bound(key=newest.key, start=one.start, end=one.end, since=newest.since)
        not_yet = how_far.says_paid(one.sentence) and any(
            known.minor == amount.minor for known in same_currency
        )
        rule = Rule.NOT_ARRIVED if not_yet else Rule.NO_SUM
        they_paid = how_far.says_they_paid(one.sentence)
        return self.stop(one, rule, instead=instead, is_testimony=they_paid)

    def state(self, one: Statement) -> Bound | Objection | None:
        """How something stands."""
        state = State(one.what)
        is_put = state is State.ACTED and self._is_put(one)
        if is_put or state in self.facts.states or self._shows(state, one.kinds):
            return Bound(key=f"state:{state}", start=one.start, end=one.end, since=self.frame.now)
        windows = times.candidates(one, self.facts)
        rule = Rule.NOT_ARRIVED if state is State.PAID and self.facts.sums else Rule.NO_STATE
        instead = self._true(windows)
        if state is State.PAID:
            instead = self._true_sum(one) or instead
        return self.stop(one, rule, instead=instead, is_testimony=state in _TESTIMONY)

    def entitlement(self, one: Statement) -> Bound | Objection | None:
        """Something that the customer gets."""
        waived = any(known.how_far is Money.WAIVED for known in self.facts.sums)
        things = bool(self.facts.things)
        given = any(known.how_far in how_far.OURS for known in self.facts.sums)
        known = {
            "refund": given,
            "free": waived or things,
            "thing": any(_share_a_word(one.sentence, thing) for thing in self.facts.things),
            "reduced": any(_share_figures(one.words, thing) for thing in self.facts.things),
            "entitled": given or things,
            "compensation": given,
            "full": any("full" in thing.lower() for thing in self.facts.things),
        }
        if known[one.what]:
            return Bound(key=f"gift:{one.what}", start=one.start, end=one.end, since=self.frame.now)
        instead = self._true_sum(one) or self.facts.next_word
        return self.stop(one, Rule.NO_ENTITLEMENT, instead=instead)

    def undated(self, one: Statement) -> Bound | Objection | None:
        """A promise that names no time, while one is promised."""
        windows = times.candidates(one, self.facts)
        own = any(window.is_own for window in windows)
        if own or self._is_exact_elsewhere(one, *windows):
            return None
        if self.may_promise and not windows:
            return None
        rule = Rule.VAGUER if windows else Rule.NO_PROMISE
        return self.stop(one, rule, instead=self._true(windows), is_testimony=True)

    def pledge(self, one: Statement) -> Bound | Objection | None:
        """It will not happen again."""
        return None if self.facts.has_change else self.stop(one, Rule.NEVER_AGAIN)

    def owner(self, one: Statement) -> Bound | Objection | None:
        """Who has the case."""
        known = set(self.facts.owner.lower().split())
        if known and set(one.what.split()) & known:
            return None
        is_known = _TEAM.search(one.what) or not is_proper(one.what, words=one.words)
        return self.stop(
            one, Rule.NOT_OWNER, instead=self.facts.next_word, is_testimony=bool(is_known)
        )

    def apology(self, one: Statement) -> Bound | Objection | None:  # noqa: ARG002 - judged at the end
        """Judged once it is known what else the text says."""
        return None

    def crowd(self, one: Statement) -> Objection:
        """More than can be looked at: it is stopped unread."""
        return self.stop(one, Rule.TOO_MANY, instead=self.facts.next_word)

    def bound(self, one: Statement, key: str, window: Window) -> Bound:
        """A statement that rests on a window."""
        return Bound(key=key, start=one.start, end=one.end, since=window.since)

    def upheld(self, one: Statement, window: Window) -> Bound | Objection:
        """A statement that rests on a window, unless a newer time was decided in its place."""
        if not window.is_overtaken:
            return self.bound(one, window.key, window)
        newer = [w for w in self.facts.windows if w.says and w.since > window.since]
        kin = [w for w in newer if w.kinds == window.kinds and not w.is_overtaken]
        return self.stop(one, Rule.OVERTAKEN, instead=self._true(kin))

    def stop(
        self, one: Statement, rule: Rule, *, instead: str = "", is_testimony: bool = False
    ) -> Objection:
        """An objection; what a person says as a witness is only warned about."""
        warns = is_testimony and not self.automatic
        return Objection(
            rule=rule,
            level=Level.WARN if warns else Level.BLOCK,
            start=one.start,
            end=one.end,
            first=one.first,
            last=one.last,
            reason=REASONS[rule],
            instead=instead,
        )

    def rendered(self, one: Statement) -> Window | None:
        """The window whose time stands here in just the words that we write ourselves."""
        prose = self.reading.prose
        windows = sorted(times.candidates(one, self.facts), key=lambda window: window.is_overtaken)
        for window in windows:
            for rendering in window.renderings:
                for place in places_of(rendering, prose.folded):
                    first, last = prose.span(*place)
                    if first <= one.start and one.end <= last:
                        return window
        return None

    def _repeated(self, one: Statement, *, among: Iterable[Window]) -> Window | None:
        """The live promise whose very words stand here."""
        prose = self.reading.prose
        for window in among:
            words = fold(window.words).folded.strip(" .!")
            start = prose.folded.find(words) if words else -1
            if start >= 0:
                first, last = prose.span(start, start + len(words))
                if first <= one.start and one.end <= last:
                    return window
        return None

    def _verbatim(self, one: Statement, windows: list[Window]) -> Bound | Objection:
        """A time in letters is known only by the very words of the promise."""
        for window in windows:
            words = fold(window.words).folded.strip(" .!")
            if window.is_own or (words and words in self.reading.prose.folded):
                return self.bound(one, window.key, window)
        return self.stop(one, Rule.UNREAD_TIME, instead=self._true(windows))

    def _is_exact_elsewhere(self, one: Statement, *windows: Window) -> bool:
        """Whether the text says the time of such a window exactly, so that this is shorthand."""
        for other in self.reading.statements:
            if other is one or other.about is not About.TIME or not other.is_readable:
                continue
            if other.meaning.precision is Precision.NONE:
                continue
            for window in windows:
                if are_kin(other.kinds, window.kinds) and (
                    times.difference(other, window, frame=self.frame) is None
                    or self.rendered(other) is window
                ):
                    return True
        return False

    def _broken(self, one: Statement) -> Broken | None:
        """The broken promise that a statement repeats."""
        for broken in self.facts.broken:
            if not are_kin(one.kinds, broken.kinds) or not broken.words:
                continue
            if _likeness(broken.words, one.sentence) >= _LIKE:
                return broken
        return None

    def _is_new(self, one: Statement, windows: list[Window]) -> bool:
        """Whether this gives a new word: dated, ahead, and of a kind that is not promised yet."""
        due = one.meaning.due
        if due is None or due <= self.frame.now or one.is_offer or Kind.REFUND in one.kinds:
            return False
        # A round comes by itself: whoever may promise can still promise to come before it.
        return not any(one.kinds & window.kinds for window in windows if not window.is_round)

    def _shows(self, state: State, kinds: frozenset[Kind]) -> bool:
        """Whether promises, deeds or sums show a state."""
        facts = self.facts
        if state is State.PAID:
            return any(known.how_far is Money.ARRIVED for known in facts.sums)
        if state is State.GRANTED:
            return bool(facts.things) or any(known.how_far in how_far.GIVEN for known in facts.sums)
        if state is State.SENT:
            return any(known.how_far in {Money.SENT, Money.ARRIVED} for known in facts.sums)
        if state is State.BOOKED:
            ours = [window for window in facts.windows if not window.speaks_of]
            return any(are_kin(kinds, w.kinds) and w.kinds & _DEEDS for w in ours)
        if state is State.CLOSED:
            return facts.is_open is False
        return self._is_done(state, kinds)

    def _is_done(self, state: State, kinds: frozenset[Kind]) -> bool:
        """Done by evidence, and nothing of that kind promised since."""
        wanted = {
            State.DONE: kinds & {Kind.REPAIR, Kind.VISIT, Kind.DELIVERY, Kind.COLLECTION}
            or frozenset({Kind.REPAIR, Kind.VISIT}),
            State.DELIVERED: frozenset({Kind.DELIVERY}),
            State.COLLECTED: frozenset({Kind.COLLECTION}),
            State.ACTED: kinds,
        }.get(state)
        if wanted is None:
            return False
        return any(
            wanted & deed.kinds
            and not any(
                window.since > deed.at and wanted & window.kinds and not window.speaks_of
                for window in self.facts.windows
            )
            for deed in self.facts.done
        )

    def _is_put(self, one: Statement) -> bool:
        """Whether a deed is the very putting of an amount on their account, and no other."""
        prose = self.reading.prose
        for put in how_far.puts(self.facts.sums, one.sentence):
            for place in places_of(one.sentence[slice(*put)], prose.folded):
                first, last = prose.span(*place)
                if first <= one.start and one.end <= last:
                    return True
        return False

    def _true_sum(self, one: Statement) -> str:
        """The true sentence of the sum that a sentence about money can only have meant."""
        beside = (other for other in self.reading.statements if other.first == one.first)
        amounts = (other.amount.minor for other in (one, *beside) if other.amount is not None)
        return how_far.true_sentence(
            self.facts.sums, sentence=one.sentence, minor=next(amounts, None)
        )

    def _true(self, windows: list[Window], broken: Broken | None = None) -> str:
        """The true sentence for what was said: of the promise that lives, else of the next word."""
        if broken is not None:
            windows = [window for window in windows if window.kinds & broken.kinds]
        said = next((window.says for window in windows if window.says and not window.is_offer), "")
        return said or self.facts.next_word


_JUDGES: Final = {
    About.TIME: Court.time,
    About.PAST: Court.past,
    About.AMOUNT: Court.amount,
    About.STATE: Court.state,
    About.ENTITLEMENT: Court.entitlement,
    About.UNDATED: Court.undated,
    About.APOLOGY: Court.apology,
    About.PLEDGE: Court.pledge,
    About.OWNER: Court.owner,
    About.CROWD: Court.crowd,
}


def _total(sums: list[Sum]) -> int:
    return sum(known.minor for known in sums)


_WORD: Final = re.compile(r"[a-z']{3,}|[à-ÿ\w]{3,}")
_PLAIN: Final = frozenset(
    ("the", "your", "you", "our", "will", "shall", "and", "for", "from", "this", "that", "with")
)


def _content(text: str) -> set[str]:
    return {word for word in _WORD.findall(fold(text).folded) if word not in _PLAIN}


def _likeness(first: str, second: str) -> float:
    """How many of the words of a promise a sentence repeats, times and figures aside."""
    words = _content(first)
    return len(words & _content(second)) / len(words) if words else 0.0


def _share_a_word(sentence: str, thing: str) -> bool:
    return bool(_content(sentence) & _content(thing))


def _share_figures(words: str, thing: str) -> bool:
    figures = re.findall(r"\d+", words)
    return all(figure in re.findall(r"\d+", thing) for figure in figures) and bool(thing)
