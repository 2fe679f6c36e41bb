"""Rounds: kept as a setting, planned a day ahead, reported by their crews, and missed aloud.

A day that nobody reported is as missed as one that was reported so: the clock finds it, and an
incident opens the cases of everybody to whom the round should have come, before they write.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.actions import askings, incidents, intake, promises
from makegood.actions.changes import FieldError, Keeper, SettingsError
from makegood.actions.incidents import Outage, Truth
from makegood.records import left_to_people
from makegood.records.models import (
    Asset,
    Crew,
    Incident,
    Promise,
    Round,
    RoundRun,
    RoundStop,
    Service,
    Staff,
    Thing,
    WorkingCalendar,
)
from makegood.records.settings_facts import Facts
from makegood.rules import places, rounds, workinghours
from makegood.rules.amounts import Amount, Unit
from makegood.rules.calendars import Calendar, CalendarError
from makegood.rules.promises import AlreadySettledError
from makegood.rules.rounds import Came, RoundError, Turn
from makegood.rules.severity import Harm

# By then everybody whom a missed round hit hears the next.
_NEWS_WITHIN: Final = Amount(quantity=2, unit=Unit.WORKING_HOURS)
_NEWS_ANYHOW: Final = timedelta(hours=24)
# After a long downtime of ours, days that are longer past than this are nobody's news.
_LOOKS_BACK: Final = timedelta(days=7)


class RoundReportError(Exception):
    """A report about a round that cannot be taken; the message says why."""


class AlreadyReportedError(RoundReportError):
    """This day of the round was reported already."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrewReport:
    """What a crew says of one day: how far it came and, if in part, where it did not."""

    came: Came
    areas: tuple[str, ...] = ()
    stops: tuple[int, ...] = ()
    note: str = ""


@transaction.atomic
def report(run_id: int, said: CrewReport, *, by: Staff | None, now: datetime) -> RoundRun:
    """Take a crew's report; what was missed becomes an incident at once.

    Whom it reached and who was promised that we come with it has been come to.

    A round that was missed by silence, and was done after all, is done; its incident is ended by
    who owns it, with this report as the evidence; they are told of it.

    :param by: who said it; nobody, if another system did.
    :raises AlreadyReportedError: if somebody reported that day before.
    :raises RoundReportError: if it has not begun, or a part is said without which.
    """
    run = _lock(run_id)
    if run.reported_at is not None:
        raise AlreadyReportedError(AlreadyReportedError.__doc__)
    if now < run.opens_at:
        raise RoundReportError("This round has not begun yet; report it when it comes.")
    run.reported_at, run.reported_by, run.note = now, by, said.note.strip()[:300]
    run.missed_areas, run.missed_stops = _missed(run, said)
    _settle(run, said.came, now=now)
    if run.incident is not None:
        left_to_people.watch(run.incident.pk, at=now)
    if said.came is not Came.MISSED:
        _keep_words(run, by=by, now=now)
    return run


@transaction.atomic
def look(run_id: int, *, now: datetime) -> None:
    """The clock: if nobody has reported this day by now, it was missed."""
    run = _lock(run_id)
    if run.look_at is None or run.look_at > now:
        return
    run.by_silence = True
    _settle(run, Came.MISSED, now=now)


