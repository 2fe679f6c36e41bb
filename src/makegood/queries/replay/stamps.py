"""The time columns of a log as moments in UTC, with what was odd about them kept in sight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from makegood.queries.replay.tables import TimeColumn
from makegood.queries.replay.times import (
    DAY,
    NONE,
    Marks,
    Moments,
    believable,
    ends_of_days,
    place,
)

# A column with at least this many times, all at midnight, holds days and not midnights.
ENOUGH_MIDNIGHTS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """One column of moments over all files.

    `begins` differs from `moments` where only a day is known: it is the first moment of that day.
    """

    moments: Moments
    begins: Moments
    days: Marks
    odd: Marks
    zoned: Marks
    skipped: Marks
    twice: Marks
    unreadable: Mapping[int, str]

    @property
    def known(self) -> Marks:
        """Where there is a moment."""
        return np.asarray(self.moments != NONE, dtype=np.bool_)


def stamp(
    columns: Sequence[TimeColumn], *, zone: ZoneInfo, ends_day: bool, may_be_days: bool = False
) -> Stamps:
    """Place the columns of several files on the time line.

    :param ends_day: a day without a time stands for its last moment, not its first.
    :param may_be_days: times that all lie at midnight are days.
    """
    walls = np.concatenate([column.walls for column in columns])
    zoned = np.concatenate([column.zoned for column in columns])
    days = np.concatenate([column.days for column in columns]) & (walls != NONE)
    if may_be_days and _all_at_midnight(walls, zoned=zoned):
        days = walls != NONE
    placed = place(np.where(zoned, NONE, walls), zone=zone)
    begins = np.where(zoned, walls, placed.moments)
    moments = begins.copy()
    if ends_day:
        whole = days & believable(walls)
        moments[whole] = ends_of_days(walls[whole], zone=zone)
    return Stamps(
        moments=moments,
        begins=begins,
        days=days,
        odd=(walls != NONE) & ~believable(walls),
        zoned=zoned & (walls != NONE),
        skipped=placed.skipped,
        twice=placed.twice,
        unreadable=_joined([column.unreadable for column in columns], columns=columns),
    )


def _all_at_midnight(walls: Moments, *, zoned: Marks) -> bool:
    known = walls[walls != NONE]
    return len(known) >= ENOUGH_MIDNIGHTS and not zoned.any() and not (known % DAY).any()


def _joined(
    texts: Sequence[Mapping[int, str]], *, columns: Sequence[TimeColumn]
) -> Mapping[int, str]:
    joined: dict[int, str] = {}
    offset = 0
    for text, column in zip(texts, columns, strict=True):
        joined |= {offset + place: value for place, value in text.items()}
        offset += len(column.walls)
    return joined
