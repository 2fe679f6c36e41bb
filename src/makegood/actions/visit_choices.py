"""A customer chooses another time with whoever they talk to: it is held, and they know it."""

from datetime import datetime

from django.db import transaction

from makegood.actions import moving, visit_access, visit_letters, visit_words, visits
from makegood.actions.spoken import ALOUD
from makegood.records.models import Promise, Staff, Visit
from makegood.rules.promises import Channel


@transaction.atomic
def choose_together(
    visit_id: int, opens: datetime, *, channel: Channel, evidence: str, by: Staff, now: datetime
) -> Visit:
    """Give a visit the time that its customer has just chosen; choosing it, they were told.

    As on their page, who chooses a time will be there to let us in.

    :raises VisitEndedError: if it has ended, or the crew is there.
    :raises SlotGoneError: if that time is not free.
    :raises EvidenceMissingError: if nothing says how their choice is known.
    :raises ToldTooLateError: if the time that was promised has passed.
    """
    visit_access.let_in(moving.lock(visit_id), by=by, now=now)
    visit = visits.move_visit(visit_id, chosen=opens, by=by, now=now, is_with_them=True)
    owed = visit_words.waiting(visit).order_by("pk").first()
    if owed is not None:
        visits.tell(owed.pk, at=now, channel=channel, evidence=evidence, now=now)
    visit.promise = Promise.objects.get(visits=visit)  # as it stands, now that they were told
    if channel in ALOUD:
        visit_letters.agreed(visit, by=by, now=now)
    return visit
