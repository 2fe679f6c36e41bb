"""The times that can be chosen for a visit: what a form sends, and how it reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as lazy

from makegood.queries import when
from makegood.records import crew_times
from makegood.records.models import Case, Visit
from makegood.rules import slots, visits
from makegood.rules.slots import Why
from makegood.rules.visits import Part

OFFERED = 8
WHYS: Mapping[str, str | Lazy] = {
    Why.SUITS: lazy("within the hours that suit the customer"),
    Why.ANY_TIME_SUITS: lazy("the customer has named no hours"),
    Why.DOES_NOT_SUIT: lazy("outside the hours that suit the customer: none of those is free"),
    Why.AT_NIGHT: lazy("at night, when we come only for what is most severe if we can choose"),
    Why.SOONEST: lazy("the soonest"),
    Why.NEAR: lazy("the crew is nearby that day"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Time:
    """A free time: `value` is what a form sends, the second in which it opens."""

    value: int
    words: str


def for_visit(
    visit: Visit, *, now: datetime, zone: ZoneInfo, limit: int = OFFERED
) -> tuple[Time, ...]:
    """The best other times of a visit; none while nobody knows when its part comes."""
    slot = crew_times.live_slot(visit.pk)
    part = crew_times.part_of(visit)
    found = for_case(visit.case, visit.skill, part, now=now, zone=zone, moving=visit.pk)
    held = int(slot.opens_at.timestamp()) if slot else 0
    return tuple(time for time in found if time.value != held)[:limit]


def for_case(
    case: Case,
    skill: str,
    part: Part | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    moving: int | None = None,
) -> tuple[Time, ...]:
    """The best times for a new visit on a case, each once."""
    since = visits.ready_from(part, now=now)
    if since is None:
        return ()
    ranked = crew_times.best(case, skill, since=since, moving=moving)
    windows = [each.offer.window for each in slots.by_time(ranked)][: OFFERED + 1]
    return tuple(
        Time(
            value=int(window.opens.timestamp()),
            words=when.due_at(window.closes, earliest_at=window.opens, now=now, zone=zone).words,
        )
        for window in windows
    )


def why_in_words(codes: list[str]) -> str:
    """Why a time was found the best."""
    return "; ".join(str(WHYS[code]) for code in codes if code in WHYS)
