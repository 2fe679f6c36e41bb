"""The company as other systems see it: its services, its people, and what a token may do."""

from dataclasses import dataclass
from datetime import datetime

from makegood.queries.tokens import LiveToken
from makegood.records.models import Service, Staff, Token


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceOut:
    """One kind of thing that customers depend on."""

    id: int
    name: str
    function: str
    criticality: str
    team: str
    is_retired: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonOut:
    """Somebody of the staff, as far as cases and hand-overs name them."""

    id: int
    name: str
    team: str
    role: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenOut:
    """What the token that asks may do."""

    name: str
    scopes: tuple[str, ...]
    limit_minor: int | None
    currency: str
    acts_for: str
    team: str | None
    is_sandbox: bool
    expires_at: datetime | None


def services() -> tuple[ServiceOut, ...]:
    """Every service."""
    return tuple(
        ServiceOut(
            id=row.pk,
            name=row.name,
            function=row.function,
            criticality=row.criticality,
            team=row.team.name,
            is_retired=row.retired_at is not None,
        )
        for row in Service.objects.select_related("team").order_by("name")
    )


def people(*, team: int | None) -> tuple[PersonOut, ...]:
    """Everybody who works here, or in one team."""
    rows = Staff.objects.people().filter(is_active=True).select_related("team")
    if team is not None:
        rows = rows.filter(team=team)
    return tuple(
        PersonOut(id=row.pk, name=row.name, team=row.team.name, role=row.role)
        for row in rows.order_by("name", "pk")
    )


def token(live: LiveToken) -> TokenOut:
    """What a token may do."""
    row = Token.objects.select_related("team").get(pk=live.id)
    return TokenOut(
        name=row.name,
        scopes=tuple(row.scopes),
        limit_minor=row.limit_minor,
        currency=row.currency,
        acts_for=live.person.name,
        team=row.team.name if row.team else None,
        is_sandbox=row.is_sandbox,
        expires_at=row.expires_at,
    )
