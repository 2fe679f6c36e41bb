"""What is set, and what is wrong with it or runs out: each with the page where it is mended."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.language import sentences
from makegood.queries.labels import ROLES as RUNGS
from makegood.queries.settings import choices, lists, wording
from makegood.queries.settings.duty_week import gaps_of
from makegood.records.models import (
    Authority,
    Duty,
    DutyKind,
    Ladder,
    Partner,
    Service,
    SignalEnd,
    SignalSource,
    Staff,
    Team,
    Token,
    Webhook,
)
from makegood.records.rosters import read_rosters
from makegood.rules import policy
from makegood.rules.duty import Roster
from makegood.rules.escalation import Role, above
from makegood.rules.roles import Right, roles_with
from makegood.rules.severity import Severity

LOOK_AHEAD: Final = timedelta(days=14)
NAMED: Final = 5
"""So many people are named one by one; the others are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong: what, and the page and key where it is mended."""

    words: str
    page: str
    key: str = ""
    is_grave: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The page."""

    problems: tuple[Problem, ...]
    counts: Counter[str]


def get_overview(*, now: datetime) -> Overview:
    """Everything that is set, and all that is wrong with it."""
    teams = list(choices.real_teams().select_related("lead", "head", "executive").order_by("name"))
    rosters = read_rosters(now=now)
    members = _members()
    problems = (
        *_nothing_set(),
        *_calendars(now=now),
        *_empty_rungs(teams),
        *_unheard(teams, rosters),
        *_gaps(teams, rosters, members, now=now),
        *_services(members),
        *_not_begun(),
        *_uncovered(now=now),
        *_without_cover(),
        *_tokens(now=now),
        *_webhooks(),
        *_signals(),
        *_partners(),
    )
    graves = sorted(problems, key=lambda problem: not problem.is_grave)
    return Overview(problems=tuple(graves), counts=lists.counts())


def _nothing_set() -> Iterator[Problem]:
    if not choices.real_calendars().exists():
        yield Problem(
            words=_("There is no calendar: no time can be promised."), page="calendar_new"
        )
    elif not choices.real_teams().exists():
        yield Problem(words=_("There is no team: nobody can own a case."), page="team_new")
    managers = Staff.objects.people().filter(
        is_active=True, role__in=roles_with(Right.MANAGE_STAFF)
    )
    if not managers.exists():
        yield Problem(words=_("There is no administrator: nobody can let people in."), page="staff")


def _not_begun() -> Iterator[Problem]:
    """What a new desk works without, and works better with."""
    if not Service.objects.exists():
        words = _("No service is named yet: reports cannot be led to the team that answers for it.")
        yield Problem(words=words, page="service_new", is_grave=False)
    if not Authority.objects.exists():
        words = _("Nobody may give anything yet: nothing can be made good.")
        yield Problem(words=words, page="authority_new", is_grave=False)


def _calendars(*, now: datetime) -> Iterator[Problem]:
    for row in choices.real_calendars().order_by("known_until"):
        if not lists.runs_out(row.known_until, zone=row.zone, now=now):
            continue
        is_over = row.known_until < now.astimezone(ZoneInfo(row.zone)).date()
        said = (
            _("The calendar %(name)s ran out on %(day)s: its holidays are not known.")
            if is_over
            else _("The calendar %(name)s runs out on %(day)s.")
        )
        words = said % {"name": row.name, "day": wording.day(row.known_until)}
        yield Problem(words=words, page="calendar", key=str(row.pk), is_grave=is_over)


def _empty_rungs(teams: list[Team]) -> Iterator[Problem]:
    for team in teams:
        for role, person in _holders(team):
            values = {"team": team.name, "role": RUNGS[role], "name": person.name if person else ""}
            if person is None:
                said = _("The team %(team)s has nobody as %(role)s.")
            elif not person.is_active:
                said = _("%(name)s, %(role)s of the team %(team)s, has left.")
            else:
                continue
            yield Problem(words=said % values, page="team", key=str(team.pk))


def _holders(team: Team) -> tuple[tuple[Role, Staff | None], ...]:
    return (
        (Role.LEAD, team.lead),
        (Role.HEAD, team.head),
        (Role.EXECUTIVE, team.executive),
    )


def _unheard(teams: list[Team], rosters: dict[int, Roster]) -> Iterator[Problem]:
    """Rungs that nobody can hear: neither on them nor on any above is somebody who works here."""
    own = {(row.team_id, row.severity): row.terms for row in Ladder.objects.all()}
    for team in teams:
        deaf = {role for role in Role if not _is_heard(role, rosters[team.pk])}
        for severity in Severity:
            terms = own.get((team.pk, severity.value))
            chosen = policy.from_snapshot(terms) if terms else policy.DEFAULT[severity]
            rungs = [rung.role for rung in chosen.ladder.rungs if rung.role in deaf]
            if rungs:
                words = _("Nobody can hear the rung %(role)s of %(team)s at P%(severity)s.")
                values = {"role": RUNGS[rungs[0]], "team": team.name, "severity": severity.value}
                key = f"{team.pk}/{severity.value}"
                yield Problem(words=words % values, page="ladder", key=key)


