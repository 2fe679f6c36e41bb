"""What is known of a request when it is opened, and how it is grouped by that.

The order matters: each trait only says what those before it leave open.
"""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from makegood.rules.pace import (
    CLOSE,
    FAR,
    NARROW,
    SHORT,
    WIDE,
    Past,
    Places,
    Trait,
    numbered,
    step_of,
)
from makegood.rules.weekclock import HOUR, Moments

# Promised spans that are alike: three steps of age together.
_ALIKE: Final = 3
# Teams differ more than all else does: few closings show it.
_OF_A_TEAM: Final = 6.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of each request at its opening, as codes; what is unknown has one code.

    :param hour: the part of the week in which it was opened.
    :param due: how long after its opening it was promised, in microseconds; 0 if it was not.
    """

    kind: Places
    team: Places
    place: Places
    channel: Places
    detail: Places
    hour: Places
    due: Places


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """Requests in the order of their opening, and the traits to learn their pace by."""

    past: Past
    traits: tuple[Trait, ...]


def history_of(known: Known, *, opened: Moments, closed: Moments) -> History:
    """The history of requests, alike ones put into one cell."""
    steps = np.where(known.due > 0, np.maximum(step_of(np.maximum(known.due, HOUR)), 1), 0)
    block = numbered(known.kind, known.team, known.channel, known.detail, steps)
    cells = numbered(block, known.place, known.hour)
    _, first = np.unique(cells, return_index=True)
    columns = {field.name: getattr(known, field.name)[first] for field in fields(known)}
    of_cells = replace(known, **columns)
    due = steps[first]
    past = Past(opened=opened, closed=closed, cells=cells, blocks=block[first], due_steps=due)
    return History(past=past, traits=(*_of_blocks(of_cells, due=due), *_of_cells(of_cells)))


def _of_blocks(known: Known, *, due: Places) -> tuple[Trait, ...]:
    """The traits that blocks of cells share."""
    kind = numbered(known.kind)
    closely = (WIDE, NARROW, CLOSE)
    span = (due + _ALIKE - 1) // _ALIKE
    every = np.zeros_like(kind)
    return (
        Trait(name="all", groups=every, pooled=(FAR, *closely), weight=16.0, bends=0.0),
        Trait(name="team", groups=numbered(known.team), weight=_OF_A_TEAM),
        Trait(name="kind", groups=kind, pooled=closely, bends=0.0),
        Trait(name="kind and date", groups=kind, pooled=closely, to_due=True),
        Trait(name="kind and span", groups=numbered(kind, span)),
        Trait(name="kind and detail", groups=numbered(kind, known.detail)),
        Trait(name="kind and team", groups=numbered(kind, known.team)),
        Trait(name="kind and channel", groups=numbered(kind, known.channel)),
    )


def _of_cells(known: Known) -> tuple[Trait, ...]:
    """The traits that tell the cells of a block apart, and last the kind's recent weeks."""
    kind, place = numbered(known.kind), known.place
    shy = 10.0
    return (
        _fine("kind and place", numbered(kind, place), pooled=WIDE, weight=shy),
        _fine("kind and hour", numbered(kind, known.hour), pooled=NARROW, weight=shy),
        _fine("team and place", numbered(known.team, place), pooled=WIDE, weight=shy),
        replace(_fine("kind of late", kind, pooled=WIDE, weight=8.0), half_life=SHORT),
    )


def _fine(name: str, groups: Places, *, pooled: int, weight: float) -> Trait:
    return Trait(name=name, groups=groups, pooled=(pooled,), weight=weight, fine=True)
