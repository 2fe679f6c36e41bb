"""A request log, understood: one row per request, moments in UTC, and what had to be set aside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from makegood.queries.replay.columns import TRAITS, Part, Wanted
from makegood.queries.replay.files import LogError
from makegood.queries.replay.joining import Joined, good_rows
from makegood.queries.replay.reading import BadRow, FileNote, Progress, read_files
from makegood.queries.replay.states import States, choose_states
from makegood.queries.replay.tables import Coded
from makegood.queries.replay.times import NONE, Marks, Moments, Places, micros, moment
from makegood.rules.severity import Severity

NO_KIND: Final = "(no kind)"
_ENDED: Final = re.compile(
    r"(closed|resolved|solved|done|complete|finish|cancel|withdrawn|rejected|delivered|fixed)",
    re.IGNORECASE,
)
_PRIORITIES: Final = (
    (Severity.P1, re.compile(r"p?1\b|critical|urgent|highest|emergency|blocker", re.IGNORECASE)),
    (Severity.P2, re.compile(r"p?2\b|high|major", re.IGNORECASE)),
    (Severity.P4, re.compile(r"p?[4-9]\b|low|minor|trivial|planning", re.IGNORECASE)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """One promised date per request, and the deed that keeps it.

    `done_from` is when the deed may have happened at the earliest: where the log only knows its
    day, the first moment of that day. `ended` marks requests that are over although nobody knows
    when the deed was done.
    """

    name: str
    deed: str
    due: Moments
    done: Moments
    done_from: Moments
    ended: Marks
    days: Marks
    moved: int

    @property
    def in_days(self) -> int:
        """How many of its dates are days, not times."""
        return int(self.days.sum())


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """How the log's times were placed: its zone, and times that clocks skipped or showed twice."""

    zone: ZoneInfo
    with_offset: int
    skipped: int
    twice: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """The requests of a log as known at `as_of`, in the order of their opening."""

    files: tuple[FileNote, ...]
    ids: npt.NDArray[np.object_]
    kinds: Coded
    kind_when_asked: npt.NDArray[np.int64]
    traits_when_asked: Mapping[Part, Places]
    opened: Moments
    closed: Moments
    has_closings: bool
    promised: tuple[Promised, ...]
    severities: npt.NDArray[np.int64]
    has_priorities: bool
    flag: Coded | None
    flag_name: str
    ended: Marks
    see: Mapping[int, str]
    duplicate_of: Mapping[int, str]
    as_of: datetime
    clock: Clock
    rows_read: int
    bad: tuple[BadRow, ...]
    is_event_log: bool
    spare_rows: int
    after_as_of: int

    def __len__(self) -> int:
        return len(self.ids)


