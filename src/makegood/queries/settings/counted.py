"""A due time computed on a calendar of the desk, step by step, as `makegood due` does it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import amounts, moments, traces
from makegood.queries.settings import wording
from makegood.records.models import WorkingCalendar
from makegood.rules import workinghours
from makegood.rules.amounts import parse_amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """The answer: when it is due, and how that came about."""

    amount: str
    calendar: str
    start: str
    due: str
    iso: str
    zone: str
    trace: tuple[str, ...]


def count(calendar_id: int, *, amount: str, start: datetime) -> Counted | None:
    """When something is due; None without such a calendar.

    :raises AmountError: if the words are no amount.
    :raises CalendarError: if the calendar does not know the days that would be counted.
    """
    row = WorkingCalendar.objects.filter(pk=calendar_id).first()
    if row is None:
        return None
    length = parse_amount(amount)
    zone = ZoneInfo(row.zone)
    computed = workinghours.add(start, length, calendar=row.facts())
    return Counted(
        amount=amounts.in_words(str(length)),
        calendar=row.name,
        start=wording.moment(start, zone=zone),
        due=wording.moment(computed.due_at, zone=zone),
        iso=computed.due_at.isoformat(),
        zone=moments.zone_in_words(zone),
        trace=tuple(traces.said(step) for step in computed.trace),
    )
