"""What `makegood follow` says: one look at each partner, and what it came to."""

from datetime import UTC, datetime

import typer

from makegood.actions import partners
from makegood.actions.partner_requests import Became
from makegood.clockwork.following import Looked, follow
from makegood.records.models import Partner


def follow_once(name: str, *, is_all: bool) -> None:
    """Look at one partner, or at each; exits with 1 if one could not be read."""
    rows = Partner.objects.filter(stopped_at=None).order_by("name")
    found = list(rows.filter(name=name) if name else rows)
    if not found:
        whom = f"No partner called {name} is followed" if name else "No partner is followed"
        typer.echo(f"makegood: {whom}; set one up under Settings, Partners.", err=True)
        raise typer.Exit(1)
    looked = [_look(partner, is_all=is_all) for partner in found]
    if any(one.error for one in looked):
        raise typer.Exit(1)


def _look(partner: Partner, *, is_all: bool) -> Looked:
    now = datetime.now(UTC)
    claimed = partners.claim(partner.pk, now=now)
    if claimed is None:
        typer.echo(f"{partner.name}: somebody is looking at it just now.")
        return Looked(is_all=is_all)
    looked = follow(claimed, now=now, is_all=is_all)
    typer.echo(f"{partner.name}: {_in_words(looked)}.")
    if looked.error:
        typer.echo(f"makegood: {partner.name}: {looked.error}", err=True)
    return looked


def _in_words(looked: Looked) -> str:
    parts = [
        f"{looked.became[Became.NEW]:,} new",
        f"{looked.became[Became.CHANGED]:,} changed",
        f"{looked.became[Became.SAME]:,} as before",
        f"{looked.became[Became.OLDER]:,} from before it is followed",
    ]
    if left := looked.unread + looked.refused:
        parts.append(f"{left:,} that cannot be read")
    said = ("all of it: " if looked.is_all else "what changed: ") + ", ".join(parts)
    return f"{said}; there is more, for the next look" if looked.has_more else said
