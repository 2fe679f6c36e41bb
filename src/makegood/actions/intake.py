"""News comes in: kept as it came, once, and opened as a case or joined to the one it repeats."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction

from makegood.actions import cases, incidents, silence, timeline, truths
from makegood.actions.cases import Failure
from makegood.actions.drafts import Hearer
from makegood.records.models import (
    Case,
    Contact,
    Customer,
    Direction,
    IncidentTruth,
    Report,
    Service,
    Staff,
)
from makegood.records.rosters import read_roster
from makegood.rules.promises import Channel
from makegood.rules.severity import Exposure, Function, Harm


class NoOwnerError(Exception):
    """A team in which nobody can own a case cannot take reports; give it an active member."""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """One piece of news, as a door hands it in: unique by source and id.

    `raw` is what came in, as it came. `hold_minutes` and `talk_minutes` are the customer's, and
    are 0 for a device's signal, which is no contact.
    """

    source: str
    external_id: str
    channel: Channel
    raw: dict[str, Any]
    failure: Failure
    hold_minutes: int = 0
    talk_minutes: int = 0
    estimated: bool = False
    note: str = ""
    happened_at: datetime | None = field(default=None)

    @property
    def at(self) -> datetime:
        """When it reached the company."""
        return self.happened_at or self.failure.known_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What became of a piece of news."""

    report: Report
    case: Case
    opened: bool
    seen_before: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What is known to everybody when a case opens: the incident, and what was said of it last."""

    incident: int | None
    truth: IncidentTruth | None


def receive_report(
    news: News,
    *,
    owner: Staff | None = None,
    joins: int | None = None,
    apart: bool = False,
    now: datetime,
) -> Received:
    """Take in a report. The same source and id twice changes nothing.

    A report of the same asset's failure joins the customer's open case, raises its severity and
    counts the customer's effort, and who was asked whether it is right is asked no longer; else a
    case opens.

    :param owner: who takes the case; without one, whoever of the customer's team is on duty and
        owns the least. Needed while the desk cannot know the team.
    :param joins: the customer's open case that it is about, where somebody has said so; if that
        has closed meanwhile, the report goes its usual way.
    :param apart: it is a case of its own elsewhere, and stays one here.
    :raises NoOwnerError: if nobody can own it.
    """
    try:
        with transaction.atomic():
            return _receive(news, owner=owner, joins=joins, apart=apart, now=now)
    except IntegrityError as twice:
        seen = Report.objects.filter(source=news.source, external_id=news.external_id).first()
        if seen is None or seen.case is None or "report_once" not in str(twice):
            raise
        return Received(report=seen, case=seen.case, opened=False, seen_before=True)


def choose_owner(team_id: int, *, now: datetime) -> Staff:
    """Who takes a new case of a team: on duty, with the fewest open cases; else any member.

    :raises NoOwnerError: if the team has no active member.
    """
    roster = read_roster(team_id, now=now)
    members = list(Staff.objects.filter(team=team_id, is_active=True).order_by("pk"))
    if not members:
        raise NoOwnerError(NoOwnerError.__doc__)
    on_duty = [person for person in members if roster.people[person.pk].on_duty(now)]
    return min(on_duty or members, key=lambda person: person.cases.filter(closed_at=None).count())


def choose_any_owner(*, now: datetime) -> Staff:
    """Who takes a new case of which nobody knows yet whose it is.

    :raises NoOwnerError: if nobody works here.
    """
    first = Staff.objects.people().filter(is_active=True).order_by("pk").first()
    if first is None:
        raise NoOwnerError(NoOwnerError.__doc__)
    return choose_owner(first.team_id, now=now)


def _receive(
    news: News, *, owner: Staff | None, joins: int | None, apart: bool, now: datetime
) -> Received:
    report = Report.objects.create(
        source=news.source,
        external_id=news.external_id,
        channel=news.channel.value,
        raw=news.raw,
        happened_at=news.at,
        recorded_at=now,
    )
    # Until this commits, other news of the customer waits: else two could each open a case.
    Customer.objects.select_for_update(no_key=True).get(pk=news.failure.customer.pk)
    found = None if apart else _open_case_for(news.failure, joins=joins)
    opening = None if found else _opening(news.failure, apart=apart, now=now)
    case = found or _open(news.failure, opening, owner=owner, now=now)
    report.case = case
    report.save(update_fields=["case"])
    _note(case, report, news, now=now)
    if opening is None:
        _repeat(case, news.failure, now=now)
        if news.channel is not Channel.SIGNAL:
            silence.heard(case.pk, now=now)
    else:
        _tell_what_all_know(case, opening, now=now)
    return Received(report=report, case=case, opened=found is None)


def _opening(failure: Failure, *, apart: bool, now: datetime) -> Opening:
    incident = incidents.explaining(failure)
    # Who is cared for elsewhere as well was told there, and is promised something from there.
    truth = truths.standing(incident, now=now) if incident is not None and not apart else None
    return Opening(incident=incident, truth=truth)


def _open(failure: Failure, opening: Opening | None, *, owner: Staff | None, now: datetime) -> Case:
    who, first = _owner(owner, failure, now=now), None
    if opening is not None and opening.truth is not None:
        hearer = Hearer(zone=failure.customer.zone, language=failure.customer.language)
        first = truths.next_news(opening.truth, hearer, owner_name=who.name, now=now)
    return cases.open_case(failure, owner=who, now=now, first=first)


def _tell_what_all_know(case: Case, opening: Opening, *, now: datetime) -> None:
    if opening.incident is not None:
        incidents.adopt(case, opening.incident, now=now)
    if opening.truth is not None:
        truths.tell(case, opening.truth, now=now)


def _owner(owner: Staff | None, failure: Failure, *, now: datetime) -> Staff:
    if owner is not None:
        return owner
    answers = _team_that_answers(failure)
    if answers is not None and Staff.objects.filter(team=answers, is_active=True).exists():
        return choose_owner(answers, now=now)
    return choose_any_owner(now=now)


def _team_that_answers(failure: Failure) -> int | None:
    """The team of the service that failed; where only the function is known, if but one answers."""
    asset = failure.asset
    if asset is not None and asset.service is not None:
        return asset.service.team_id
    offered = Service.objects.filter(function=failure.function.value, retired_at=None)
    teams = set(offered.values_list("team", flat=True))
    return teams.pop() if len(teams) == 1 else None


def _open_case_for(failure: Failure, *, joins: int | None) -> Case | None:
    """The open case that was named, or that is of the same asset, else of the function."""
    same = Case.objects.select_for_update(no_key=True).filter(
        customer=failure.customer, closed_at=None
    )
    named = same.filter(pk=joins).first() if joins else None
    if named is not None:
        return named
    if failure.asset is not None:
        return same.filter(asset=failure.asset).order_by("pk").first()
    return same.filter(asset=None, function=failure.function.value).order_by("pk").first()


def _note(case: Case, report: Report, news: News, *, now: datetime) -> None:
    facts = {"report": report.pk, "source": news.source, "channel": news.channel.value}
    timeline.append(
        case_id=case.pk, kind="report_received", at=news.at, now=now, facts=facts, words=news.note
    )
    if news.channel is Channel.SIGNAL:
        return
    Contact.objects.create(
        case=case,
        channel=news.channel.value,
        direction=Direction.INBOUND,
        happened_at=news.at,
        recorded_at=now,
        hold_minutes=news.hold_minutes,
        talk_minutes=news.talk_minutes,
        estimated=news.estimated,
        note=news.note,
    )


def _repeat(case: Case, failure: Failure, *, now: datetime) -> None:
    """Raise the severity to that of the case or of the news, whichever is worse by now."""
    repeats = case.reports.count() - 1
    as_opened = replace(
        failure,
        function=Function(case.function),
        harm=Harm(case.harm),
        exposure=Exposure(case.exposure),
        asset=case.asset,
    )
    assessed = [known.assessed(repeats=repeats) for known in (as_opened, failure)]
    cases.raise_severity(case, min(assessed, key=attrgetter("severity")), now=now)
