"""Finding the best free time for a visit, and holding it. The caller holds the case's lock.

Crews are locked in one order before their times are read, so that two who look at once cannot
both take the same time; the exclusion constraint of the database is the last line.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models.functions import Greatest

from makegood.records import crew_times
from makegood.records.models import Slot, Staff, Visit
from makegood.rules.slots import Ranked
from makegood.rules.visits import Cause

ENDED = "ended"


def find(visit: Visit, *, since: datetime) -> tuple[Ranked, ...]:
    """The free times for a visit from `since` on, the best first; their crews are locked."""
    return crew_times.best(
        visit.case, visit.skill, since=since, moving=visit.pk, crews=crew_times.lock
    )


def hold(visit: Visit, ranked: Ranked, *, by: Staff | None, now: datetime) -> Slot:
    """Hold a free time for a visit that holds none."""
    offer = ranked.offer
    slot = Slot.objects.create(
        visit=visit,
        number=visit.slots.count() + 1,
        crew_id=offer.crew,
        lane=offer.lane,
        opens_at=offer.window.opens,
        closes_at=offer.window.closes,
        why=[why.value for why in ranked.why],
        held_at=now,
        held_by=by,
    )
    return Slot.objects.select_related("crew").get(pk=slot.pk)


def release(visit: Visit, *, cause: Cause | None, now: datetime) -> None:
    """Give back the time that a visit holds, if it holds one; no cause if it has ended.

    Who waited for the case's lock has read the clock before whoever held a time meanwhile.
    """
    held = Slot.objects.filter(visit=visit, released_at=None)
    held.update(released_at=Greatest("held_at", now), cause=cause.value if cause else ENDED)


def at(ranked: Sequence[Ranked], opens: datetime) -> Ranked | None:
    """The best of the times that begin at a moment; None if none does."""
    return next((each for each in ranked if each.offer.window.opens == opens), None)