def read_log(
    paths: Sequence[Path],
    *,
    wanted: Wanted,
    zone: ZoneInfo,
    as_of: datetime | None,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Log:
    """Read a log of one or several files, as it stood at `as_of` (by default its latest moment).

    :raises LogError: if it cannot be read, lacks a needed column, or has no good row.
    """
    files = read_files(paths, wanted=wanted, progress=progress)
    progress("Understanding the rows")
    joined = Joined(files, zone=zone)
    good, bad = good_rows(joined, now=now)
    if not good.any():
        raise LogError(_none_good(paths, bad))
    end = as_of or _latest(joined, good=good, now=now)
    seen = good & (joined.opened.moments <= micros(end)) & joined.changed_by(end)
    if not seen.any():
        raise LogError(f"No request was opened by {end.isoformat()}; give a later --as-of.")
    later = int((good & ~seen).sum())
    return _assemble(joined, places=np.flatnonzero(seen), bad=bad, end=end, later=later)


def _none_good(paths: Sequence[Path], bad: Sequence[BadRow]) -> str:
    names = ", ".join(path.name for path in paths)
    return f"No row of {names} can be used; the first: line {bad[0].line}, {bad[0].reason}."


def _latest(joined: Joined, *, good: Marks, now: datetime) -> datetime:
    latest = max(
        int(stamps.moments[good].max())
        for stamps in (joined.opened, *joined.deeds, *([joined.updated] if joined.updated else []))
    )
    return moment(min(latest, micros(now)))


def _assemble(
    joined: Joined, *, places: Places, bad: tuple[BadRow, ...], end: datetime, later: int
) -> Log:
    kinds = joined.text(Part.KIND) or _nothing(len(joined.lines))
    states = _states(joined, places=places, kinds=kinds)
    used, first = places[states.last], places[states.first]
    ids = _names(joined, used)
    order = np.lexsort((ids, joined.opened.moments[used]))
    used, first, ids = used[order], first[order], ids[order]
    priorities = joined.text(Part.PRIORITY)
    ended = _ended(joined.text(Part.STATUS), used)
    dues = [due[order] for due in states.first_due]
    flag = joined.text(Part.FLAG)
    closed = [_by(deed.moments[used], end) for deed in joined.deeds]
    none = np.full(len(used), NONE, dtype=np.int64)
    at = {int(place): new for new, place in enumerate(used)}
    return Log(
        files=tuple(file.note for file in joined.files),
        ids=ids,
        kinds=_named_kinds(kinds, used),
        kind_when_asked=_named_kinds(kinds, first).codes,
        traits_when_asked=_traits(joined, first),
        opened=joined.opened.moments[used],
        closed=closed[0] if closed else none,
        has_closings=bool(joined.deeds),
        promised=_promised(joined, used=used, dues=dues, states=states, ended=ended, end=end),
        severities=_severities(priorities, used),
        has_priorities=priorities is not None,
        flag=Coded(codes=flag.codes[used], values=flag.values) if flag else None,
        flag_name=joined.files[0].note.columns.column(Part.FLAG) or "",
        ended=ended & (joined.deeds[0].moments[used] == NONE) if joined.deeds else ended,
        see={at[place]: named for place, named in joined.see.items() if place in at},
        duplicate_of={at[p]: named for p, named in joined.duplicate_of.items() if p in at},
        as_of=end,
        clock=_clock(joined),
        rows_read=sum(file.note.rows for file in joined.files),
        bad=bad,
        is_event_log=states.is_event_log,
        spare_rows=states.spare,
        after_as_of=later,
    )


def _states(joined: Joined, *, places: Places, kinds: Coded) -> States:
    flag = joined.text(Part.FLAG) or _nothing(len(joined.lines))
    updated = joined.updated
    return choose_states(
        _id_codes(joined)[places],
        updated=None if updated is None else updated.moments[places],
        closed=[deed.moments[places] for deed in joined.deeds],
        due=[due.moments[places] for due in joined.due],
        others=[joined.opened.moments[places], flag.codes[places], kinds.codes[places]],
    )


def _id_codes(joined: Joined) -> Places:
    ids = joined.text(Part.ID) or _nothing(len(joined.lines))
    own = len(ids.values) + np.arange(len(ids.codes))
    return np.where(ids.codes < 0, own, ids.codes)


def _names(joined: Joined, used: Places) -> npt.NDArray[np.object_]:
    ids = joined.text(Part.ID) or _nothing(len(joined.lines))
    several = len(joined.files) > 1
    names = np.empty(len(used), dtype=object)
    for new, (place, code) in enumerate(zip(used.tolist(), ids.codes[used].tolist(), strict=True)):
        if code >= 0:
            names[new] = ids.values[code]
        else:
            file = f"{joined.files[joined.file[place]].note.name} " if several else ""
            names[new] = f"{file}line {joined.lines[place]}"
    return names


def _nothing(rows: int) -> Coded:
    return Coded(codes=np.full(rows, -1, dtype=np.int64), values=())


def _named_kinds(kinds: Coded, used: Places) -> Coded:
    values = (*kinds.values, NO_KIND)
    codes = kinds.codes[used]
    return Coded(codes=np.where(codes < 0, len(kinds.values), codes), values=values)


def _traits(joined: Joined, first: Places) -> dict[Part, Places]:
    """What else the log says of each request in its first state, as codes."""
    found = {part: joined.text(part) for part in TRAITS}
    return {part: coded.codes[first] for part, coded in found.items() if coded is not None}


def _by(moments: Moments, end: datetime) -> Moments:
    """Deeds as known at the end: what was done later had not been done yet."""
    return np.where(moments > micros(end), NONE, moments)


def _promised(
    joined: Joined,
    *,
    used: Places,
    dues: Sequence[Moments],
    states: States,
    ended: Marks,
    end: datetime,
) -> tuple[Promised, ...]:
    columns = joined.files[0].note.columns
    promised = []
    for i, (due, deed) in enumerate(zip(joined.due, joined.deeds, strict=False)):
        done = _by(deed.moments[used], end)
        promised.append(
            Promised(
                name=columns.due[i].column,
                deed=columns.closed[i].column,
                due=dues[i],
                done=done,
                done_from=np.where(done == NONE, NONE, deed.begins[used]),
                ended=ended & (deed.moments[used] == NONE),
                days=due.days[used],
                moved=states.moved[i],
            )
        )
    return tuple(promised)


def _severities(priorities: Coded | None, used: Places) -> npt.NDArray[np.int64]:
    if priorities is None:
        return np.full(len(used), Severity.P3, dtype=np.int64)
    levels = [_severity(value) for value in priorities.values]
    return np.array([*levels, Severity.P3], dtype=np.int64)[priorities.codes[used]]


def _severity(priority: str) -> Severity:
    matches = (level for level, words in _PRIORITIES if words.match(priority))
    by_start = next(matches, None)
    if by_start is not None:
        return by_start
    return next((level for level, words in _PRIORITIES if words.search(priority)), Severity.P3)


def _ended(status: Coded | None, used: Places) -> Marks:
    if status is None:
        return np.zeros(len(used), dtype=np.bool_)
    ended = np.array([*(bool(_ENDED.match(value)) for value in status.values), False])
    return np.asarray(ended[status.codes[used]], dtype=np.bool_)


def _clock(joined: Joined) -> Clock:
    columns = (joined.opened, *joined.due, *joined.deeds)
    return Clock(
        zone=joined.zone,
        with_offset=sum(int(column.zoned.sum()) for column in columns),
        skipped=sum(int(column.skipped.sum()) for column in columns),
        twice=sum(int(column.twice.sum()) for column in columns),
    )
