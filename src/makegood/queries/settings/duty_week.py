"""Who of a team is there in a week, hour by hour, where nobody is, and who would be told now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.language import moments, sentences
from makegood.queries.labels import ROLES as RUNGS
from makegood.queries.settings import wording
from makegood.records.models import Duty, DutyKind, Ladder, Staff, Team
from makegood.records.rosters import read_roster
from makegood.rules import calendars, coverage, duty, policy
from makegood.rules.coverage import Stretch, Stretches
from makegood.rules.duty import Roster, Told
from makegood.rules.escalation import Role
from makegood.rules.severity import Severity

DAYS: Final = 7
WIDTH: Final = 1440
"""A day's bar is as wide as its minutes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A piece of a day's bar: from the left, and how wide, in minutes of the day."""

    x: int
    width: int
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One planned span on one day."""

    id: int
    kind: str
    words: str
    cover: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOf:
    """One day of one person."""

    bars: tuple[Bar, ...]
    entries: tuple[Entry, ...]
    hours: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonWeek:
    """The week of one person."""

    id: int
    name: str
    days: tuple[DayOf, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DayHead:
    """One day, and where nobody is there although the office is open."""

    words: str
    iso: str
    is_today: bool
    gaps: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Who would hear of a matter now, for one rung."""

    role: str
    name: str
    skipped: tuple[str, ...]
    waits: bool = False
    """Nobody on the way up is on duty: they find it on their return."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WouldHear:
    """Who would hear now, for one severity, rung by rung."""

    severity: int
    rungs: tuple[Heard, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyWeek:
    """The page."""

    team: int
    team_name: str
    zone: str
    days: tuple[DayHead, ...]
    people: tuple[PersonWeek, ...]
    told_now: tuple[WouldHear, ...]
    gap_count: int
    before: str
    after: str
    is_this_week: bool


def get_duty_week(team_id: int, *, week_of: date | None, now: datetime) -> DutyWeek | None:
    """The week of a team that a day lies in, on the clock of its office; None without the team."""
    team = Team.objects.select_related("calendar").filter(pk=team_id).first()
    if team is None:
        return None
    zone = ZoneInfo(team.calendar.zone)
    today = now.astimezone(zone).date()
    monday = _monday(week_of or today)
    days = tuple(monday + timedelta(days=number) for number in range(DAYS))
    since, until = midnight(monday, zone), midnight(monday + timedelta(days=DAYS), zone)
    roster = read_roster(team_id, now=since)
    members = list(Staff.objects.people().filter(team=team_id, is_active=True).order_by("name"))
    open_ = coverage.open_hours(team.calendar.facts(), since=since, until=until)
    there = _there(members, roster, open_, since=since, until=until)
    gaps = coverage.without(open_, [stretch for each in there.values() for stretch in each])
    entries = _entries(members, since=since, until=until)
    return DutyWeek(
        team=team.pk,
        team_name=team.name,
        zone=moments.zone_in_words(zone),
        days=tuple(_head(day, open_, gaps, zone=zone, today=today) for day in days),
        people=tuple(
            _person_week(member, there[member.pk], entries, days=days, zone=zone)
            for member in members
        ),
        told_now=_told_now(team_id, members, now=now),
        gap_count=len(gaps),
        before=(monday - timedelta(days=DAYS)).isoformat(),
        after=(monday + timedelta(days=DAYS)).isoformat(),
        is_this_week=monday == _monday(today),
    )


def gaps_of(
    roster: Roster, members: Iterable[int], *, since: datetime, until: datetime
) -> Stretches:
    """When an office is open and none of its people is there."""
    people = [roster.people[pk] for pk in members]
    if not people:
        return ()
    open_ = coverage.open_hours(people[0].calendar, since=since, until=until)
    there = [
        stretch
        for person in people
        for stretch in coverage.on_duty(person, hours=open_, since=since, until=until)
    ]
    return coverage.without(open_, there)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone."""
    return calendars.at_wall_time(datetime.combine(day, time()), zone=zone)


def duty_rows(*, now: datetime, zone: ZoneInfo) -> Iterator[list[str]]:
    """Every span that is not over, for a file."""
    rows = Duty.objects.filter(ends_at__gt=now).select_related("staff__team", "cover")
    for row in rows.order_by("starts_at", "pk").iterator(chunk_size=500):
        yield [
            row.staff.name,
            row.staff.team.name,
            str(wording.DUTIES[row.kind]),
            row.starts_at.astimezone(zone).isoformat(timespec="minutes"),
            row.ends_at.astimezone(zone).isoformat(timespec="minutes"),
            row.cover.name if row.cover else "",
        ]


def absences_of(person: int, *, now: datetime, zone: ZoneInfo) -> tuple[Entry, ...]:
    """The absences of a person that are not over."""
    rows = Duty.objects.filter(staff=person, kind=DutyKind.ABSENCE, ends_at__gt=now)
    return tuple(
        Entry(
            id=row.pk,
            kind=row.kind,
            words=_("%(start)s until %(end)s")
            % {
                "start": wording.moment(row.starts_at, zone=zone),
                "end": wording.moment(row.ends_at, zone=zone),
            },
            cover=row.cover.name if row.cover else "",
        )
        for row in rows.select_related("cover").order_by("starts_at")
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _there(
    members: list[Staff], roster: Roster, open_: Stretches, *, since: datetime, until: datetime
) -> dict[int, Stretches]:
    return {
        member.pk: coverage.on_duty(roster.people[member.pk], hours=open_, since=since, until=until)
        for member in members
    }


def _entries(members: list[Staff], *, since: datetime, until: datetime) -> list[Duty]:
    rows = Duty.objects.filter(staff__in=members, starts_at__lt=until, ends_at__gt=since)
    return list(rows.select_related("cover").order_by("starts_at"))


def _head(day: date, open_: Stretches, gaps: Stretches, *, zone: ZoneInfo, today: date) -> DayHead:
    return DayHead(
        words=wording.day_of_year(day),
        iso=day.isoformat(),
        is_today=day == today,
        gaps=tuple(_hours(gap, day, zone=zone) for gap in gaps if _touches(gap, day, zone)),
        bars=(*_bars(open_, day, "open", zone=zone), *_bars(gaps, day, "gap", zone=zone)),
    )


def _person_week(
    member: Staff, there: Stretches, entries: list[Duty], *, days: tuple[date, ...], zone: ZoneInfo
) -> PersonWeek:
    mine = [entry for entry in entries if entry.staff_id == member.pk]
    return PersonWeek(
        id=member.pk,
        name=member.name,
        days=tuple(_day_of(day, there, mine, zone=zone) for day in days),
    )


def _day_of(day: date, there: Stretches, mine: list[Duty], *, zone: ZoneInfo) -> DayOf:
    shown = [
        (row, stretch)
        for row in mine
        if _touches(stretch := Stretch(starts_at=row.starts_at, ends_at=row.ends_at), day, zone)
    ]
    away = [stretch for row, stretch in shown if row.kind == DutyKind.ABSENCE]
    calls = [stretch for row, stretch in shown if row.kind == DutyKind.ON_CALL]
    return DayOf(
        bars=(
            *_bars(there, day, "there", zone=zone),
            *_bars(calls, day, "on_call", zone=zone),
            *_bars(away, day, "absence", zone=zone),
        ),
        entries=tuple(
            Entry(
                id=row.pk,
                kind=row.kind,
                words=_hours(stretch, day, zone=zone),
                cover=row.cover.name if row.cover else "",
            )
            for row, stretch in shown
        ),
        hours=tuple(
            _hours(stretch, day, zone=zone) for stretch in there if _touches(stretch, day, zone)
        ),
    )


def _touches(stretch: Stretch, day: date, zone: ZoneInfo) -> bool:
    opens, closes = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    return stretch.starts_at < closes and stretch.ends_at > opens


def _hours(stretch: Stretch, day: date, *, zone: ZoneInfo) -> str:
    """The part of a stretch that lies on a day: "08:00-12:00"."""
    start, end = _minutes(stretch, day, zone=zone)
    if (start, end) == (0, WIDTH):
        return _("all day")
    return f"{calendars.clock_words(start)}-{calendars.clock_words(end)}"


def _bars(stretches: Iterable[Stretch], day: date, kind: str, *, zone: ZoneInfo) -> Iterator[Bar]:
    for stretch in stretches:
        if _touches(stretch, day, zone):
            start, end = _minutes(stretch, day, zone=zone)
            yield Bar(x=start, width=max(end - start, 1), kind=kind)


def _minutes(stretch: Stretch, day: date, *, zone: ZoneInfo) -> tuple[int, int]:
    """From which until which minute on the wall clock of a day."""
    ends = [_minute(moment, day, zone=zone) for moment in (stretch.starts_at, stretch.ends_at)]
    return ends[0], ends[1]


def _minute(moment: datetime, day: date, *, zone: ZoneInfo) -> int:
    wall = moment.astimezone(zone)
    if wall.date() != day:
        return 0 if wall.date() < day else WIDTH
    return wall.hour * 60 + wall.minute


def _told_now(team_id: int, members: list[Staff], *, now: datetime) -> tuple[WouldHear, ...]:
    roster = read_roster(team_id, now=now)
    own = dict(Ladder.objects.filter(team=team_id).values_list("severity", "terms"))
    owner = next((member.pk for member in members), None)
    return tuple(
        WouldHear(
            severity=severity.value,
            rungs=tuple(
                heard(role, roster=roster, owner=owner, severity=severity, now=now)
                for role in _rungs_of(own, severity)
            ),
        )
        for severity in Severity
    )


def heard(
    role: Role, *, roster: Roster, owner: int | None, severity: Severity, now: datetime
) -> Heard:
    """Who would hear for one rung, and who is passed over; by the rules of the clock."""
    if role is Role.OWNER:
        return Heard(role=str(RUNGS[role]), name=_("the owner of the case"), skipped=())
    told = duty.whom_to_tell(
        role,
        owner=owner if owner is not None else -1,
        roster=roster,
        now=now.astimezone(UTC),
        urgent=severity is Severity.P1,
    )
    return replace(heard_of(told, roster=roster, now=now), role=str(RUNGS[role]))


def heard_of(told: Told, *, roster: Roster, now: datetime) -> Heard:
    """What a page says of a telling; that somebody is off duty is said once."""
    person = roster.people.get(told.person)
    return Heard(
        role=str(RUNGS[told.role]),
        name=person.name if person else _("nobody"),
        skipped=tuple(
            sentences.said(skip.why) for skip in told.skipped if skip.person != told.person
        ),
        waits=person is not None and not person.on_duty(now),
    )


def _rungs_of(own: Mapping[int, object], severity: Severity) -> tuple[Role, ...]:
    terms = own.get(severity.value)
    chosen = policy.from_snapshot(terms) if isinstance(terms, dict) else policy.DEFAULT[severity]
    return tuple(rung.role for rung in chosen.ladder.rungs)
