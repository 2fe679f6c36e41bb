"""The people of a team as the rules of duty know them, read in a handful of queries."""

from collections import defaultdict
from datetime import datetime

from makegood.records.models import Duty, DutyKind, Holiday, Staff, Team, WorkingCalendar
from makegood.rules import calendars
from makegood.rules.calendars import Calendar
from makegood.rules.duty import Person, Roster, Span

_Spans = dict[int, dict[str, tuple[Span, ...]]]


def read_roster(team_id: int, *, now: datetime, also: frozenset[int] = frozenset()) -> Roster:
    """The roster of a team at `now`: members, rungs, and everybody down their chains of cover.

    :param also: further people who must be on it, such as owners from other teams.
    """
    team = Team.objects.select_related("calendar").get(pk=team_id)
    rungs = {pk for pk in (team.lead_id, team.head_id, team.executive_id) if pk is not None}
    staff = _with_covers({*also, *rungs, *team.members.values_list("pk", flat=True)}, now=now)
    return _roster(team, _people(staff, now=now))


def read_rosters(*, now: datetime) -> dict[int, Roster]:
    """The rosters of all teams, each with everybody, in as many queries as that of one."""
    people = _people(list(Staff.objects.people()), now=now)
    return {team.pk: _roster(team, people) for team in Team.objects.all()}


def read_sharers(owners: frozenset[int], *, now: datetime) -> frozenset[int]:
    """Whose calls may fall to the same people as theirs: down the chains of cover and up."""
    found: set[int] = set()
    wanted = {person.pk for person in _with_covers({*owners}, now=now)}
    while wanted:
        found |= wanted
        away = Duty.objects.filter(cover__in=wanted, kind=DutyKind.ABSENCE, ends_at__gt=now)
        covered = Staff.objects.filter(cover__in=wanted).values_list("pk", flat=True)
        wanted = {*away.values_list("staff", flat=True), *covered} - found
    return frozenset(found)


def _roster(team: Team, people: dict[int, Person]) -> Roster:
    return Roster(people=people, lead=team.lead_id, head=team.head_id, executive=team.executive_id)


def _people(staff: list[Staff], *, now: datetime) -> dict[int, Person]:
    hours = _calendars(staff)
    spans = _spans({person.pk for person in staff}, now=now)
    return {p.pk: _person(p, hours[p.team_id], spans.get(p.pk, {})) for p in staff}


def _with_covers(ids: set[int], *, now: datetime) -> list[Staff]:
    found: dict[int, Staff] = {}
    wanted = ids
    while wanted:
        people = Staff.objects.filter(pk__in=wanted)
        found |= {person.pk: person for person in people}
        named = Duty.objects.filter(
            staff__in=wanted, kind=DutyKind.ABSENCE, ends_at__gt=now, cover__isnull=False
        ).values_list("cover", flat=True)
        covers = {*named, *(person.cover_id for person in people)}
        wanted = {pk for pk in covers if pk is not None} - set(found)
    return list(found.values())


def _calendars(staff: list[Staff]) -> dict[int, Calendar]:
    teams = dict(
        Team.objects.filter(pk__in={person.team_id for person in staff}).values_list(
            "pk", "calendar"
        )
    )
    shut: dict[int, dict[str, str]] = defaultdict(dict)
    days = Holiday.objects.filter(calendar__in=set(teams.values()))
    for calendar, day, name in days.values_list("calendar", "day", "name"):
        shut[calendar][day.isoformat()] = name
    rows = WorkingCalendar.objects.filter(pk__in=set(teams.values()))
    known = {row.pk: calendars.from_plain(row.plain(shut[row.pk])) for row in rows}
    return {team: known[calendar] for team, calendar in teams.items()}


def _spans(ids: set[int], *, now: datetime) -> _Spans:
    by_person: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for duty in Duty.objects.filter(staff__in=ids, ends_at__gt=now).order_by("starts_at"):
        span = Span(starts_at=duty.starts_at, ends_at=duty.ends_at, cover=duty.cover_id)
        by_person[duty.staff_id][duty.kind].append(span)
    return {
        person: {kind: tuple(spans) for kind, spans in kinds.items()}
        for person, kinds in by_person.items()
    }


def _person(person: Staff, calendar: Calendar, spans: dict[str, tuple[Span, ...]]) -> Person:
    return Person(
        id=person.pk,
        name=person.name,
        calendar=calendar,
        is_active=person.is_active,
        cover=person.cover_id,
        shifts=spans.get(DutyKind.SHIFT, ()),
        watches=spans.get(DutyKind.ON_CALL, ()),
        absences=spans.get(DutyKind.ABSENCE, ()),
    )
