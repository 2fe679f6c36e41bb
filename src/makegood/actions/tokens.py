"""Tokens for other systems: made and shown once, used, and revoked for good."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from makegood.actions import changes, links
from makegood.actions.changes import Editor, FieldError
from makegood.records import settings_facts
from makegood.records.models import Staff, Thing, Token
from makegood.rules.scopes import Scope

PREFIX = "mg_"
HINT_LENGTH = 8
USED_WITHIN = timedelta(minutes=1)
"""Last use is noted at most so often: a busy system must not write a row with each question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewToken:
    """What a token shall be. Without `acts_for` it acts for whoever makes it."""

    name: str
    scopes: Sequence[Scope]
    limit_minor: int | None = None
    currency: str = ""
    expires_at: datetime | None = None
    acts_for: int | None = None
    team: int | None = None
    is_sandbox: bool = False
    calls_per_minute: int | None = None


@transaction.atomic
def make(wanted: NewToken, *, by: Staff, now: datetime) -> tuple[Token, str]:
    """Make a token; the words are shown here once, and the database keeps their SHA-256.

    :raises FieldError: if it may do nothing, or grants without a limit, or has expired already.
    """
    _check(wanted, now=now)
    words = f"{PREFIX}{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        name=wanted.name,
        digest=links.digest(words),
        hint=words[:HINT_LENGTH],
        scopes=[scope.value for scope in wanted.scopes],
        limit_minor=wanted.limit_minor,
        currency=wanted.currency,
        made_by=by,
        made_at=now,
        expires_at=wanted.expires_at,
        acts_for_id=wanted.acts_for,
        team_id=wanted.team,
        is_sandbox=wanted.is_sandbox,
        calls_per_minute=wanted.calls_per_minute,
    )
    after = settings_facts.read(Thing.TOKEN, str(token.pk))
    changes.note(Thing.TOKEN, str(token.pk), None, after, editor=Editor(by=by, now=now))
    return token, words


@transaction.atomic
def revoke(token_id: int, *, by: Staff, now: datetime) -> Token:
    """Shut another system out, from its next question on; once revoked it stays so."""
    token = Token.objects.select_for_update().get(pk=token_id)
    if token.revoked_at is not None:
        return token
    before = settings_facts.read(Thing.TOKEN, str(token_id))
    token.revoked_at, token.revoked_by = now, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    after = settings_facts.read(Thing.TOKEN, str(token_id))
    changes.note(Thing.TOKEN, str(token_id), before, after, editor=Editor(by=by, now=now))
    return token


def note_use(token_id: int, *, last_used_at: datetime | None, now: datetime) -> None:
    """Remember that it was used just now, unless that was noted a moment ago."""
    if last_used_at is None or last_used_at < now - USED_WITHIN:
        Token.objects.filter(pk=token_id).update(last_used_at=now)


def _check(wanted: NewToken, *, now: datetime) -> None:
    if not wanted.scopes:
        raise FieldError("scopes", "A token that may do nothing is of no use; choose what it may.")
    grants = Scope.GRANT in wanted.scopes or Scope.ADMIN in wanted.scopes
    if wanted.limit_minor is not None and not grants:
        raise FieldError("limit", "Only a token that may grant has a limit; leave it empty.")
    if Scope.GRANT in wanted.scopes and wanted.limit_minor is None:
        raise FieldError("limit", "Say up to which amount it may grant, such as 20.00 GBP.")
    if wanted.expires_at is not None and wanted.expires_at <= now:
        raise FieldError("expires_on", "It would have expired already; give a later day.")
