"""Finding the best free time for a visit, and holding it. The caller holds the case's lock.

Crews are locked in one order before their times are read, so that two who look at once cannot
both take the same time; the exclusion constraint of the database is the last line.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.records import crew_times
from makegood.records.crew_times import Sought
from makegood.records.models import Slot, Staff, Visit
from makegood.rules import slots
from makegood.rules.severity import Severity
from makegood.rules.slots import Ranked, Wish
from makegood.rules.visits import Cause

ENDED = "ended"


def find(visit: Visit, *, since: datetime) -> tuple[Ranked, ...]:
    """The free times for a visit from `since` on, the best first; their crews are locked."""
    sought = sought_for(visit, since=since)
    crews = crew_times.crews_for(sought.skill, sought.postcode)
    crew_times.lock(crews)
    return slots.rank(crew_times.offers(crews, sought), wish_of(visit, since=since))


def sought_for(visit: Visit, *, since: datetime) -> Sought:
    """What is sought for a visit."""
    return Sought(
        skill=visit.skill,
        postcode=visit.case.customer.postcode,
        since=since,
        until=since + slots.HORIZON,
        moving=visit.pk,
    )


def wish_of(visit: Visit, *, since: datetime) -> Wish:
    """What a time is weighed by for a visit."""
    customer = visit.case.customer
    return Wish(
        zone=ZoneInfo(customer.zone),
        severity=Severity(visit.case.severity),
        since=since,
        promised_at=visit.case.known_at,
        week=crew_times.week_of(customer.suits),
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
    """Give back the time that a visit holds, if it holds one; no cause if it has ended."""
    held = Slot.objects.filter(visit=visit, released_at=None)
    held.update(released_at=now, cause=cause.value if cause else ENDED)


def at(ranked: Sequence[Ranked], opens: datetime) -> Ranked | None:
    """The best of the times that begin at a moment; None if none does."""
    return next((each for each in ranked if each.offer.window.opens == opens), None)
