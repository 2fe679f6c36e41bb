"""What of an incident waits for people is told to who owns it, and then up the ladder.

That is whoever could not be given a case, or could not be told, by machine; and the next news,
where everybody was promised it by a time that has passed. What was seen to falls silent by itself.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.actions import policies
from makegood.actions.escalation import AlreadyAcknowledgedError
from makegood.actions.telling import Rosters, skipped_facts
from makegood.records import left_to_people
from makegood.records.left_to_people import Left
from makegood.records.models import Incident, IncidentTelling, IncidentWatch, Staff
from makegood.rules import escalation, severity
from makegood.rules.escalation import Ladder, Reason, Role
from makegood.rules.severity import Function, Harm, Severity

_LATER: Final = timedelta(hours=1)


def due(*, now: datetime, limit: int) -> list[int]:
    """The incidents to be looked at by now."""
    rows = IncidentWatch.objects.filter(look_at__lte=now).order_by("look_at", "pk")
    return list(rows.values_list("incident", flat=True)[:limit])


def postpone(incident_id: int, *, now: datetime) -> None:
    """Look again later at what could not be looked at."""
    IncidentWatch.objects.filter(incident=incident_id).update(look_at=now + _LATER)


@transaction.atomic
def look(incident_id: int, *, now: datetime) -> None:
    """The clock: tell somebody of what waits, or the next one up if it still does."""
    watch = IncidentWatch.objects.select_for_update().get(incident=incident_id)
    if watch.look_at is None or watch.look_at > now:
        return
    left = left_to_people.read(incident_id)
    if not left.anything(now):
        IncidentTelling.objects.filter(incident=incident_id, settled_at=None).update(settled_at=now)
        watch.look_at = left.news_due
    else:
        watch.look_at = _next_look(left, _tell(incident_id, left, now=now), now=now)
    watch.save(update_fields=["look_at"])


@transaction.atomic
def acknowledge(telling_id: int, *, by: Staff, now: datetime) -> IncidentTelling:
    """Say that one sees to it. What still waits after the ladder's time speaks again.

    :raises AlreadyAcknowledgedError: if somebody acknowledged it before.
    """
    incident_id = IncidentTelling.objects.values_list("incident", flat=True).get(pk=telling_id)
    watch = IncidentWatch.objects.select_for_update().get(incident=incident_id)
    heard = IncidentTelling.objects.select_related("incident__team").get(pk=telling_id)
    if heard.acknowledged_at is not None:
        raise AlreadyAcknowledgedError(AlreadyAcknowledgedError.__doc__)
    heard.acknowledged_at, heard.acknowledged_by = now, by
    heard.speak_again_at = now + _ladder(heard.incident).speak_again_after
    heard.save(update_fields=["acknowledged_at", "acknowledged_by", "speak_again_at"])
    if heard.settled_at is None:
        watch.look_at = _next_look(left_to_people.read(incident_id), heard, now=now)
        watch.save(update_fields=["look_at"])
    return heard


def _tell(incident_id: int, left: Left, *, now: datetime) -> IncidentTelling:
    """Tell who is to hear it now; the telling that speaks again."""
    last = IncidentTelling.objects.filter(incident=incident_id).order_by("-number").first()
    if last is None or last.settled_at is not None:
        return _say(incident_id, Role.OWNER, _first_reason(left, now), last, now=now)
    speaks = _heard_since(last) or last
    if speaks.speak_again_at > now:
        return speaks
    reason = Reason.STILL_OPEN if speaks.acknowledged_at else Reason.UNHEARD
    return _say(incident_id, escalation.above(Role(speaks.role)), reason, last, now=now)


def _heard_since(last: IncidentTelling) -> IncidentTelling | None:
    """That of whoever said since the last one that they see to it: it speaks again for all."""
    rows = IncidentTelling.objects.filter(incident=last.incident_id)
    return rows.filter(acknowledged_at__gte=last.told_at).order_by("acknowledged_at", "pk").last()


def _first_reason(left: Left, now: datetime) -> Reason:
    return Reason.BREAK if left.is_late(now) else Reason.WARNING


def _say(
    incident_id: int, role: Role, reason: Reason, last: IncidentTelling | None, *, now: datetime
) -> IncidentTelling:
    rows = Incident.objects.select_related("service", "team__calendar", "owner")
    incident = rows.get(pk=incident_id)
    told = Rosters(now=now).whom_to_tell(
        role, team=incident.team_id, owner=incident.owner_id, severity=_severity(incident)
    )
    return IncidentTelling.objects.create(
        incident=incident,
        number=last.number + 1 if last else 1,
        reason=reason.value,
        role=told.role.value,
        staff_id=told.person,
        skipped=skipped_facts(told),
        told_at=now,
        speak_again_at=now + _ladder(incident).unheard_after,
    )


def _next_look(left: Left, telling: IncidentTelling, *, now: datetime) -> datetime:
    """When what was told speaks again, or when the next news falls due, if that is sooner."""
    ahead = [left.news_due] if left.news_due and left.news_due > now else []
    return min([telling.speak_again_at, *ahead])


def _ladder(incident: Incident) -> Ladder:
    return policies.snapshot(incident.team, _severity(incident)).policy.ladder


def _severity(incident: Incident) -> Severity:
    function, harm = Function(incident.service.function), Harm(incident.harm)
    return severity.assess(function=function, harm=harm).severity