def due(*, now: datetime, limit: int) -> list[int]:
    """The days that should have been reported by now."""
    rows = RoundRun.objects.filter(look_at__lte=now).order_by("look_at", "pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def postpone(run_id: int, *, now: datetime) -> None:
    """Look again in an hour at what could not be looked at."""
    RoundRun.objects.filter(pk=run_id, outcome=None).update(look_at=now + timedelta(hours=1))


@transaction.atomic
def plan_ahead(round_id: int, *, now: datetime) -> RoundRun | None:
    """Write the next day of a round, in place of what was planned before; None if none is known."""
    row = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    planned = row.runs.filter(outcome=None)
    if row.retired_at is not None:
        planned.delete()  # a round that no longer goes cannot be missed, also not today
        return None
    planned.filter(opens_at__gt=now).delete()
    if planned.exists():
        return None
    last = row.runs.order_by("-closes_at").values_list("closes_at", flat=True).first()
    since = now if last is None else max(last, now - _LOOKS_BACK)
    written = set(row.runs.values_list("planned", flat=True))
    for turn in rounds.turns(row.plan(), since=since):
        if turn.planned not in written:
            return _write_run(row, turn)
    return None


def plan_ahead_on(calendar: WorkingCalendar, *, now: datetime) -> None:
    """Plan anew what comes by a calendar that changed."""
    for pk in Round.objects.filter(calendar=calendar, retired_at=None).values_list("pk", flat=True):
        plan_ahead(pk, now=now)


@transaction.atomic
def set_stops(round_id: int, numbers: Iterable[str]) -> tuple[int, list[str]]:
    """Let a round stop at some assets, by their numbers in other systems and in that order.

    Nothing changes if one is unknown. Returns how many stops there are, and the unknown numbers.
    """
    row = Round.objects.select_for_update(no_key=True).get(pk=round_id)
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    rows = Asset.objects.filter(external_id__in=wanted, service=row.service_id, retired_at=None)
    found = dict(rows.order_by("-pk").values_list("external_id", "pk"))
    if unknown := [number for number in wanted if number not in found]:
        return row.stops.count(), unknown
    row.stops.all().delete()
    RoundStop.objects.bulk_create(
        RoundStop(round=row, asset_id=found[number], place=place)
        for place, number in enumerate(wanted, start=1)
    )
    return len(wanted), []


def _lock(run_id: int) -> RoundRun:
    rows = RoundRun.objects.select_related("round__service", "round__owner", "round__calendar")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=run_id)


def _missed(run: RoundRun, said: CrewReport) -> tuple[list[str], list[int]]:
    """The areas and stops to which a round in part did not come; where it has stops, only those."""
    if said.came is not Came.PART:
        return [], []
    areas = {places.area_of(area) for area in said.areas} - {""}
    own = set(run.round.areas)
    areas = {area for area in areas if not own or area in own}
    at_stops = _stops_by_area(run.round) if areas else {}
    if at_stops:
        areas &= set(at_stops)
    stops = set(run.round.stops.filter(pk__in=said.stops).values_list("pk", flat=True))
    stops.update(stop for area in areas for stop in at_stops.get(area, ()))
    if not areas and not stops:
        raise RoundReportError("Say where the round did not come: which areas, or which stops.")
    return sorted(areas), sorted(stops)


def _stops_by_area(row: Round) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for stop, postcode in row.stops.values_list("pk", "asset__customer__postcode"):
        found[places.area_of(postcode)].append(stop)
    return found


def _keep_words(run: RoundRun, *, by: Staff | None, now: datetime) -> None:
    """Keep what was promised by a round, for those to whom it came, and ask whether it is right."""
    came_by = min(run.closes_at, now)
    waiting = Promise.objects.still_open().filter(
        by_round__round=run.round_id, said_at__lt=run.closes_at
    )
    has_come = _came_to(run)
    rows = waiting.values_list("pk", "case__asset", "case__customer__postcode")
    for pk, asset, postcode in rows.order_by("case", "pk"):
        if not has_come(asset, places.area_of(postcode)):
            continue
        with suppress(AlreadySettledError):
            word = promises.lock_open(pk)
            evidence = f"The crew came with the round {run.round.name}."
            at = max(came_by, word.said_at)
            promises.settle_by_deed(word, at=at, evidence=evidence, by=by, now=now)
            promises.never_silent(word.case, now=now)
            askings.look(word.case, now=now)


def _came_to(run: RoundRun) -> Callable[[int | None, str], bool]:
    """Whether the round came to an asset in an area on that day."""
    stops = dict(run.round.stops.values_list("asset", "pk"))
    passed, areas = set(run.missed_stops), run.round.areas

    def has_come(asset: int | None, area: str) -> bool:
        if area in run.missed_areas:
            return False
        if stops:
            return asset in stops and stops[asset] not in passed
        return not areas or area in areas

    return has_come


def _settle(run: RoundRun, came: Came, *, now: datetime) -> None:
    run.outcome, run.settled_at, run.look_at = came.value, now, None
    if came is not Came.DONE and run.incident is None:
        run.incident = _declare(run, now=now)
    run.save()
    plan_ahead(run.round_id, now=now)


