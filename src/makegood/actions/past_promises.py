"""Promises that were over before Makegood came: kept as their log tells them, and on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.actions import counting
from makegood.actions.loading import named, requests_known
from makegood.records.models import PastPromise, Team
from makegood.rules.metrics import past

_LOG, _ID, _NAME = 100, 200, 100


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedOutcome:
    """What a log says of one promise; `log`, `external_id` and `name` make it one."""

    log: str
    external_id: str
    name: str
    said_at: datetime
    due_at: datetime
    done_at: datetime


@transaction.atomic
def keep_past(outcomes: Sequence[LoggedOutcome], *, team: Team, now: datetime) -> int:
    """Write those that were not known, and count them; all or none. Returns how many.

    A request that is a case already is left out: its promises are counted with the case.
    """
    cases = requests_known((one.log, one.external_id) for one in outcomes)
    over = [one for one in outcomes if named(one.log, one.external_id) not in cases]
    found = {(row.log, row.external_id, row.name): row for row in _rows(over, team, now)}
    seen = PastPromise.objects.filter(
        log__in={log for log, _id, _name in found}, external_id__in={id_ for _, id_, _ in found}
    )
    for known in seen.values_list("log", "external_id", "name"):
        found.pop(known, None)
    new = [row.facts() for row in PastPromise.objects.bulk_create(found.values())]
    counting.add([(one, tuple(past.count(one))) for one in new])
    return len(new)


def _rows(outcomes: Sequence[LoggedOutcome], team: Team, now: datetime) -> list[PastPromise]:
    return [
        PastPromise(
            log=one.log[:_LOG],
            external_id=one.external_id[:_ID],
            name=one.name[:_NAME],
            team=team,
            said_at=one.said_at,
            due_at=one.due_at,
            done_at=one.done_at,
            recorded_at=now,
        )
        for one in outcomes
    ]
