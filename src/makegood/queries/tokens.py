"""Which other system a token belongs to, and what it may do."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from makegood.records.models import Token
from makegood.rules import scopes
from makegood.rules.scopes import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveToken:
    """A token that is good now."""

    id: int
    name: str
    scopes: tuple[str, ...]
    limit_minor: int | None
    currency: str

    def allows(self, wanted: Scope) -> bool:
        """Whether it may do this."""
        return scopes.allows(self.scopes, wanted)


def find_live(words: str, *, now: datetime) -> LiveToken | None:
    """The token with these words, unless it is unknown, expired or revoked."""
    good = Q(expires_at=None) | Q(expires_at__gt=now)
    digest = hashlib.sha256(words.encode()).digest()
    row = Token.objects.filter(good, digest=digest, revoked_at=None).first()
    if row is None:
        return None
    return LiveToken(
        id=row.pk,
        name=row.name,
        scopes=tuple(row.scopes),
        limit_minor=row.limit_minor,
        currency=row.currency,
    )
