"""Who looks at a case: seen again and again while they do, gone when they leave or fall silent."""

from datetime import datetime

from django.db import transaction

from makegood.records.models import Presence
from makegood.rules.presence import GONE_AFTER


@transaction.atomic
def be_here(*, case_id: int, staff_id: int, typing: bool, now: datetime) -> None:
    """This person looks at the case, and may be typing; whoever fell silent is gone."""
    Presence.objects.filter(case=case_id, seen_at__lt=now - GONE_AFTER).delete()
    mine = Presence.objects.filter(case=case_id, staff=staff_id)
    if mine.update(seen_at=now, typing=typing):
        return
    row = Presence(case_id=case_id, staff_id=staff_id, since=now, seen_at=now, typing=typing)
    # Two tabs of one person may arrive at once; one of them is enough.
    Presence.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def leave(*, case_id: int, staff_id: int) -> None:
    """This person has closed the page."""
    Presence.objects.filter(case=case_id, staff=staff_id).delete()
