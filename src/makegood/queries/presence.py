"""Who else looks at a case right now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.queries import glance, when
from makegood.queries.people import initials
from makegood.queries.when import When
from makegood.records.models import Presence, Staff
from makegood.rules.presence import GONE_AFTER


@dataclass(frozen=True, kw_only=True, slots=True)
class Here:
    """Somebody else on the same page."""

    name: str
    initials: str
    since: When
    is_typing: bool


def who_is_here(case_id: int, *, reader: Staff, now: datetime) -> tuple[Here, ...]:
    """Everybody but the reader who was seen on the case a moment ago, first come first."""
    since = now - GONE_AFTER
    if not glance.is_anybody_else_here(case_id, reader=reader.pk, since=since):
        return ()
    rows = Presence.objects.filter(case=case_id, seen_at__gte=since)
    others = rows.exclude(staff=reader.pk).select_related("staff").order_by("since", "pk")
    zone = ZoneInfo(reader.zone)
    return tuple(
        Here(
            name=row.staff.name,
            initials=initials(row.staff.name),
            since=when.at(row.since, now=now, zone=zone),
            is_typing=row.typing,
        )
        for row in others
    )
