"""What live pages ask: how far the story has gone, what changed since, and whom a case concerns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import Q

from makegood.records.models import Case, Doubt, Escalation, Handover, TimelineEntry

CASES_MAX = 200
"""More changes than that at once are told as "everything"."""

SLACK = 1_000
"""Entries are numbered before they are committed: catching up looks that many numbers back."""


def position() -> int:
    """The number of the newest entry of all timelines, or a little more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM records_timelineentry_id_seq")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def changed_since(start: int) -> frozenset[int] | None:
    """The cases that changed since that position; None if they are very many."""
    newer = TimelineEntry.objects.filter(pk__gt=start - SLACK).order_by()
    found = list(newer.values_list("case_id", flat=True).distinct()[: CASES_MAX + 1])
    return frozenset(found) if len(found) <= CASES_MAX else None


def concerned(cases: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Which of these cases stand on whose desk, by person; four queries.

    A case stands on the desk of its owner, of who was asked to take it over, of who was told
    of it and has not answered, and of who answers for what was said on it.
    """
    wanted = list(cases)
    pairs = [
        *Case.objects.filter(pk__in=wanted).values_list("owner_id", "pk"),
        *Handover.objects.filter(case__in=wanted).values_list("to_staff_id", "case_id"),
        *Escalation.objects.filter(
            Q(acknowledged_at=None) | Q(promise__outcome=None), case__in=wanted
        ).values_list("staff_id", "case_id"),
    ]
    doubted = Doubt.objects.filter(case__in=wanted)
    for asked, owner, case in doubted.values_list("asked_id", "article__owner_id", "case_id"):
        pairs += [(asked, case), (owner, case)]
    by_person: dict[int, set[int]] = defaultdict(set)
    for person, case in pairs:
        by_person[person].add(case)
    return {person: frozenset(theirs) for person, theirs in by_person.items()}
