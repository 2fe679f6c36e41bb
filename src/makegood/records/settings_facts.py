"""What stands in each setting, as plain JSON values: what its form shows and its history keeps."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from makegood.records import door_facts, gesture_facts, money_facts
from makegood.records.models import (
    Asset,
    Crew,
    Duty,
    Ladder,
    Retention,
    Round,
    SecondStepRole,
    Service,
    Staff,
    Team,
    Thing,
    Token,
    WorkingCalendar,
)

Facts = Mapping[str, Any]

PERSONAL: Mapping[str, frozenset[str]] = {
    Thing.ASSET: frozenset({"name", "place", "external_id"}),
    Thing.STAFF: frozenset({"email", "name", "phone"}),
}
"""Facts that are kept beside the history, so that they can be erased."""


def read(thing: str, key: str) -> Facts | None:
    """The facts of a thing; None if there is no such thing, or it stands at its default."""
    return _READERS[thing](key)


def ladder_key(team_id: int, severity: int) -> str:
    """The key of the ladder of one team and severity."""
    return f"{team_id}/{severity}"


def team_and_severity(key: str) -> tuple[int, int]:
    """The reverse of `ladder_key`."""
    team, _, severity = key.partition("/")
    return int(team), int(severity)


def _service(key: str) -> Facts | None:
    row = Service.objects.filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "name": row.name,
            "function": row.function,
            "criticality": row.criticality,
            "team": row.team_id,
            "retired": row.retired_at is not None,
        }
    )


def _crew(key: str) -> Facts | None:
    row = Crew.objects.filter(pk=key).first()
    if row is None:
        return None
    return {
        "name": row.name,
        "team": row.team_id,
        "calendar": row.calendar_id,
        "members": sorted(row.members.values_list("pk", flat=True)),
        "skills": list(row.skills),
        "areas": list(row.areas),
        "capacity": row.capacity,
        "slot_minutes": row.slot_minutes,
        "retired": row.retired_at is not None,
    }


def _round(key: str) -> Facts | None:
    row = Round.objects.filter(pk=key).first()
    if row is None:
        return None
    return {
        "name": row.name,
        "service": row.service_id,
        "calendar": row.calendar_id,
        "crew": row.crew_id,
        "owner": row.owner_id,
        "rule": row.rule,
        "first_day": row.first_day.isoformat(),
        "left_out": [day.isoformat() for day in row.left_out],
        "added": [day.isoformat() for day in row.added],
        "shift": row.shift,
        "opens": row.opens,
        "closes": row.closes,
        "report_minutes": row.report_minutes,
        "areas": list(row.areas),
        "harm": row.harm,
        "missed_title": row.missed_title,
        "missed_words": row.missed_words,
        "retired": row.retired_at is not None,
    }


def _asset(key: str) -> Facts | None:
    row = Asset.objects.filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "customer": row.customer_id,
            "service": row.service_id,
            "name": row.name,
            "place": row.place,
            "function": row.function,
            "criticality": row.criticality,
            "external_id": row.external_id,
            "retired": row.retired_at is not None,
        }
    )


def _ladder(key: str) -> Facts | None:
    team, severity = team_and_severity(key)
    terms = Ladder.objects.filter(team=team, severity=severity).values_list("terms", flat=True)
    found: Facts | None = terms.first()
    return found


def _duty(key: str) -> Facts | None:
    row = Duty.objects.filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "staff": row.staff_id,
            "kind": row.kind,
            "starts_at": _iso(row.starts_at),
            "ends_at": _iso(row.ends_at),
            "cover": row.cover_id,
        }
    )


def _calendar(key: str) -> Facts | None:
    row = WorkingCalendar.objects.filter(pk=key).first()
    if row is None:
        return None
    days = list(row.holidays.order_by("day").values_list("day", "name", "is_extra"))
    return {
        "name": row.name,
        "zone": row.zone,
        "week": row.week,
        "holidays": {day.isoformat(): name for day, name, is_extra in days if not is_extra},
        "extra": {day.isoformat(): name for day, name, is_extra in days if is_extra},
        "holiday_code": row.holiday_code,
        "known_until": row.known_until.isoformat(),
    }


def _team(key: str) -> Facts | None:
    row = Team.objects.filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "name": row.name,
            "calendar": row.calendar_id,
            "lead": row.lead_id,
            "head": row.head_id,
            "executive": row.executive_id,
        }
    )


def _staff(key: str) -> Facts | None:
    row = Staff.objects.people().filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "name": row.name,
            "email": row.email,
            "phone": row.phone,
            "team": row.team_id,
            "role": row.role,
            "zone": row.zone,
            "cover": row.cover_id,
            "active": row.is_active,
        }
    )


def _token(key: str) -> Facts | None:
    row = Token.objects.filter(pk=key).first()
    return (
        None
        if row is None
        else {
            "name": row.name,
            "scopes": list(row.scopes),
            "limit_minor": row.limit_minor,
            "currency": row.currency,
            "expires_at": row.expires_at and _iso(row.expires_at),
            "staff": row.acts_for_id,
            "team": row.team_id,
            "sandbox": row.is_sandbox,
            "calls_per_minute": row.calls_per_minute,
            "revoked": row.revoked_at is not None,
        }
    )


def _sign_in(_key: str) -> Facts:
    """The company's rules for signing in; there is one set of them."""
    return {"second_step_roles": sorted(SecondStepRole.objects.values_list("role", flat=True))}


def _retention(key: str) -> Facts | None:
    """For how long one kind of data is kept; None is for good."""
    row = Retention.objects.filter(kind=key).first()
    return None if row is None else {"kind": row.kind, "days": row.days}


def _iso(moment: datetime) -> str:
    return moment.isoformat()


_READERS: Mapping[str, Callable[[str], Facts | None]] = {
    Thing.SERVICE: _service,
    Thing.CREW: _crew,
    Thing.ROUND: _round,
    Thing.AUTHORITY: money_facts.read_authority,
    Thing.CONFLICT: money_facts.read_conflict,
    Thing.SCHEME: money_facts.read_scheme,
    Thing.GESTURE: gesture_facts.read_item,
    Thing.BUDGET: gesture_facts.read_budget,
    Thing.ASSET: _asset,
    Thing.LADDER: _ladder,
    Thing.DUTY: _duty,
    Thing.CALENDAR: _calendar,
    Thing.TEAM: _team,
    Thing.STAFF: _staff,
    Thing.TOKEN: _token,
    Thing.SIGN_IN: _sign_in,
    Thing.RETENTION: _retention,
    Thing.SIGNALS: door_facts.read_source,
    Thing.PARTNER: door_facts.read_partner,
}
