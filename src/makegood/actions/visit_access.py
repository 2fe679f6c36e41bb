"""Somebody has to let a crew in: that somebody will is said at the desk, or by the customer."""

from datetime import datetime

from django.db import transaction

from makegood.actions import moving, timeline
from makegood.records import crew_times
from makegood.records.models import Staff, Visit
from makegood.rules.visits import Access


@transaction.atomic
def give_access(visit_id: int, *, by: Staff, now: datetime) -> Visit:
    """Somebody will let the crew in.

    :raises VisitEndedError: if it has ended.
    """
    visit = moving.lock(visit_id)
    let_in(visit, by=by, now=now)
    moving.settle(visit, crew_times.live_slot(visit.pk), now=now)
    return visit


def let_in(visit: Visit, *, by: Staff | None, now: datetime) -> None:
    """Write, once, that somebody will let the crew of a locked visit in; nobody is the customer."""
    if visit.access != Access.ASKED:
        return
    visit.access = Access.GIVEN.value
    visit.save(update_fields=["access"])
    facts = {"visit": visit.pk, "by": by.pk if by else None}
    timeline.append(case_id=visit.case_id, kind="visit_access", at=now, now=now, facts=facts)
