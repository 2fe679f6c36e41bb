"""One ladder with its preview: whom a promise would tell, and when, by the rules of the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from makegood.queries.settings import wording
from makegood.queries.settings.duty_week import Heard, heard_of
from makegood.records import settings_facts
from makegood.records.models import Staff, Team, Thing
from makegood.records.rosters import read_roster
from makegood.rules import duty, escalation, policy
from makegood.rules.escalation import Role
from makegood.rules.policy import Policy
from makegood.rules.severity import Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """One step of the preview."""

    at: str
    iso: str
    heard: Heard
    is_break: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderPage:
    """A ladder as it holds for new promises."""

    team: int
    team_name: str
    severity: int
    is_own: bool
    terms: dict[str, Any]
    zone: str


DEFAULT_TERMS: Final = {
    severity.value: policy.to_snapshot(each) for severity, each in policy.DEFAULT.items()
}


def get_ladder(team_id: int, severity: int) -> LadderPage | None:
    """The ladder of a team and severity, its own or the default; None without such a team."""
    team = Team.objects.select_related("calendar").filter(pk=team_id).first()
    if team is None or severity not in DEFAULT_TERMS:
        return None
    own = settings_facts.read(Thing.LADDER, settings_facts.ladder_key(team_id, severity))
    return LadderPage(
        team=team.pk,
        team_name=team.name,
        severity=severity,
        is_own=own is not None,
        terms=dict(own or DEFAULT_TERMS[severity]),
        zone=team.calendar.zone,
    )


def preview(
    page: LadderPage,
    *,
    terms: dict[str, Any] | None,
    owner: int | None,
    due_at: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Telling, ...]:
    """Whom a promise given now and due then would tell, if nobody kept it, the break included.

    :raises PolicyError: if the terms cannot be used.
    """
    chosen = policy.from_snapshot(terms or page.terms)
    severity = Severity(page.severity)
    teller = _Teller(team=page.team, owner=owner or _first_owner(page.team), severity=severity)
    steps = escalation.steps(chosen.ladder, said_at=now, due_at=due_at)
    told = [teller.tell(step.role, at=step.at, zone=zone) for step in steps]
    broken = teller.tell(
        _on_break(chosen, severity), at=due_at + chosen.grace, zone=zone, last=True
    )
    return (*told, broken)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Teller:
    team: int
    owner: int | None
    severity: Severity

    def tell(self, role: Role, *, at: datetime, zone: ZoneInfo, last: bool = False) -> Telling:
        # The roster of that moment, as the clock will read it then.
        also = frozenset() if self.owner is None else frozenset({self.owner})
        roster = read_roster(self.team, now=at, also=also)
        told = duty.whom_to_tell(
            role,
            owner=-1 if self.owner is None else self.owner,
            roster=roster,
            now=at,
            urgent=self.severity is Severity.P1,
        )
        heard = heard_of(told, roster=roster, now=at)
        return Telling(
            at=wording.moment(at, zone=zone), iso=at.isoformat(), heard=heard, is_break=last
        )


def _on_break(chosen: Policy, severity: Severity) -> Role:
    """Who hears of a first break, when all rungs had spoken."""
    return escalation.role_on_break(
        chosen.ladder, reached=len(chosen.ladder.rungs), severity=severity, breaks=1
    )


def _first_owner(team: int) -> int | None:
    rows = Staff.objects.people().filter(team=team, is_active=True).order_by("name")
    return rows.values_list("pk", flat=True).first()
