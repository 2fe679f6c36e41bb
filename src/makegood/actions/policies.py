"""Taking and reading the snapshot of policy and calendar that a promise is made under."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from makegood.records.models import Ladder, PolicySnapshot, Team
from makegood.rules import calendars, policy, timeline
from makegood.rules.calendars import Calendar
from makegood.rules.policy import Policy
from makegood.rules.severity import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """A snapshot, read: its id, the policy and the calendar."""

    id: int
    policy: Policy
    calendar: Calendar


def snapshot(team: Team, severity: Severity) -> Terms:
    """The terms under which a promise of this team and severity is made now."""
    ladder = Ladder.objects.filter(team=team, severity=severity).first()
    terms = {
        "policy": ladder.terms if ladder else policy.to_snapshot(policy.DEFAULT[severity]),
        "calendar": team.calendar.plain(),
    }
    return _kept(terms)


def read(ids: set[int]) -> dict[int, Terms]:
    """Snapshots by id; what was parsed once in this process is not parsed again."""
    digests = PolicySnapshot.objects.filter(pk__in=ids).values_list("pk", "digest")
    return {pk: _terms(pk, *_parsed(bytes(digest))) for pk, digest in digests}


def calendar_of(digest: bytes) -> Calendar:
    """The calendar of the snapshot with this digest."""
    return _parsed(digest)[1]


def _kept(terms: dict[str, Any]) -> Terms:
    digest = hashlib.sha256(timeline.canonical(terms).encode()).digest()
    record = PolicySnapshot.objects.filter(digest=digest).only("pk").first()
    if record is None:
        PolicySnapshot.objects.bulk_create(
            [PolicySnapshot(digest=digest, terms=terms)], ignore_conflicts=True
        )
        record = PolicySnapshot.objects.only("pk").get(digest=digest)
    return _terms(record.pk, *_parsed(digest))


def _terms(pk: int, parsed_policy: Policy, calendar: Calendar) -> Terms:
    return Terms(id=pk, policy=parsed_policy, calendar=calendar)


@lru_cache(maxsize=1024)
def _parsed(digest: bytes) -> tuple[Policy, Calendar]:
    # By digest, not by id: the same digest always means the same terms.
    terms = PolicySnapshot.objects.get(digest=digest).terms
    return policy.from_snapshot(terms["policy"]), calendars.from_plain(terms["calendar"])
