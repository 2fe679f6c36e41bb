"""Who does what, and how surely, in each clause of a sentence: subject, modal verb, verb.

A plain reading by word classes (`lexicon`), not a parse: "once the part arrives, our engineer will
call you" holds a clause whose subject is ours, whose modal is "will" and whose act comes later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from makegood.rules.capture import lexicon

_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|[$£€₹]?\d[\d.,:/]*|[^\sa-z0-9]")
_LONGEST_SUBJECT: Final = 7
_LONGEST_GAP: Final = 6
_CARRIES_ON: Final = frozenset({"and", "or", "but", "then", ","})
_CONDITIONS: Final = frozenset(
    {"if", "unless", "whether", "once", "when", "after", "until", "before"}
)
_RELATIVES: Final = frozenset({"which", "who", "that", "where", "how", "what"})
_HAVE: Final = frozenset({"have", "has", "had"})
_VERBS: Final = lexicon.LATER | lexicon.AT_ONCE | lexicon.STATES | lexicon.LOOKED_INTO | {"close"}
_TOO_PLAIN: Final = frozenset({"do", "need", "try", "be", "get", "make"})
_PRESENT: Final = frozenset(
    {"there", "here", "out", "back", "in", "with", "by", "at", "on", "available", "ready"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Act:
    """The verb after a modal: its class, its voice, and whether it is denied."""

    kind: str
    voice: str = "act"
    is_denied: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clause:
    """One modal with its subject and verb. `place` is "m"ain, "s"ubordinate or "r"elative."""

    place: str
    modal: str
    subject: str
    act: _Act
    verb: str | None


def words_of(folded: str) -> list[str]:
    """The words and stops of a folded sentence, contractions written out."""
    words: list[str] = []
    for token in _TOKEN.findall(folded):
        words.extend(lexicon.CONTRACTIONS.get(token, (token,)))
    return words


def clause_signals(folded: str, *, is_dated: bool) -> dict[str, float]:
    """What the clauses of a folded sentence say, each alone and together with its neighbours."""
    words = words_of(folded)
    is_question = folded.endswith("?")
    names: set[str] = set(_settled_names(words, is_dated=is_dated))
    ahead: list[_Clause] = []
    denied = 0
    for clause in _clauses(words):
        names.update(_names(clause, is_question=is_question, is_dated=is_dated))
        if _is_ahead(clause, is_question=is_question):
            ahead.append(clause)
        denied += clause.act.is_denied and clause.modal in {"will", "should"}
    if denied and not ahead:
        names.add("c_all_denied")
        names.add("c_all_denied_until" if "until" in words else "c_all_denied_for_good")
    names.update(_summary(ahead))
    return dict.fromkeys(names, 1.0)


def _is_ahead(clause: _Clause, *, is_question: bool) -> bool:
    return (
        clause.modal in {"will", "should"}
        and clause.place == "m"
        and not clause.act.is_denied
        and not is_question
    )


def _names(clause: _Clause, *, is_question: bool, is_dated: bool) -> Iterator[str]:
    act = clause.act
    subject = f"q_{clause.subject}" if is_question else clause.subject
    base = f"c{clause.place}_{'not_' if act.is_denied else ''}{clause.modal}"
    yield base
    yield f"{base}_{subject}"
    yield f"{base}_{act.kind}_{act.voice}"
    yield f"{base}_{subject}_{act.kind}"
    if clause.place == "m" and not act.is_denied and clause.verb:
        yield f"verb_{clause.modal}_{clause.verb}"
    if _is_ahead(clause, is_question=is_question):
        if is_dated:
            yield f"{base}_dated"
        if act.kind == "later" or act.voice == "passive":
            yield "c_plain"


def _summary(ahead: list[_Clause]) -> Iterator[str]:
    """What all main clauses about the future have in common."""
    if not ahead:
        return
    if all(one.act.kind == "at_once" and one.subject in {"i", "we"} for one in ahead):
        yield "c_only_at_once"
    if all(one.act.kind in {"state", "being"} for one in ahead):
        yield "c_only_state"
    if all(one.subject == "you" for one in ahead):
        yield "c_only_you"


def _clauses(words: list[str]) -> Iterator[_Clause]:
    before = ""
    for place in range(len(words)):
        found = _modal_at(words, place)
        if found is None:
            continue
        modal, subject_end, verb_after = found
        subject, conjunction = _subject(words, subject_end, before=before)
        act, verb = _act(words, verb_after)
        if subject == "nobody":
            subject, act = "noun", _Act(kind=act.kind, voice=act.voice, is_denied=True)
        if subject not in {"bare", "relative"}:
            before = subject
        yield _Clause(
            place=_place(conjunction, subject),
            modal=modal,
            subject=subject,
            act=act,
            verb=verb,
        )


def _place(conjunction: str, subject: str) -> str:
    if conjunction in _CONDITIONS:
        return "s"
    return "r" if conjunction in _RELATIVES and subject in {"relative", "bare"} else "m"


def _modal_at(words: list[str], place: int) -> tuple[str, int, int] | None:
    """The modal at a place, where its subject ends, and after which word its verb comes."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in lexicon.MODALS:
        modal = lexicon.MODALS[word]
        if modal == "can" and following in {"i", "we", "you"}:
            return None
        return ("should_it" if word == "should" and place == 0 else modal), place, place
    if word == "going" and following == "to":
        has_be = place > 0 and words[place - 1] in lexicon.BE
        return "will", place - 1 if has_be else place, place + 1
    if word in {"is", "are", "am"}:
        return _progressive(words, place)
    return None


