"""The weekly digest: queued once for each Monday, handed over once, and wanted or not."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from makegood.records.models import Digest, Staff, StaffRole
from makegood.rules import digest as rules
from makegood.rules import letters

ERROR_MAX = 500


class NoDigestError(Exception):
    """The digest goes to executives: others read it here."""


def queue_due(*, now: datetime) -> int:
    """Queue the digest of each executive whose Monday morning has come. Returns how many."""
    people = Staff.objects.people().filter(
        role=StaffRole.EXECUTIVE, is_active=True, wants_digest=True
    )
    return sum(_queue(person, now=now) for person in people)


@transaction.atomic
def take(*, now: datetime) -> Digest | None:
    """Take the digest that has waited longest; who has left or turned it off gets none."""
    waiting = Digest.objects.filter(send_at__lte=now).select_related("staff")
    row = waiting.select_for_update(skip_locked=True, of=("self",)).order_by("send_at").first()
    if row is None:
        return None
    if not (row.staff.is_active and row.staff.wants_digest):
        row.send_at, row.error = None, "Not wanted any more."
        row.save(update_fields=["send_at", "error"])
        return take(now=now)
    row.tries, row.send_at = row.tries + 1, now + letters.LEASE
    row.save(update_fields=["tries", "send_at"])
    return row


def leaving(number: int, *, now: datetime) -> None:
    """Its words leave now; no machine sends it again."""
    Digest.objects.filter(pk=number, handed_at=None).update(handed_at=now, send_at=None)


def left(number: int, *, now: datetime) -> None:
    """The mail server has taken it."""
    Digest.objects.filter(pk=number).update(sent_at=now, error="")


def not_taken(row: Digest, *, error: str, now: datetime) -> None:
    """It was not taken: try again later, or give up."""
    Digest.objects.filter(pk=row.pk).update(
        handed_at=None, send_at=letters.next_try(row.tries, now=now), error=error[:ERROR_MAX]
    )


def unsure(number: int, *, error: str) -> None:
    """Nobody knows whether it left, so it is not sent again."""
    Digest.objects.filter(pk=number).update(error=error[:ERROR_MAX])


def want(person: Staff, *, wanted: bool) -> None:
    """An executive turns their own digest on or off.

    :raises NoDigestError: if they are no executive.
    """
    if person.role != StaffRole.EXECUTIVE:
        raise NoDigestError(NoDigestError.__doc__)
    Staff.objects.filter(pk=person.pk).update(wants_digest=wanted)


def _queue(person: Staff, *, now: datetime) -> bool:
    zone = ZoneInfo(person.zone)
    monday: date = rules.monday_of(now, zone=zone)
    if not rules.is_due(monday, zone=zone, now=now):
        return False
    _row, is_new = Digest.objects.get_or_create(
        staff=person, monday=monday, defaults={"queued_at": now, "send_at": now}
    )
    return is_new
