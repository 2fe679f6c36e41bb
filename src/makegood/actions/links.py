"""The customer's key to the page of one case: made, and taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from makegood.records.models import CaseLink

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
def revoke_links(case_id: int, *, now: datetime) -> int:
    """Take back every link of a case that is still good. Returns how many."""
    return CaseLink.objects.filter(case_id=case_id, revoked_at=None).update(revoked_at=now)


def digest(token: str) -> bytes:
    """What is kept of a token. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()
