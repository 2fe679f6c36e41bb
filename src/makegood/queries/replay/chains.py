"""Closed is not fixed: requests closed by pointing at another case, followed to their end."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from makegood.queries.replay.ledger import Ledger, Ruling
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import NONE, Marks, micros, moment
from makegood.rules import promises
from makegood.rules.promises import Promise

# Notes that answer one another for longer than this are going in circles.
LONGEST: Final = 1000
# Ids look alike: 101001240734 like 999999999999. What looks like none of them is no id.
_SHAPE: Final = str.maketrans(
    string.digits + string.ascii_letters, "9" * len(string.digits) + "A" * len(string.ascii_letters)
)


class End(StrEnum):
    """Where a chain of cases ends."""

    CLOSED = "closed"
    OPEN = "open"
    MISSING = "missing"
    CIRCLE = "circle"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainReport:
    """Requests that were closed by pointing at another case, and what became of them."""

    linked: int = 0
    ends: Mapping[End, int] = field(default_factory=dict)
    longest: int = 0
    kept_on_paper: int = 0
    kept_to_the_end: int = 0
    fixed_late: int = 0
    not_fixed: int = 0
    not_yet: int = 0
    cannot_tell: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Followed:
    end: End
    place: int | None
    steps: int


def follow_chains(
    log: Log, ledger: Ledger, *, several: Sequence[Mapping[int, str]]
) -> tuple[ChainReport, ...]:
    """Follow each link from a closed request to the case that ends it, for several ways to link."""
    if not any(several):
        return (ChainReport(),) * len(several)
    where = {name: place for place, name in enumerate(log.ids.tolist())}
    shapes = {name.translate(_SHAPE) for name in where}
    return tuple(_follow_all(log, ledger, links, where=where, shapes=shapes) for links in several)


def _follow_all(
    log: Log,
    ledger: Ledger,
    links: Mapping[int, str],
    *,
    where: Mapping[str, int],
    shapes: set[str],
) -> ChainReport:
    real = {
        place: named
        for place, named in links.items()
        if log.closed[place] != NONE
        and named != log.ids[place]
        and (named in where or named.translate(_SHAPE) in shapes)
    }
    followed = {
        place: _follow(place, links=real, where=where, closed=log.closed != NONE) for place in real
    }
    kept = [place for place in real if ledger.rulings[place] == _KEPT]
    outcomes = [_outcome(log, ledger, place, followed[place]) for place in kept]
    return ChainReport(
        linked=len(real),
        ends={end: sum(1 for f in followed.values() if f.end is end) for end in End},
        longest=max((f.steps for f in followed.values()), default=0),
        kept_on_paper=len(kept),
        kept_to_the_end=outcomes.count(Ruling.KEPT),
        fixed_late=outcomes.count(Ruling.CLOSED_LATE),
        not_fixed=outcomes.count(Ruling.OPEN_PAST_DUE),
        not_yet=outcomes.count(Ruling.STILL_OPEN),
        cannot_tell=outcomes.count(Ruling.UNKNOWN),
    )


_KEPT: Final = tuple(Ruling).index(Ruling.KEPT)


def _follow(
    place: int,
    *,
    links: Mapping[int, str],
    where: Mapping[str, int],
    closed: Marks,
) -> _Followed:
    seen = {place}
    steps = 0
    while place in links:
        steps += 1
        following = where.get(links[place])
        if following is None:
            return _Followed(end=End.MISSING, place=None, steps=steps)
        if following in seen or steps > LONGEST:
            return _Followed(end=End.CIRCLE, place=None, steps=steps)
        seen.add(following)
        place = following
    return _Followed(end=End.CLOSED if closed[place] else End.OPEN, place=place, steps=steps)


def _outcome(log: Log, ledger: Ledger, place: int, followed: _Followed) -> Ruling:
    """The first promise, judged by when its chain ended."""
    if followed.place is None or ledger.promised is None:
        return Ruling.UNKNOWN
    promise = Promise(
        said_at=moment(int(log.opened[place])), due_at=moment(int(ledger.promised.due[place]))
    )
    ended = int(log.closed[followed.place])
    if ended != NONE:
        # A chain may point at an older case: it was not done before it was asked for.
        at = moment(max(ended, int(log.closed[place])))
        kept = promises.fulfil(promise, at=at).outcome is promises.Outcome.KEPT
        return Ruling.KEPT if kept else Ruling.CLOSED_LATE
    past = micros(log.as_of) > micros(promise.due_at)
    return Ruling.OPEN_PAST_DUE if past else Ruling.STILL_OPEN