def _declare(run: RoundRun, *, now: datetime) -> Incident:
    """One incident for all to whom this day did not come; the clock opens their cases.

    Its area is the name of this day, since it hits the round's stops and not a district.
    """
    row = run.round
    outage = Outage(
        service=row.service,
        area=f"{row.name}, {run.planned.isoformat()}",
        title=row.missed_title,
        harm=Harm(row.harm),
        failed_at=min(run.closes_at, now),
        known_at=now,
    )
    calendar = row.calendar.facts()
    truth = Truth(words=row.missed_words, due_at=_next_news(calendar, now=now))
    return incidents.declare_round(outage, truth, owner=_owner(row, now=now), now=now)


def _owner(row: Round, *, now: datetime) -> Staff:
    """Who owns a missed one; where they have left and nobody stood in, whose turn it is."""
    if row.owner.is_active:
        return row.owner
    return intake.choose_owner(row.service.team_id, now=now)


def _next_news(calendar: Calendar, *, now: datetime) -> datetime:
    try:
        return workinghours.due_after(now, _NEWS_WITHIN, calendar=calendar)
    except CalendarError:
        return now + _NEWS_ANYHOW


def _write_run(row: Round, turn: Turn) -> RoundRun:
    return RoundRun.objects.create(
        round=row,
        planned=turn.planned,
        opens_at=turn.opens_at,
        closes_at=turn.closes_at,
        moved_by=", ".join(turn.moved_by)[:300],
        look_at=turn.closes_at + timedelta(minutes=row.report_minutes),
    )


def _write(key: str | None, facts: Facts | None, now: datetime) -> str:
    if facts is None:
        raise FieldError("name", "A round is never deleted: its history names it. Retire it.")
    if Round.objects.filter(name__iexact=facts["name"]).exclude(pk=key or 0).exists():
        raise FieldError("name", f"There is a round {facts['name']} already; choose another name.")
    _check_choices(facts)
    row = Round.objects.get(pk=key) if key else Round()
    _fill(row, facts, now=now)
    try:
        rounds.check(row.plan())
    except RoundError as wrong:
        raise FieldError("rule", str(wrong)) from wrong
    except CalendarError as wrong:
        raise SettingsError(str(wrong)) from wrong
    row.save()
    plan_ahead(row.pk, now=now)
    return str(row.pk)


def _check_choices(facts: Facts) -> None:
    if not Service.objects.filter(pk=facts["service"], retired_at=None).exists():
        raise FieldError("service", "There is no such service; choose one from the list.")
    if not WorkingCalendar.objects.filter(pk=facts["calendar"]).exists():
        raise FieldError("calendar", "There is no such calendar; choose one from the list.")
    if not Staff.objects.people().filter(pk=facts["owner"], is_active=True).exists():
        raise FieldError("owner", "Name somebody who works here.")
    if facts["crew"] and not Crew.objects.filter(pk=facts["crew"]).exists():
        raise FieldError("crew", "There is no such crew; choose one from the list.")
    if facts["opens"] >= facts["closes"]:
        raise FieldError("opens", "A round's hours begin before they end.")


def _fill(row: Round, facts: Facts, *, now: datetime) -> None:
    row.name, row.service_id, row.calendar_id = facts["name"], facts["service"], facts["calendar"]
    row.crew_id, row.owner_id = facts["crew"], facts["owner"]
    row.rule, row.shift = facts["rule"], facts["shift"]
    row.first_day = date.fromisoformat(facts["first_day"])
    row.left_out = [date.fromisoformat(day) for day in facts["left_out"]]
    row.added = [date.fromisoformat(day) for day in facts["added"]]
    row.opens, row.closes = facts["opens"], facts["closes"]
    row.report_minutes, row.harm = facts["report_minutes"], facts["harm"]
    row.areas = sorted({places.area_of(area) for area in facts["areas"]} - {""})
    row.missed_title, row.missed_words = facts["missed_title"], facts["missed_words"]
    row.retired_at = (row.retired_at or now) if facts.get("retired") else None


ROUNDS: Final = Keeper(thing=Thing.ROUND, write=_write)
