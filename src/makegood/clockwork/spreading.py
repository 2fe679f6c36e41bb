"""The sweep of incidents: cases opened and truths told, a batch of each in turn.

When a batch fails, its rows are taken one by one, and the one that fails is left to people.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import count

import structlog

from makegood.actions import spreading
from makegood.actions.incident_gifts import Owes
from makegood.queries.entitlements import read_all
from makegood.records.models import Case
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
            many = partial(spreading.tell, truth, now=now, owed=partial(_owed, now=now))
            pass_over = partial(spreading.pass_over_case, truth, now=now)
        reached += _batch(many, pass_over, batch=batch, incident=incident)
    return reached


def _owed(scheme: str, cases: Sequence[int], *, now: datetime) -> dict[int, Owes]:
    """What a scheme surely owes on each of some cases, by their own facts, and nobody has given."""
    rows = Case.objects.select_related("incident").filter(pk__in=cases)
    found = read_all(rows, now=now)
    return {
        case: Owes(
            is_own=one.is_own,
            amount_minor=one.missing_minor,
            version=one.version,
            because=one.because,
            pay_by=one.pay_by,
            late_minor=one.late_minor,
        )
        for case, owed in found.items()
        for one in owed
        if one.scheme == scheme and one.missing_minor
    }


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
