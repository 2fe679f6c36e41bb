"""The log's own on-time flag, read and held against the ledger."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.columns import SAYS_LATE, normal
from makegood.queries.replay.ledger import BROKEN, RULINGS, Ledger, Ruling
from makegood.queries.replay.log import Log
from makegood.rules.severity import Severity

Said = npt.NDArray[np.int64]

_ON_TIME: Final = re.compile(
    r"on[ _-]?time|in[ _-]?time|within|met$|made|kept|timely|achieved|complian|"
    r"not[ _-](overdue|late|breached|exceeded)",
    re.IGNORECASE,
)
_LATE: Final = re.compile(
    r"over[ _-]?due|late|miss|breach|violat|exceed|untimely|fail|not[ _-](met|on|in|within|made)|"
    r"non[ _-]?complian",
    re.IGNORECASE,
)
_YES: Final = frozenset(("true", "t", "yes", "y", "1", "1.0"))
_NO: Final = frozenset(("false", "f", "no", "n", "0", "0.0"))

_DIFFERS: Final[tuple[tuple[bool | None, Collection[Ruling], str], ...]] = (
    (
        True,
        (Ruling.NO_PROMISE,),
        (
            "{} requests that were promised no date are called on time; "
            "a missing promise is never a kept one."
        ),
    ),
    (
        False,
        (Ruling.NO_PROMISE,),
        "{} requests that were promised no date are called late.",
    ),
    (
        True,
        (Ruling.STILL_OPEN,),
        (
            "{} requests that were still open before their date are called on time; "
            "their promise is not yet kept."
        ),
    ),
    (
        True,
        BROKEN,
        "{} requests are called on time although the promised date had passed.",
    ),
    (
        False,
        (Ruling.KEPT,),
        "{} requests are called late although they were closed by the promised date.",
    ),
    (
        False,
        (Ruling.STILL_OPEN,),
        "{} requests are called late although their promised date had not passed.",
    ),
    (None, BROKEN, "The flag is empty for {} broken promises."),
)
"""What the flag says, of what the ledger rules, and how that is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagCell:
    """How many requests the flag calls so, of those the ledger rules so."""

    on_time: bool | None
    ruling: Ruling
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagShare:
    """What the flag says of one kind or severity."""

    name: str
    on_time: int
    late: int

    @property
    def rate(self) -> float | None:
        """The share that the flag calls on time, of those it speaks of."""
        said = self.on_time + self.late
        return self.on_time / said if said else None


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagReport:
    """What the log's flag says, what the ledger says, and why they differ."""

    name: str
    on_time: int
    late: int
    silent: int
    cells: tuple[FlagCell, ...]
    explanation: tuple[str, ...]
    by_severity: tuple[FlagShare, ...]
    by_kind: tuple[FlagShare, ...]

    @property
    def rate(self) -> float | None:
        """The share that the flag calls on time, of those it speaks of."""
        said = self.on_time + self.late
        return self.on_time / said if said else None


def compare_flag(log: Log, ledger: Ledger) -> FlagReport | None:
    """Hold the log's own flag against the rulings; None if it has none that can be read."""
    if log.flag is None:
        return None
    meanings = [meaning(value, name=log.flag_name) for value in log.flag.values]
    if not any(said is not None for said in meanings):
        return None
    codes = np.array([{True: 1, False: 0, None: -1}[said] for said in (*meanings, None)])
    said = codes[log.flag.codes]
    cells = tuple(
        FlagCell(on_time={1: True, 0: False, -1: None}[code], ruling=ruling, count=count)
        for code in (1, 0, -1)
        for ruling in RULINGS
        if (count := int(((said == code) & ledger.has(ruling)).sum()))
    )
    return FlagReport(
        name=log.flag_name,
        on_time=int((said == 1).sum()),
        late=int((said == 0).sum()),
        silent=int((said == -1).sum()),
        cells=cells,
        explanation=_explain(cells, has_dates=ledger.promised is not None),
        by_severity=_by_severity(log, said) if log.has_priorities else (),
        by_kind=_by_kind(log, said),
    )


def _by_severity(log: Log, said: Said) -> tuple[FlagShare, ...]:
    return tuple(
        _share(level.name, said[log.severities == level])
        for level in Severity
        if (log.severities == level).any()
    )


def _by_kind(log: Log, said: Said) -> tuple[FlagShare, ...]:
    """Each kind of which the flag speaks, the most often late first."""
    order = np.argsort(log.kinds.codes, kind="stable")
    cuts = np.searchsorted(log.kinds.codes[order], np.arange(len(log.kinds.values) + 1)).tolist()
    shares = [
        _share(kind, said[order[begin:end]])
        for kind, (begin, end) in zip(log.kinds.values, pairwise(cuts), strict=True)
    ]
    spoken = [share for share in shares if share.on_time + share.late]
    return tuple(sorted(spoken, key=lambda share: (-share.late, share.name)))


def _share(name: str, said: Said) -> FlagShare:
    return FlagShare(name=name, on_time=int((said == 1).sum()), late=int((said == 0).sum()))


def meaning(value: str, *, name: str) -> bool | None:
    """Whether a flag's value says on time; None if nobody can tell.

    :param name: the flag's column: one called "overdue" says late when it says yes.
    """
    word = value.strip().lower()
    if word in _YES or word in _NO:
        return (word in _YES) != bool(SAYS_LATE.search(normal(name)))
    if _LATE.match(word):
        return False
    return True if _ON_TIME.match(word) else None


def _explain(cells: Sequence[FlagCell], *, has_dates: bool) -> tuple[str, ...]:
    if not has_dates:
        return ("The log names no promised date, so the flag can be reported but not checked.",)
    counted = ((_count(cells, on_time, rulings), words) for on_time, rulings, words in _DIFFERS)
    said = tuple(words.format(f"{number:,}") for number, words in counted if number)
    return said or ("The flag and the ledger agree on every request.",)


def _count(cells: Sequence[FlagCell], on_time: bool | None, rulings: Collection[Ruling]) -> int:  # noqa: FBT001 - as the table has it
    return sum(cell.count for cell in cells if cell.on_time is on_time and cell.ruling in rulings)
