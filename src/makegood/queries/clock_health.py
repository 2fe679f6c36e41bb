"""How the clock does, in numbers: asked of the database, and never of the clock itself.

Every number comes from the end of an index or stops counting at `MOST`, so that asking costs the
same with ten million open promises as with ten.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from makegood.records import canary
from makegood.records.models import Case, ClockPulse, SetAside, Staff, WorkingCalendar
from makegood.records.next_due import next_due
from makegood.rules.calendars import LAST_YEAR
from makegood.rules.severity import Severity

MOST = 100_000
LATE_AFTER = timedelta(minutes=1)
UNREAD_AFTER = timedelta(hours=4)
"""For so long a customer's mail may wait for somebody to say whose it is."""

PULSE = "clock"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockHealth:
    """What was found at `at`; counts stop at `MOST`.

    `lag`: how long the first of all that is due has been waiting. `overdue`: open promises that
    should have been judged more than `LATE_AFTER` ago, those set aside included. `untold`: rungs
    that should have spoken. `unread`: mails that no rule could place and that nobody has read for
    `UNREAD_AFTER`. `canary_late`: how long past its time the canary's promise is.
    `canary_age` and `pulse_age`: how long ago the last of its promises broke, and the clock last
    finished a round. None means that there is none.
    """

    at: datetime
    lag: timedelta
    overdue: Mapping[Severity, int]
    untold: int
    set_aside: int
    canary_late: timedelta | None
    canary_age: timedelta | None
    pulse_age: timedelta | None
    unacknowledged: int
    open_promises: int
    calendar_days: Mapping[str, int]
    owners_who_left: int
    unread: int


def read_clock_health(*, now: datetime) -> ClockHealth:
    """Ask for everything at once; some twenty looks at indexes."""
    before = now - LATE_AFTER
    first = next_due(now=now)
    late, age = _canary(now=now)
    return ClockHealth(
        at=now,
        lag=max(now - first, timedelta(0)) if first else timedelta(0),
        overdue={severity: _overdue(severity, before) for severity in Severity},
        untold=_count(_UNTOLD, now, before, before),
        set_aside=SetAside.objects.count(),
        canary_late=late,
        canary_age=age,
        pulse_age=_pulse_age(now=now),
        unacknowledged=_count(_UNACKNOWLEDGED),
        open_promises=_open_promises(),
        calendar_days=_calendar_days(now=now),
        owners_who_left=_owners_who_left(),
        unread=_count(_UNREAD, now - UNREAD_AFTER),
    )


_OVERDUE = """
    SELECT 1 FROM records_promise WHERE outcome IS NULL AND severity = %s AND judge_at < %s
    UNION ALL
    SELECT 1 FROM records_setaside s JOIN records_promise p ON p.id = s.promise_id
     WHERE p.outcome IS NULL AND p.severity = %s AND p.due_at + p.grace < %s AND p.judge_at >= %s
"""
_UNTOLD = """
    SELECT 1 FROM records_promise WHERE escalate_at IS NOT NULL AND due_at > %s AND escalate_at < %s
    UNION ALL
    SELECT 1 FROM records_escalation WHERE speak_again_at IS NOT NULL AND speak_again_at < %s
"""
_UNACKNOWLEDGED = """
    SELECT 1 FROM records_escalation WHERE speak_again_at IS NOT NULL AND acknowledged_at IS NULL
"""
_OPEN = "SELECT 1 FROM records_promise WHERE outcome IS NULL"
_UNREAD = """
    SELECT 1 FROM records_mail WHERE settled_at IS NULL AND aside_because <> ''
       AND aside_because NOT IN ('machine', 'copy') AND received_at < %s
"""
_ESTIMATE = "SELECT reltuples FROM pg_class WHERE oid = 'promise_waiting_for_judgement'::regclass"


def _overdue(severity: Severity, before: datetime) -> int:
    return _count(_OVERDUE, severity, before, severity, before, before)


def _open_promises() -> int:
    """Counted as far as `MOST`; beyond it, what the last ANALYZE found."""
    counted = _count(_OPEN)
    if counted < MOST:
        return counted
    with connection.cursor() as cursor:
        cursor.execute(_ESTIMATE)
        return max(counted, int(cursor.fetchone()[0]))


def _count(rows: str, *parameters: datetime | int) -> int:
    counted = f"SELECT count(*) FROM ({rows} LIMIT {MOST}) found"  # noqa: S608 - texts of ours
    with connection.cursor() as cursor:
        cursor.execute(counted, parameters)
        return int(cursor.fetchone()[0])


def _canary(*, now: datetime) -> tuple[timedelta | None, timedelta | None]:
    for case in canary.open_cases():
        waiting = case.promises.still_open().order_by("due_at").first()
        broken = case.promises.filter(outcome="broken").order_by("-settled_recorded_at").first()
        since = broken.settled_recorded_at if broken else case.recorded_at
        late = max(now - waiting.due_at, timedelta(0)) if waiting else None
        return late, now - since if since else None
    return None, None


def _pulse_age(*, now: datetime) -> timedelta | None:
    last = ClockPulse.objects.filter(name=PULSE).first()
    return now - last.at if last else None


def _calendar_days(*, now: datetime) -> dict[str, int]:
    """Days for which the holidays of each calendar in use are known; those that never end aside."""
    used = WorkingCalendar.objects.filter(teams__isnull=False).distinct()
    known = used.filter(known_until__year__lte=LAST_YEAR).values_list("name", "known_until")
    return {name: (until - now.date()).days for name, until in known}


def _owners_who_left() -> int:
    """Open cases whose owner has left: from the few who left, by the index over their cases."""
    left = Staff.objects.filter(is_active=False)
    return Case.objects.filter(owner__in=left, closed_at=None).count()
