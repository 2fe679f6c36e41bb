"""Visits as calendar entries (iCalendar, RFC 5545, and iTIP, RFC 5546): one stable UID each.

An entry is tentative until the visit is sure, its SEQUENCE grows with whatever changes, a visit
that is off or failed is a CANCEL of the same UID, and each entry is in its customer's zone, which
the file describes.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from makegood.language import choice
from makegood.records.models import CalendarFeed, Letter, Slot, Visit
from makegood.rules.visits import VisitOutcome

PAST = timedelta(days=30)
FEED_MAX = 1_000
OFF = frozenset({VisitOutcome.CANCELLED, VisitOutcome.FAILED})


def invitation(visit: Visit, *, now: datetime) -> bytes:
    """The entry of one visit for its customer: REQUEST, or CANCEL once it is off.

    :raises Visit.DoesNotExist: if it has never had a time.
    """
    slot = _last_slot(visit)
    if slot is None:
        raise Visit.DoesNotExist
    is_off = visit.outcome in OFF or slot.released_at is not None
    with choice.speaking(visit.case.customer.language):
        event = _event(slot, now=now, is_off=is_off)
        event.add("attendee", _attendee(visit))
        return _file([event], [slot], method="CANCEL" if is_off else "REQUEST", name="")


def beside(letter: Letter, *, now: datetime) -> bytes:
    """The entry that goes with a letter which tells of a visit; nothing with any other.

    None goes to strangers: it holds a name and an address that anybody may have typed.
    """
    if letter.is_to_stranger:
        return b""
    told = re.match(r"visit:(\d+):", letter.duty.about if letter.duty else "")
    revised = letter.revision.promise_id if letter.revision else None
    promise = letter.promise_id or revised
    of_letter = Q(pk=told[1]) if told else Q(promise=promise, promise__isnull=False)
    visit = Visit.objects.select_related("case__customer", "case__owner").filter(of_letter).first()
    if visit is None or _last_slot(visit) is None:
        return b""
    return invitation(visit, now=now)


def visit_of_case(case_id: int, visit_id: int) -> Visit | None:
    """A visit of one case, and of no other."""
    rows = Visit.objects.filter(pk=visit_id, case=case_id)
    return rows.select_related("case__customer", "case__owner").first()


def has_address(*, crew: int | None = None, staff: int | None = None) -> bool:
    """Whether a secret address shows the visits of a crew, or of a person."""
    return CalendarFeed.objects.filter(crew=crew, staff=staff, revoked_at=None).exists()


def feed(digest: bytes, *, now: datetime) -> bytes | None:
    """The calendar behind a secret address; None if there is none, or it was revoked."""
    found = CalendarFeed.objects.filter(token_digest=digest, revoked_at=None)
    row = found.select_related("crew", "staff").first()
    if row is None or (row.staff is not None and not row.staff.is_active):
        return None
    slots = Slot.objects.filter(closes_at__gt=now - PAST, released_at=None)
    if row.crew is not None:
        slots, name = slots.filter(crew=row.crew), row.crew.name
    elif row.staff is not None:
        slots, name = slots.filter(crew__members=row.staff), row.staff.name
    joined = slots.select_related("visit__case__customer", "visit__case__owner", "crew")
    shown = list(joined.order_by("opens_at")[:FEED_MAX])
    events = [_event(slot, now=now, is_off=False) for slot in shown]
    return _file(events, shown, method="PUBLISH", name=name)


def _last_slot(visit: Visit) -> Slot | None:
    rows = Slot.objects.filter(visit=visit).select_related("visit__case__customer", "crew")
    return rows.order_by("-number").first()


def _event(slot: Slot, *, now: datetime, is_off: bool) -> Event:
    visit = slot.visit
    zone = ZoneInfo(visit.case.customer.zone)
    event = Event()
    event.add("uid", f"{visit.uuid}@makegood")
    event.add("dtstamp", now)
    event.add("sequence", visit.sequence)
    event.add("dtstart", slot.opens_at.astimezone(zone))
    event.add("dtend", slot.closes_at.astimezone(zone))
    event.add("summary", _("Visit: %(what)s") % {"what": visit.what})
    event.add("status", _status(visit, is_off=is_off))
    event.add("location", ", ".join(_place(visit)))
    event.add("description", _description(visit, is_off=is_off))
    event.add("organizer", _organizer(visit))
    event.add("transp", "OPAQUE")
    return event


def _place(visit: Visit) -> Iterable[str]:
    customer = visit.case.customer
    return (part for part in (customer.address, customer.postcode) if part)


def _status(visit: Visit, *, is_off: bool) -> str:
    if is_off:
        return "CANCELLED"
    return "CONFIRMED" if visit.confirmed_at or visit.arrived_at else "TENTATIVE"


def _description(visit: Visit, *, is_off: bool) -> str:
    if is_off:
        return _("We do not come at this time any more.")
    if visit.confirmed_at:
        return _("All that we need is there. Case %(reference)s.") % {
            "reference": visit.case.reference
        }
    return _("We tell you if anything changes; you need do nothing. Case %(reference)s.") % {
        "reference": visit.case.reference
    }


def _organizer(visit: Visit) -> vCalAddress:
    address = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["cn"] = vText(visit.case.owner.name)
    return address


def _attendee(visit: Visit) -> vCalAddress:
    address = vCalAddress(f"mailto:{visit.case.customer.email or 'nobody@makegood.invalid'}")
    address.params["cn"] = vText(visit.case.customer.name)
    address.params["partstat"] = vText("NEEDS-ACTION")
    address.params["rsvp"] = vText("FALSE")
    return address


def _file(events: Iterable[Event], slots: Sequence[Slot], *, method: str, name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Makegood//Visits//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
    for timezone in _zones(slots):
        calendar.add_component(timezone)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _zones(slots: Iterable[Slot]) -> Iterable[Timezone]:
    """Every zone that the entries stand in, over the years in which they do."""
    years: dict[str, list[int]] = {}
    for slot in slots:
        years.setdefault(slot.visit.case.customer.zone, []).append(slot.opens_at.year)
    for key, found in sorted(years.items()):
        first, last = date(min(found) - 1, 1, 1), date(max(found) + 2, 1, 1)
        yield Timezone.from_tzid(key, first_date=first, last_date=last)
