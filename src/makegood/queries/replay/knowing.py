"""What tells how long a request of a log takes: its kind, team, place, way in, hour and date."""

from typing import Final

import numpy as np

from makegood.queries.replay.asking import Subjects
from makegood.queries.replay.columns import Part
from makegood.queries.replay.log import Log
from makegood.queries.replay.times import NONE, Places, walls_of
from makegood.rules.traits import History, Known, history_of
from makegood.rules.weekclock import HOUR, MONDAY, WEEK

_SATURDAY: Final = 5 * 24
_DAY, _PART_OF_DAY = 24, 6


def history_of_log(log: Log, subjects: Subjects) -> History:
    """The history of a log: its requests with all that is known of each at its opening."""
    return history_of(known_of(log, subjects), opened=subjects.opened, closed=subjects.closed)


def known_of(log: Log, subjects: Subjects) -> Known:
    """What is known of each request at its opening."""
    return Known(
        kind=subjects.kinds,
        team=_trait(log, subjects, Part.TEAM),
        place=_trait(log, subjects, Part.PLACE),
        channel=_trait(log, subjects, Part.CHANNEL),
        detail=_trait(log, subjects, Part.DETAIL),
        hour=_parts_of_week(subjects),
        due=_due_spans(log, subjects),
    )


def _trait(log: Log, subjects: Subjects, part: Part) -> Places:
    codes = log.traits_when_asked.get(part)
    return np.zeros_like(subjects.places) if codes is None else codes[subjects.places]


def _parts_of_week(subjects: Subjects) -> Places:
    """Four parts of a working day, or the weekend."""
    hours = (subjects.opened - MONDAY) % WEEK // HOUR
    return np.where(hours >= _SATURDAY, _DAY // _PART_OF_DAY, hours % _DAY // _PART_OF_DAY)


def _due_spans(log: Log, subjects: Subjects) -> Places:
    """How long after its opening each was promised by the first promise; 0 if by none."""
    spans = np.zeros_like(subjects.places)
    if log.promised:
        due = log.promised[0].due[subjects.places]
        given = due != NONE
        walls = walls_of(due[given], zone=log.clock.zone)
        spans[given] = np.maximum(walls - subjects.opened[given], 1)
    return spans
