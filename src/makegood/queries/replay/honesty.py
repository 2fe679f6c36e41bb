"""How honest the promised times were: what was promised, and what it took."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from makegood.queries.replay.ledger import BROKEN, RULINGS, Ledger, Ruling
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import DAY, NONE, Places, micros
from makegood.rules import ranges

# A kind with fewer promises says little about how it promises.
FEWEST: Final = 20
# Taking a third of the time and nearly never late: the promise was padded.
PADDED_SHARE: Final = 1 / 3
PADDED_KEPT: Final = 0.95
# Broken more often than kept: the promise was a wish.
WISHFUL_KEPT: Final = 0.5


_KEPT: Final = RULINGS.index(Ruling.KEPT)
_WAITING: Final = RULINGS.index(Ruling.STILL_OPEN)
_JUDGED: Final = np.array(
    [ruling in (*BROKEN, Ruling.KEPT, Ruling.STILL_OPEN) for ruling in RULINGS]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Honesty:
    """Promised and taken times in days. What is still open is counted as lasting longer yet."""

    promised: float | None
    taken: float | None
    nine_in_ten: float | None
    count: int
    kept_rate: float | None

    @property
    def is_padded(self) -> bool:
        """Whether far more time was promised than it took."""
        if self.count < FEWEST or not self.promised or self.taken is None:
            return False
        return self.taken <= self.promised * PADDED_SHARE and (self.kept_rate or 0) >= PADDED_KEPT

    @property
    def is_wishful(self) -> bool:
        """Whether the promise was broken more often than kept."""
        return self.count >= FEWEST and self.kept_rate is not None and self.kept_rate < WISHFUL_KEPT


def honesty_of(log: Log, ledger: Ledger, places: Places) -> Honesty:
    """Compare what some requests were promised with what they took."""
    if ledger.promised is None:
        return Honesty(promised=None, taken=None, nine_in_ten=None, count=0, kept_rate=None)
    asked = places[_JUDGED[ledger.rulings[places]]]
    kept = int((ledger.rulings[asked] == _KEPT).sum())
    waiting = int((ledger.rulings[asked] == _WAITING).sum())
    settled = len(asked) - waiting
    opened, done = log.opened[asked], ledger.done[asked]
    is_done = done != NONE
    curve = ranges.curve_of(
        entered=np.full(len(opened), -1, dtype=np.int64),
        left=np.where(is_done, done, micros(log.as_of)) - opened,
        closed=is_done,
    )
    promised = ledger.promised.due[asked] - opened
    return Honesty(
        promised=float(np.median(promised)) / DAY if len(asked) else None,
        taken=_days(curve.age_by_which(0.5)),
        nine_in_ten=_days(curve.age_by_which(0.9)),
        count=len(asked),
        kept_rate=kept / settled if settled else None,
    )


def lengths(log: Log, ledger: Ledger) -> tuple[tuple[float, float], ...]:
    """Promised and taken days of every promise whose deed is done."""
    if ledger.promised is None:
        return ()
    settled = ledger.has(Ruling.KEPT, Ruling.CLOSED_LATE)
    promised = (ledger.promised.due - log.opened)[settled] / DAY
    taken = (ledger.done - log.opened)[settled] / DAY
    return tuple(zip(promised.tolist(), taken.tolist(), strict=True))


def _days(age: int | None) -> float | None:
    return None if age is None else age / DAY
