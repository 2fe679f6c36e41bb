"""Which other system a token belongs to, and what it may do."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from makegood.records.models import Staff, Token
from makegood.rules import scopes
from makegood.rules.scopes import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveToken:
    """A token that is good now, and the person for whom it acts."""

    id: int
    name: str
    scopes: tuple[str, ...]
    limit_minor: int | None
    currency: str
    person: Staff
    team: int | None = None
    is_sandbox: bool = False
    calls_per_minute: int | None = None
    last_used_at: datetime | None = None

    def allows(self, wanted: Scope) -> bool:
        """Whether it may do this."""
        return scopes.allows(self.scopes, wanted)


def find_live(words: str, *, now: datetime) -> LiveToken | None:
    """The token with these words, unless it is unknown, expired or revoked.

    It is shut out as well once the person for whom it acts has left.
    """
    good = Q(expires_at=None) | Q(expires_at__gt=now)
    digest = hashlib.sha256(words.encode()).digest()
    live = Token.objects.filter(good, digest=digest, revoked_at=None)
    row = live.select_related("made_by", "acts_for").first()
    if row is None:
        return None
    person = row.acts_for or row.made_by
    if not person.is_active:
        return None
    return LiveToken(
        id=row.pk,
        name=row.name,
        scopes=tuple(row.scopes),
        limit_minor=row.limit_minor,
        currency=row.currency,
        person=person,
        team=row.team_id,
        is_sandbox=row.is_sandbox,
        calls_per_minute=row.calls_per_minute,
        last_used_at=row.last_used_at,
    )
