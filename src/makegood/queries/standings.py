"""How promises stand at one moment, by the ladder that each was made under."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from makegood.records.models import BESIDE_THE_FIX, DEEDS, PolicySnapshot, Promise
from makegood.rules import escalation, policy, promises
from makegood.rules.escalation import Ladder
from makegood.rules.promises import Outcome, Standing
from makegood.rules.remedies import MENDING, Source

Ladders = Mapping[int, Ladder]
OPEN = frozenset({Standing.ON_TRACK, Standing.AT_RISK, Standing.OVERDUE})
FIRST_SHARE = "(s.terms->'policy'->'rungs'->0->>'share')::float8"
"""For plain statements: the share of the first rung in the policy snapshot `s`."""


def _literals(kinds: Iterable[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in sorted(kinds))


_MENDS = f"""EXISTS (SELECT FROM records_remedy x WHERE x.promise_id = p.id
    AND (x.kind IN ({_literals(MENDING)}) OR x.source = '{Source.FOUND}'))"""
IS_DEED = f"(p.kind IN ({_literals(DEEDS)}) OR {_MENDS})"
"""For plain statements: whether the promise `p` corrects the failure."""
IS_BEFORE_ASKING = f"(p.kind NOT IN ({_literals(BESIDE_THE_FIX)}) OR {_MENDS})"
"""For plain statements: whether `p` is over before one asks whether it is right."""


class Judged(Protocol):
    """What a plain row has to hold for its promise to be judged."""

    @property
    def said_at(self) -> datetime:
        """When the word was given."""

    @property
    def due_at(self) -> datetime:
        """When it falls due."""

    @property
    def outcome(self) -> str | None:
        """What became of it."""

    @property
    def first_share(self) -> float:
        """When its first rung speaks, as `FIRST_SHARE` says it."""


# History keeps such a date less than half the time, and it can still be moved.
SHAKY = """(p.outcome IS NULL AND EXISTS (
    SELECT FROM records_foresight f WHERE f.promise_id = p.id AND f.due_at = p.due_at
       AND f.chance < 0.5 AND f.looked_at < p.due_at))"""


def of(row: Judged, *, now: datetime) -> Standing:
    """How the promise of a plain row looks at `now`."""
    outcome = Outcome(row.outcome) if row.outcome else None
    facts = promises.Promise(said_at=row.said_at, due_at=row.due_at, outcome=outcome)
    warned_at = escalation.warned_at(row.first_share, said_at=row.said_at, due_at=row.due_at)
    return promises.standing(facts, now=now, warned_at=warned_at)


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
