"""The sweeps of learning: causes not named, cards not answered, changes to tell customers of."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from makegood.actions import improvements, lessons, repeats
from makegood.clockwork.row_by_row import each
from makegood.records.trouble import is_passing
from makegood.rules.learning import NAME_WITHIN

BATCH = 100

log = structlog.get_logger(__name__)


def sweep_learning(*, now: datetime) -> int:
    """Do what is due at each clock of learning. Returns how many rows."""
    return _sweep_lessons(now=now) + _sweep_repeats(now=now) + _tell_changes(now=now)


def look_for_repeats(cases: Sequence[int], *, now: datetime) -> int:
    """Look whether what these cases are about came again. Returns how many cards were raised."""
    try:
        return repeats.look(cases, now=now)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("repeats_not_looked_for", cases=len(cases))
        return 0


def _sweep_lessons(*, now: datetime) -> int:
    return each(
        "lessons",
        lessons.due(now=now, limit=BATCH),
        lambda case: lessons.pass_on(case, now=now),
        lambda case: lessons.postpone(case, now=now),
    )


def _sweep_repeats(*, now: datetime) -> int:
    return each(
        "repeats",
        repeats.due(now=now, limit=BATCH),
        lambda card: repeats.pass_on(card, now=now),
        lambda card: repeats.postpone(card, now=now),
    )


def _tell_changes(*, now: datetime) -> int:
    return each(
        "changes_told",
        improvements.due(now=now, limit=BATCH),
        lambda change: improvements.tell_some(change, now=now),
        lambda change: improvements.put_off(change, until=now + NAME_WITHIN),
    )
