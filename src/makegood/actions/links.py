"""The customer's key to the page of one case: made, and taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import cases, timeline
from makegood.records.models import CaseLink, Staff
from makegood.rules import undoing
from makegood.rules.undoing import OvertakenByEventsError

LIFE = timedelta(days=90)


@transaction.atomic
def mint_link(case_id: int, *, now: datetime, life: timedelta = LIFE) -> str:
    """A new token for the page of a case, shown here once; the database keeps its digest only."""
    token = secrets.token_urlsafe(32)
    CaseLink.objects.create(
        case_id=case_id, token_digest=digest(token), made_at=now, expires_at=now + life
    )
    return token


@transaction.atomic
def revoke_links(case_id: int, *, by: Staff, now: datetime) -> int:
    """Take back every link of a case that is still good. Returns how many."""
    cases.lock(case_id)
    count = CaseLink.objects.filter(case_id=case_id, revoked_at=None).update(revoked_at=now)
    if count:
        facts = {"links": count, "by": by.pk}
        timeline.append(case_id=case_id, kind="links_revoked", at=now, now=now, facts=facts)
    return count


@transaction.atomic
def restore_links(case_id: int, *, revoked_at: datetime, by: Staff, now: datetime) -> int:
    """Let the links that were taken back at that moment open the page again. Returns how many.

    :raises TooLateToUndoError: if that is more than some minutes ago.
    :raises OvertakenByEventsError: if they are good already.
    """
    undoing.check_time(revoked_at, now=now)
    cases.lock(case_id)
    count = CaseLink.objects.filter(case_id=case_id, revoked_at=revoked_at).update(revoked_at=None)
    if not count:
        raise OvertakenByEventsError("Nothing is left to bring back: these links are good already.")
    facts = {"links": count, "by": by.pk}
    timeline.append(case_id=case_id, kind="links_restored", at=now, now=now, facts=facts)
    return count


def digest(token: str) -> bytes:
    """What is kept of a token. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()
