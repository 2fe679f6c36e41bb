"""The six steps of putting a case right, as they follow from its records; nobody ticks them off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from makegood.queries.case_promises import Card
from makegood.queries.when import When
from makegood.records.models import PromiseKind
from makegood.rules.promises import Standing


class State(StrEnum):
    """How far a step is."""

    DONE = "done"
    PROMISED = "promised"
    OWED = "owed"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step: since when it is done, or by when it is promised."""

    key: str
    state: State
    when: When | None = None


def read_steps(
    *,
    cards: Sequence[Card],
    apologies: Iterable[When | None],
    questions: Iterable[When | None],
    known: When,
    put_right: When | None,
    closed: When | None,
) -> tuple[Step, ...]:
    """Owned, apologised, corrected, made good, asked, closed.

    :param apologies: for each apology that is or was owed, when it was said, or None.
    :param questions: for each question that is or was owed, when it was asked, or None.
    :param put_right: when the incident was over of which the case is a part, unless its customer
        has said since that it is not right.
    """
    return (
        Step(key="owned", state=State.DONE, when=known),
        _said("apologised", list(apologies)),
        _corrected([card for card in cards if card.is_deed], put_right=put_right),
        _by_promises("made_good", [card for card in cards if card.kind == PromiseKind.REDRESS]),
        _asked(list(questions), closed=closed),
        Step(key="closed", state=State.DONE if closed else State.OPEN, when=closed),
    )


def owing(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of a case to which something is still owed, whatever came or is on its way."""
    return tuple(
        Step(key=step.key, state=State.OWED) if step.key == "made_good" else step for step in steps
    )


def _said(key: str, said: list[When | None]) -> Step:
    if None in said:
        return Step(key=key, state=State.OWED)
    if said:
        return Step(key=key, state=State.DONE, when=said[-1])
    return Step(key=key, state=State.OPEN)


def _asked(questions: list[When | None], *, closed: When | None) -> Step:
    """Whoever said by themselves that it is right did not have to be asked."""
    step = _said("asked", questions)
    if step.state is State.DONE or closed is None:
        return step
    return Step(key="asked", state=State.DONE, when=closed)


def _corrected(cards: Sequence[Card], *, put_right: When | None) -> Step:
    """Where one failure hit many, its end puts it right for each to whom no deed was promised."""
    if not cards and put_right is not None:
        return Step(key="corrected", state=State.DONE, when=put_right)
    return _by_promises("corrected", cards)


def _by_promises(key: str, cards: Sequence[Card]) -> Step:
    """Promised while a promise of it is open; done when the last one was kept."""
    waiting = next((card for card in cards if card.is_open), None)
    if waiting is not None:
        return Step(key=key, state=State.PROMISED, when=waiting.due)
    kept = [card for card in cards if card.standing == Standing.KEPT and not card.was_a_slip]
    if kept:
        return Step(key=key, state=State.DONE, when=kept[-1].settled)
    return Step(key=key, state=State.OPEN)
