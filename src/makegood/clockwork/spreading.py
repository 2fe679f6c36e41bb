"""The sweep of incidents: cases opened and truths told, a batch of each in turn.

When a batch fails, its rows are taken one by one, and the one that fails is left to people.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count

import structlog

from makegood.actions import spreading
from makegood.records.trouble import is_passing

BATCH = 2_000

log = structlog.get_logger(__name__)


def _never() -> bool:
    return False


def sweep_incidents(
    *,
    now: datetime,
    batch: int = BATCH,
    rounds: int | None = None,
    stop: Callable[[], bool] = _never,
) -> int:
    """Reach everybody whom incidents hit. Returns how many customers and cases were looked at.

    :param rounds: no more than so many batches of each, so that other clocks get their turn.
    """
    total = 0
    for _ in count() if rounds is None else range(rounds):
        reached = 0 if stop() else _one_of_each(now=now, batch=batch)
        total += reached
        if not reached:
            break
    return total


def _one_of_each(*, now: datetime, batch: int) -> int:
    reached = 0
    for incident, truth in spreading.at_work(now=now):
        if truth is None:
            many = partial(spreading.open_cases, incident, now=now)
            pass_over = partial(spreading.pass_over_customer, incident, now=now)
        else:
            many = partial(spreading.tell, truth, now=now)
            pass_over = partial(spreading.pass_over_case, truth, now=now)
        reached += _batch(many, pass_over, batch=batch, incident=incident)
    return reached


def _batch(
    many: Callable[..., int], pass_over: Callable[[], None], *, batch: int, incident: int
) -> int:
    try:
        return many(limit=batch)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("batch_failed", incident=incident)
    for _ in range(batch):
        try:
            if not many(limit=1):
                break
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("row_left_to_people", incident=incident)
            pass_over()
    return batch
