"""How every sweep goes through what is due: a row at a time, and none holds up another."""

from collections.abc import Callable, Sequence

import structlog

from makegood.records.trouble import is_passing

log = structlog.get_logger(__name__)


def each(
    sweep: str,
    rows: Sequence[int],
    act: Callable[[int], object],
    postpone: Callable[[int], None],
) -> int:
    """Do one row after the other, each in a transaction of its own. Returns how many were done."""
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_postponed", sweep=sweep, row=row)
            _postpone(sweep, row, postpone)
    return done


def _postpone(sweep: str, row: int, postpone: Callable[[int], None]) -> None:
    """A row that cannot even be postponed comes again at the next tick, and holds up no other."""
    try:
        postpone(row)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("row_not_postponed", sweep=sweep, row=row)