def _is_heard(role: Role, roster: Roster) -> bool:
    if role is Role.OWNER:
        return True
    holder = roster.holder(role, owner=-1)
    seen: set[int] = set()
    while holder is not None and holder in roster.people and holder not in seen:
        if roster.people[holder].is_active:
            return True
        seen.add(holder)
        holder = roster.people[holder].cover
    higher = above(role)
    return higher is not role and _is_heard(higher, roster)


def _gaps(
    teams: list[Team], rosters: dict[int, Roster], members: dict[int, list[int]], *, now: datetime
) -> Iterator[Problem]:
    for team in teams:
        people = members.get(team.pk, [])
        gaps = gaps_of(rosters[team.pk], people, since=now, until=now + LOOK_AHEAD)
        if gaps:
            zone = rosters[team.pk].people[people[0]].calendar.zone
            words = ngettext(
                "In the next 14 days nobody of %(team)s is there once, from %(when)s.",
                "In the next 14 days nobody of %(team)s is there %(count)s times, "
                "first from %(when)s.",
                len(gaps),
            ) % {
                "team": team.name,
                "count": len(gaps),
                "when": wording.moment(gaps[0].starts_at, zone=zone),
            }
            yield Problem(words=words, page="duty_team", key=str(team.pk))


def _services(members: dict[int, list[int]]) -> Iterator[Problem]:
    for row in Service.objects.filter(retired_at=None).select_related("team").order_by("name"):
        if not members.get(row.team_id):
            words = _("Nobody works in the team %(team)s, which answers for %(service)s.")
            filled = words % {"team": row.team.name, "service": row.name}
            yield Problem(words=filled, page="service", key=str(row.pk))


def _uncovered(*, now: datetime) -> Iterator[Problem]:
    rows = Duty.objects.filter(
        kind=DutyKind.ABSENCE,
        ends_at__gt=now,
        starts_at__lt=now + LOOK_AHEAD,
        cover=None,
        staff__cover=None,
        staff__is_active=True,
    ).select_related("staff")
    for row in rows.order_by("starts_at")[:NAMED]:
        words = _("%(name)s is away until %(when)s and nobody covers.") % {
            "name": row.staff.name,
            "when": wording.moment(row.ends_at, zone=ZoneInfo(row.staff.zone)),
        }
        yield Problem(words=words, page="duty_span", key=str(row.pk))


def _without_cover() -> Iterator[Problem]:
    rows = Staff.objects.people().filter(
        is_active=True, cover=None, role__in=roles_with(Right.ANSWER_CUSTOMERS)
    )
    found = list(rows.order_by("name"))
    for row in found[:NAMED]:
        words = _("%(name)s has no cover.") % {"name": row.name}
        yield Problem(words=words, page="person", key=str(row.pk), is_grave=False)
    rest = len(found) - NAMED
    if rest > 0:
        words = ngettext(
            "%(count)s more person has no cover.", "%(count)s more people have no cover.", rest
        )
        yield Problem(words=words % {"count": rest}, page="staff", is_grave=False)


def _tokens(*, now: datetime) -> Iterator[Problem]:
    rows = Token.objects.filter(
        revoked_at=None, expires_at__gt=now, expires_at__lt=now + LOOK_AHEAD
    )
    for row in rows.order_by("expires_at"):
        words = _("The token %(name)s expires on %(when)s.") % {
            "name": row.name,
            "when": wording.day(row.expires_at.date()) if row.expires_at else "",
        }
        yield Problem(words=words, page="tokens", is_grave=False)


def _webhooks() -> Iterator[Problem]:
    """Those that were stopped because nothing came through."""
    for row in Webhook.objects.filter(stopped_at__isnull=False, stopped_by=None).order_by("name"):
        words = _("The webhook %(name)s was stopped: it took nothing for days.") % {
            "name": row.name
        }
        yield Problem(words=words, page="webhook", key=str(row.pk), is_grave=False)


def _signals() -> Iterator[Problem]:
    """Sources of which something is set aside: it may be a failure that nobody sees to."""
    waits = Count("signals", filter=Q(signals__end=SignalEnd.ASIDE))
    for row in SignalSource.objects.annotate(waits=waits).filter(waits__gt=0).order_by("title"):
        words = ngettext(
            "%(count)s signal of %(source)s was set aside and waits for somebody.",
            "%(count)s signals of %(source)s were set aside and wait for somebody.",
            row.waits,
        ) % {"count": row.waits, "source": row.title}
        yield Problem(words=words, page="signal_source", key=str(row.pk))


def _partners() -> Iterator[Problem]:
    """Those that cannot be read: what they show of our customers is not known here."""
    rows = Partner.objects.filter(failing_since__isnull=False, stopped_at=None)
    for row in rows.order_by("name"):
        words = _("The partner %(name)s cannot be read: %(why)s") % {
            "name": row.name,
            "why": sentences.said(row.error),
        }
        yield Problem(words=words, page="partner", key=str(row.pk))


def _members() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Staff.objects.people().filter(is_active=True).order_by("name")
    for pk, team in rows.values_list("pk", "team"):
        found.setdefault(team, []).append(pk)
    return found
