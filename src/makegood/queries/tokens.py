"""Which other system a token belongs to, and what it may do."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from makegood.queries import plain
from makegood.records.models import Staff, Token
from makegood.rules import scopes
from makegood.rules.scopes import Scope

_LIVE = plain.Kept(f"""
    SELECT {plain.columns(Token, "t")}, {plain.columns(Staff, "s")}
      FROM records_token t JOIN records_staff s ON s.id = coalesce(t.acts_for_id, t.made_by_id)
     WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND s.is_active
       AND (t.expires_at IS NULL OR t.expires_at > %(now)s)
""")  # noqa: S608 - columns of our own models


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
    digest = hashlib.sha256(words.encode()).digest()
    found = plain.models(_LIVE, Token, Staff, digest=digest, now=now)
    if not found:
        return None
    row, person = found[0]
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
