"""Visits at which somebody has arrived, and of which nobody says how they ended.

They never end by themselves: nobody but who was there knows whether it is done. The owner of the
case is asked in the hours of the office, and from then on the ladder climbs until somebody says
it. What it hangs on is a promise that is open; where that is settled, the next telling is of
another one, further up.
"""

from datetime import datetime

from django.db.models import QuerySet

from makegood.actions import escalation, timeline
from makegood.actions.telling import Rosters
from makegood.records import crew_times
from makegood.records.models import Escalation, Staff, Visit
from makegood.rules import visits
from makegood.rules.calendars import CalendarRunsOutError, open_windows
from makegood.rules.escalation import Reason, Role

_CLIMBING = (Reason.VISIT_OPEN, Reason.UNHEARD, Reason.STILL_OPEN)


def ask_at(visit: Visit) -> datetime:
    """When to ask how a visit ended: a while after its window, when the office is open."""
    arrived = visit.arrived_at or visit.booked_at
    slot = crew_times.live_slot(visit.pk)
    since = visits.unended_at(slot.closes_at if slot else arrived, arrived=arrived)
    try:
        _day, window = next(open_windows(visit.case.team.calendar.facts(), since=since))
    except (CalendarRunsOutError, StopIteration):
        return since
    return max(window.opens, since)


def look(visit: Visit, *, now: datetime) -> None:
    """Ask how a locked visit ended, or higher up, where nothing that was asked is climbing."""
    visit.look_at = ask_at(visit)
    if visit.look_at <= now:
        visit.look_at = now + visits.ASK_AGAIN
        told = _told(visit)
        if not told.filter(speak_again_at__isnull=False, promise__outcome=None).exists():
            is_first = not told.filter(reason=Reason.VISIT_OPEN).exists()
            _ask(visit, is_first=is_first, now=now)
    visit.save(update_fields=["look_at"])


def answered(visit: Visit, *, by: Staff | None, now: datetime) -> None:
    """Whoever ends a locked visit has answered: nobody is asked any more."""
    if visit.arrived_at is None:
        return
    told = _told(visit)
    if not told.filter(reason=Reason.VISIT_OPEN).exists():
        return
    told.update(speak_again_at=None)
    told.filter(acknowledged_at=None).update(acknowledged_at=now, acknowledged_by=by)


def _ask(visit: Visit, *, is_first: bool, now: datetime) -> None:
    if is_first:
        facts = {"visit": visit.pk}
        timeline.append(case_id=visit.case_id, kind="visit_unended", at=now, now=now, facts=facts)
    # The one that stays open the longest, so that the telling does.
    about = visit.case.promises.still_open().order_by("due_at").last()
    if about is not None:
        role = Role.OWNER if is_first else Role.LEAD
        rosters = Rosters(now=now)
        escalation.speak_now([about.pk], role=role, reason=Reason.VISIT_OPEN, rosters=rosters)


def _told(visit: Visit) -> QuerySet[Escalation]:
    """What was told since it was first asked, of the promises by which it was asked."""
    asked = Escalation.objects.filter(
        case=visit.case_id, reason=Reason.VISIT_OPEN, told_at__gte=visit.arrived_at
    )
    first = asked.order_by("told_at").values_list("told_at", flat=True).first()
    return Escalation.objects.filter(
        promise__in=asked.values("promise"),
        reason__in=_CLIMBING,
        told_at__gte=first or visit.arrived_at,
    )
