"""How promises stand at one moment, by the ladder that each was made under."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from makegood.records.models import PolicySnapshot, Promise
from makegood.rules import escalation, policy, promises
from makegood.rules.escalation import Ladder
from makegood.rules.promises import Standing

Ladders = Mapping[int, Ladder]
OPEN = frozenset({Standing.ON_TRACK, Standing.AT_RISK, Standing.OVERDUE})


def read_ladders(records: Iterable[Promise]) -> Ladders:
    """The ladders of these promises, in one query."""
    wanted = {record.policy_id for record in records}
    rows = PolicySnapshot.objects.filter(pk__in=wanted).values_list("pk", "terms__policy")
    return {pk: policy.from_snapshot(terms).ladder for pk, terms in rows}


def standing(record: Promise, ladders: Ladders, *, now: datetime) -> Standing:
    """How a promise looks at `now`."""
    facts = record.facts()
    first, *_ = escalation.steps(
        ladders[record.policy_id], said_at=facts.said_at, due_at=facts.due_at
    )
    return promises.standing(facts, now=now, warned_at=first.at)