def _progressive(words: list[str], place: int) -> tuple[str, int, int] | None:
    """As in "we are arranging" and "is to be collected"."""
    ahead = _past_adverbs(words, place + 1)
    if ahead >= len(words) or words[ahead] in lexicon.SETTLED:
        return None
    if words[ahead].endswith("ing") and words[ahead] not in {"going", "being"}:
        return "now", place, ahead - 1
    if words[ahead] == "to" and words[ahead + 1 : ahead + 2] == ["be"]:
        return "is_to", place, ahead
    return None


def _past_adverbs(words: list[str], place: int) -> int:
    while place < len(words) and (words[place] in lexicon.BETWEEN or words[place].endswith("ly")):
        place += 1
    return place


def _settled_names(words: list[str], *, is_dated: bool) -> Iterator[str]:
    """As in "has been scheduled", "is due", "we have arranged"; not "was scheduled"."""
    for place, word in enumerate(words):
        is_be = word in lexicon.BE and word not in lexicon.PAST_BE
        if not is_be and word not in {"have", "has"}:
            continue
        last = words[place - 1] if place else ""
        if last in {"will", "be"} or (word == "be" and lexicon.MODALS.get(last) in {"can", "may"}):
            continue
        ahead = _past_adverbs(words, place + 1)
        if ahead >= len(words) or words[ahead] not in lexicon.SETTLED:
            continue
        if words[ahead : ahead + 2] == ["due", "to"] and not _is_verb(words, ahead + 2):
            continue  # the cause: "out of use due to a power cut"
        subject, _ = _subject(words, place - 1 if last in {"has", "have"} else place, before="")
        how = "is" if is_be else "have"
        yield f"c_{how}_settled_{subject}"
        if is_be:
            yield f"c_is_{words[ahead]}"
        if is_dated:
            yield f"c_{how}_settled_dated"


def _is_verb(words: list[str], place: int) -> bool:
    return place < len(words) and (words[place] == "be" or _base_of(words[place]) is not None)


def _subject(words: list[str], end: int, *, before: str) -> tuple[str, str]:
    """The class of the subject that ends before a place, and the conjunction that opens it."""
    start = end
    while start > 0 and end - start < _LONGEST_SUBJECT and not _ends_subject(words[start - 1]):
        start -= 1
    conjunction = words[start - 1] if start else ""
    opener = conjunction if conjunction in lexicon.SUBORDINATE else ""
    span = words[start:end]
    while span and (span[-1] in lexicon.BETWEEN or span[-1].endswith("ly")):
        span.pop()
    if span:
        return _class_of(span), opener
    if conjunction in _CARRIES_ON and before:
        return before, opener
    return ("relative" if conjunction in {"that", "which", "who"} else "bare"), opener


