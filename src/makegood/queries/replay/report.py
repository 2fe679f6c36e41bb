"""What a replay found, as frozen values: for the terminal, for JSON and for a page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.chains import ChainReport
from makegood.queries.replay.flags import FlagReport
from makegood.queries.replay.honesty import Honesty, honesty_of
from makegood.queries.replay.ledger import Ledger, Ruling, silence
from makegood.queries.replay.log import Log
from makegood.queries.replay.reading import BadRow, FileNote
from makegood.queries.replay.scores import RangesReport, months_of
from makegood.queries.replay.times import DAY, NONE, Places, micros, moment
from makegood.queries.replay.would_have import WouldHave

Days = npt.NDArray[np.float64]

SILENCES: Final = (
    ("under 1 day", 1.0),
    ("1 to 3 days", 3.0),
    ("3 to 7 days", 7.0),
    ("1 to 2 weeks", 14.0),
    ("2 to 4 weeks", 28.0),
    ("1 to 3 months", 91.0),
    ("3 months to a year", 365.0),
    ("over a year", float("inf")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many requests have each ruling. They sum to the requests counted."""

    kept: int = 0
    closed_late: int = 0
    open_past_due: int = 0
    still_open: int = 0
    no_promise: int = 0
    impossible: int = 0
    unknown: int = 0

    @property
    def broken(self) -> int:
        """Closed late, or still open past the date."""
        return self.closed_late + self.open_past_due

    @property
    def settled(self) -> int:
        """Kept or broken."""
        return self.kept + self.broken

    @property
    def total(self) -> int:
        """Every request counted."""
        return self.settled + self.still_open + self.no_promise + self.impossible + self.unknown

    @property
    def kept_rate(self) -> float | None:
        """Kept, of those kept or broken: a missing promise is never a kept one."""
        return self.kept / self.settled if self.settled else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """From each broken promise's date until the deed, or the log's end. In days."""

    broken: int
    lasting: int
    median: float | None
    nine_in_ten: float | None
    longest: float | None
    spread: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KindRow:
    """One kind of request."""

    kind: str
    tally: Tally
    silence_median: float | None
    honesty: Honesty


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthRow:
    """The promises that fell due in one month."""

    month: str
    tally: Tally
    silence_median: float | None
    is_whole: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseReport:
    """One promised date of the log, held to account."""

    name: str
    deed: str
    tally: Tally
    at_risk: int
    kept_after_the_fact: int
    in_days: int
    moved: int
    silence: Silence
    honesty: Honesty
    by_kind: tuple[KindRow, ...]
    by_month: tuple[MonthRow, ...]
    due_later: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSummary:
    """What was read, and how it was understood."""

    files: tuple[FileNote, ...]
    zone: str
    as_of: datetime
    first_opened: datetime
    last_opened: datetime
    rows_read: int
    requests: int
    bad_rows: int
    spare_rows: int
    is_event_log: bool
    after_as_of: int
    with_offset: int
    skipped_by_clocks: int
    shown_twice_by_clocks: int
    has_priorities: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything that a replay found."""

    log: LogSummary
    promises: tuple[PromiseReport, ...]
    flag: FlagReport | None
    referred: ChainReport
    duplicates: ChainReport
    would_have: tuple[WouldHave, ...]
    ranges: RangesReport
    bad: tuple[BadRow, ...]
    bad_by_reason: Mapping[str, int]


def summary_of(log: Log) -> LogSummary:
    """What was read, and how."""
    return LogSummary(
        files=log.files,
        zone=log.clock.zone.key,
        as_of=log.as_of,
        first_opened=moment(int(log.opened[0])),
        last_opened=moment(int(log.opened[-1])),
        rows_read=log.rows_read,
        requests=len(log),
        bad_rows=len(log.bad),
        spare_rows=log.spare_rows,
        is_event_log=log.is_event_log,
        after_as_of=log.after_as_of,
        with_offset=log.clock.with_offset,
        skipped_by_clocks=log.clock.skipped,
        shown_twice_by_clocks=log.clock.twice,
        has_priorities=log.has_priorities,
    )


def reasons(bad: Sequence[BadRow]) -> dict[str, int]:
    """How many rows were set aside for each reason, the most frequent first."""
    return dict(Counter(row.what for row in bad).most_common())


def promise_report(log: Log, ledger: Ledger, *, after_the_fact: int) -> PromiseReport:
    """Count one promised date's rulings in every way that is reported.

    :param after_the_fact: microseconds within which a closing was only written down.
    """
    every = np.arange(len(log))
    promised = ledger.promised
    quick = (log.closed != NONE) & (log.closed - log.opened < after_the_fact)
    days = silence(log, ledger) / DAY
    return PromiseReport(
        name=promised.name if promised else "",
        deed=promised.deed if promised else "",
        tally=_tally(ledger, every),
        at_risk=ledger.at_risk,
        kept_after_the_fact=int((quick & ledger.has(Ruling.KEPT)).sum()),
        in_days=promised.in_days if promised else 0,
        moved=promised.moved if promised else 0,
        silence=_silence(days[ledger.broken], lasting=int(ledger.has(Ruling.OPEN_PAST_DUE).sum())),
        honesty=honesty_of(log, ledger, every),
        by_kind=_by_kind(log, ledger, days=days),
        by_month=_by_month(log, ledger, days=days),
        due_later=int((promised.due > micros(log.as_of)).sum()) if promised else 0,
    )


def _tally(ledger: Ledger, places: Places) -> Tally:
    counts = np.bincount(ledger.rulings[places], minlength=len(Ruling)).tolist()
    return Tally(**{ruling.value: count for ruling, count in zip(Ruling, counts, strict=True)})


def _silence(days: Days, *, lasting: int) -> Silence:
    edges = [0.0, *(edge for _, edge in SILENCES)]
    counts = np.histogram(days, bins=np.array(edges))[0].tolist()
    return Silence(
        broken=len(days),
        lasting=lasting,
        median=float(np.median(days)) if len(days) else None,
        nine_in_ten=float(np.quantile(days, 0.9)) if len(days) else None,
        longest=float(days.max()) if len(days) else None,
        spread=tuple((name, n) for (name, _), n in zip(SILENCES, counts, strict=True)),
    )


def _by_kind(log: Log, ledger: Ledger, *, days: Days) -> tuple[KindRow, ...]:
    rows = []
    order = np.argsort(log.kinds.codes, kind="stable")
    cuts = np.searchsorted(log.kinds.codes[order], np.arange(len(log.kinds.values) + 1)).tolist()
    for kind, (begin, end) in zip(log.kinds.values, pairwise(cuts), strict=True):
        if begin == end:
            continue
        places = order[begin:end]
        rows.append(
            KindRow(
                kind=kind,
                tally=_tally(ledger, places),
                silence_median=_median_silence(ledger, days, places),
                honesty=honesty_of(log, ledger, places),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.tally.broken, -row.tally.total, row.kind)))


def _by_month(log: Log, ledger: Ledger, *, days: Days) -> tuple[MonthRow, ...]:
    """By the month of the promised date, up to the log's end: later ones are not over yet."""
    if ledger.promised is None:
        return ()
    end = micros(log.as_of)
    due = np.flatnonzero((ledger.promised.due != NONE) & (ledger.promised.due <= end))
    names, months = np.unique(months_of(ledger.promised.due[due], log), return_inverse=True)
    this_month = str(months_of(np.array([end]), log)[0])
    rows = []
    for month, name in enumerate(names.tolist()):
        places = due[months == month]
        rows.append(
            MonthRow(
                month=name,
                tally=_tally(ledger, places),
                silence_median=_median_silence(ledger, days, places),
                is_whole=name < this_month,
            )
        )
    return tuple(rows)


def _median_silence(ledger: Ledger, days: Days, places: Places) -> float | None:
    silent = days[places[ledger.broken[places]]]
    return float(np.median(silent)) if len(silent) else None