def _ends_subject(word: str) -> bool:
    return (
        word in lexicon.STOPS
        or word in lexicon.SUBORDINATE
        or word in lexicon.MODALS
        or word in _HAVE
    )


def _class_of(span: list[str]) -> str:
    held = set(span)
    if held & {"no", "nobody", "none"}:
        return "nobody"
    head = span[-1]
    if head in {"i", "we", "you"}:
        return head
    if head in lexicon.POINTERS:
        return "it"
    for known, name in (
        (lexicon.PERSON, "person"),
        (lexicon.PEOPLE, "they"),
        (lexicon.CUSTOMERS, "customer"),
    ):
        if head in known:
            return name
    for known, name in (
        (lexicon.OTHERS, "other"),
        (lexicon.OURS, "ours"),
        (lexicon.THINGS, "thing"),
    ):
        if held & known:
            return name
    return "yours" if "your" in held else "noun"


def _act(words: list[str], after: int) -> tuple[_Act, str | None]:
    """What comes after a modal, past adverbs and words such as "try to" and "be able to"."""
    place = after + 1
    denied = False
    for _ in range(_LONGEST_GAP):
        if place >= len(words):
            break
        word = words[place]
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in {"not", "never", "no", "neither"}:
            denied = True
        elif word in lexicon.TRYING and following in {
            "to",
            "sure",
            "every",
            "our",
            "my",
            "everything",
            "all",
        }:
            if word == "do" and following != "to":
                return _Act(kind="best", is_denied=denied), "do"
            if following == "sure":
                return _Act(kind="later", is_denied=denied), None
            place += 1
        elif word == "be" and following == "able":
            place += 2
        elif word not in lexicon.BETWEEN and word != "to" and not word.endswith("ly"):
            break
        place += 1
    if place >= len(words):
        return _Act(kind="none", is_denied=denied), None
    return _verb(words, place, denied=denied), _named_verb(words, after)


def _verb(words: list[str], place: int, *, denied: bool) -> _Act:
    word = words[place]
    if word not in {"be", "get"}:
        return _Act(kind=_kind_of(word), is_denied=denied)
    ahead = _past_adverbs(words, place + 1)
    denied = denied or "not" in words[place + 1 : ahead]
    if ahead >= len(words):
        return _Act(kind=_kind_of(word), is_denied=denied)
    done = words[ahead]
    if done.endswith("ed") or done in lexicon.DONE:
        return _Act(kind=_kind_of(done), voice="passive", is_denied=denied)
    if done.endswith("ing"):
        return _Act(kind=_kind_of(done), voice="progressive", is_denied=denied)
    if word == "get":
        return _Act(kind=_kind_of(word), is_denied=denied)
    return _Act(kind="present" if done in _PRESENT else "being", is_denied=denied)


def _named_verb(words: list[str], after: int) -> str | None:
    """The first verb that the lexicon knows, in its plain form."""
    for word in words[after + 1 : after + _LONGEST_GAP]:
        base = _base_of(word)
        if base is not None and base not in _TOO_PLAIN:
            return base
    return None


@cache
def _base_of(word: str) -> str | None:
    return next((base for base in _bases(word) if base in _VERBS), None)


def _bases(word: str) -> Iterator[str]:
    """What a verb may come from: "ships", "shipped", "issuing", "repairing"."""
    yield word
    for cut in (1, 2, 3):
        yield word[:-cut]
    yield word[:-2] + "e"
    yield word[:-3] + "e"
    yield word[:-4]


@cache
def _kind_of(word: str) -> str:
    if word in lexicon.LOOKED_INTO:
        return "looked_into"
    if word in lexicon.CLOSED:
        return "closed"
    if word in lexicon.DONE:
        return "later"
    for base in _bases(word):
        for known, name in (
            (lexicon.LATER, "later"),
            (lexicon.AT_ONCE, "at_once"),
            (lexicon.STATES, "state"),
        ):
            if len(base) > 1 and base in known:
                return name
    return "other"
