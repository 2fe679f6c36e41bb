"""An incident: declared once, with one owner and one truth for everybody whom it hit.

What people do here is short: they say what happened, what is new, that it is over. Opening the
cases and telling everybody is the clock's work, batch by batch (`actions.spreading`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from makegood.actions import entitlements, gate, timeline
from makegood.actions.case_facts import kinds_of_promise
from makegood.actions.cases import Failure, new_reference
from makegood.actions.gate import Saying, StoppedError
from makegood.records import hit, left_to_people
from makegood.records.models import (
    Case,
    Incident,
    IncidentRemedy,
    IncidentTruth,
    PromiseKind,
    Remedy,
    Service,
    Staff,
)
from makegood.rules import places
from makegood.rules.gate.facts import Window
from makegood.rules.promises import Channel, Speaker
from makegood.rules.remedies import Terms
from makegood.rules.severity import Harm


class IncidentError(Exception):
    """Base of every refusal about an incident; the message is one clear sentence."""


class KnownIncidentError(IncidentError):
    """This service is known to have failed there already; say what is new on that incident."""


class IncidentOverError(IncidentError):
    """This incident is over; if it failed again, declare a new one."""


class StillGoingOutError(IncidentError):
    """Cases are still being opened or told: when all have heard it, it can join another."""


class StillJoiningError(IncidentError):
    """Cases of another incident are joining this one: say it in a minute, so that all hear it."""


class NotTheSameError(IncidentError):
    """One incident is part of another of the same service that is going on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """What failed, for whom, since when; `area` is a postcode or town, empty for everywhere."""

    service: Service
    area: str
    title: str
    harm: Harm
    failed_at: datetime
    known_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What everybody is told now, and by when they hear the next."""

    words: str
    due_at: datetime


@transaction.atomic
def declare(outage: Outage, truth: Truth, *, owner: Staff, by: Staff, now: datetime) -> Incident:
    """Declare an incident with its owner and its first truth; the clock opens the cases.

    :raises KnownIncidentError: if one of the same service and area is going on.
    :raises IncidentError: if what was said is incomplete, or lies in the wrong order of time.
    """
    _check(truth, now=now)
    _check_outage(outage, owner, now=now)
    area = places.area_of(outage.area)
    incident = _create(outage, area=area, owner=owner, by=by, now=now)
    _say(incident, truth, by=by, now=now)
    return incident


@transaction.atomic
def declare_round(outage: Outage, truth: Truth, *, owner: Staff, now: datetime) -> Incident:
    """Declare that a round was missed, in the name of who owns it; by its runs one sees whom.

    Its area is the name of that day of the round, as it stands, and no district.
    """
    incident = _create(outage, area=outage.area, owner=owner, by=owner, now=now)
    _say(incident, truth, by=owner, now=now)
    return incident


@transaction.atomic
def say(incident_id: int, truth: Truth, *, by: Staff, now: datetime) -> IncidentTruth:
    """Say what is new to everybody; their promise of news is kept by hearing it.

    :raises IncidentOverError: if the incident is over.
    :raises StillJoiningError: if cases of another incident are joining this one.
    :raises IncidentError: if nothing is said, or the next time has passed.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    return say_on(lock_going_on(incident_id), truth, by=by, now=now)


def say_on(
    incident: Incident,
    truth: Truth,
    *,
    by: Staff,
    now: datetime,
    family: Sequence[int] = (),
    gives: Terms | None = None,
) -> IncidentTruth:
    """Say to everybody what is true of a locked incident.

    :param family: the incidents that are part of it, if their closed cases hear it as well.
    :param gives: what each of them is given as they hear it, if all are given the same.

    :raises StillJoiningError: if cases of another incident are joining this one.
    :raises IncidentError: if nothing is said, or the next time has passed.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    if incident.merged.filter(truths__told_at=None).exists():
        raise StillJoiningError(StillJoiningError.__doc__)
    _check(truth, now=now)
    _check_words(incident, truth, by=by, now=now, family=family, gives=gives)
    return _say(incident, truth, by=by, now=now, family=family)


@transaction.atomic
def end(
    incident_id: int, truth: Truth, *, at: datetime, evidence: str, by: Staff, now: datetime
) -> Incident:
    """Say that it is over, since when and how that is known. Each customer is still asked.

    The cases stay open until their customers say that it is right, or do not answer twice.

    :raises IncidentOverError: if it is over already.
    :raises IncidentError: if nothing shows it, or the moment cannot be.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    incident = lock_going_on(incident_id)
    _check(truth, now=now)
    if not evidence.strip():
        raise IncidentError("Say how you know that it works again: a measurement, a crew's report.")
    if not incident.failed_at <= at <= now:
        raise IncidentError("It was over between the moment it failed and now.")
    incident.over_at, incident.over_by, incident.evidence = at, by, evidence.strip()
    incident.save(update_fields=["over_at", "over_by", "evidence"])
    _say_last(incident, truth, by=by, now=now)
    entitlements.watch_ended(incident.pk, now=now)
    return incident


@transaction.atomic
def find_false(
    incident_id: int, truth: Truth, *, evidence: str, by: Staff, now: datetime
) -> Incident:
    """Say that nothing had failed. No more cases open; who has one is told so, and still asked.

    :raises IncidentOverError: if it is over already.
    :raises IncidentError: if nothing shows it.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    incident = lock_going_on(incident_id)
    _check(truth, now=now)
    if not evidence.strip():
        raise IncidentError("Say how you know that nothing had failed: a measurement, a report.")
    incident.over_at, incident.over_by, incident.evidence = now, by, evidence.strip()
    incident.was_false, incident.spread_at = True, incident.spread_at or now
    incident.save(update_fields=["over_at", "over_by", "evidence", "was_false", "spread_at"])
    _say_last(incident, truth, by=by, now=now)
    entitlements.watch_ended(incident.pk, now=now)
    return incident


@transaction.atomic
def merge(incident_id: int, into_id: int, truth: Truth, *, by: Staff, now: datetime) -> Incident:
    """Say that one is part of another; its open cases are told so, and join that one as they are.

    :raises IncidentOverError: if one of them is over already.
    :raises NotTheSameError: if they are one, or of two services.
    :raises StillGoingOutError: if not everybody has a case, or has heard the last truth.
    :raises IncidentError: if nothing is said, or the next time has passed.
    :raises StoppedError: if the words are not true of the cases that would hear them.
    """
    locked = {pk: lock_going_on(pk) for pk in sorted({incident_id, into_id})}
    incident, into = locked[incident_id], locked[into_id]
    if incident == into or incident.service_id != into.service_id:
        raise NotTheSameError(NotTheSameError.__doc__)
    if incident.spread_at is None or incident.truths.filter(told_at=None).exists():
        raise StillGoingOutError(StillGoingOutError.__doc__)
    _check(truth, now=now)
    incident.over_at, incident.over_by, incident.merged_into = now, by, into
    incident.evidence = f"Part of {into.reference}."
    incident.save(update_fields=["over_at", "over_by", "evidence", "merged_into"])
    _say_last(incident, truth, by=by, now=now)
    return incident


def lock_going_on(incident_id: int) -> Incident:
    """Take an incident for this transaction.

    :raises IncidentOverError: if it is over.
    """
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.over_at is not None:
        raise IncidentOverError(IncidentOverError.__doc__)
    return incident


def explaining(failure: Failure) -> int | None:
    """The incident that explains a failure, if one does; until this commits, nothing is said of it.

    Whoever reports it late, when it is over already, belongs to it too, if what they report began
    while it lasted.
    """
    asset = failure.asset
    if asset is None or asset.service_id is None:
        return None
    hit.hold_news(asset.service_id)
    areas = ["", places.area_of(failure.customer.postcode)]
    return hit.explaining(failure.failed_at, service=asset.service_id, areas=areas)


def adopt(case: Case, incident: int, *, now: datetime) -> None:
    """Let a new case belong to the incident that explains it: what all are told, it is told.

    What all were given before is left to people to give, unless it went to an earlier case of
    theirs about the same thing.
    """
    case.incident_id = incident
    case.save(update_fields=["incident"])
    facts = {"incident": incident, "truth": IncidentTruth.objects.filter(incident=incident).count()}
    timeline.append(case_id=case.pk, kind="incident_joined", at=now, now=now, facts=facts)
    # What a scheme owes them is found on their own case.
    decided = IncidentRemedy.objects.filter(incident=incident, scheme="").first()
    had = Remedy.objects.filter(case__customer=case.customer_id, case__asset=case.asset_id)
    if decided is not None and not had.filter(of_incident=decided).exists():
        hit.leave_out([case.pk], remedy=decided.pk)


def _check(truth: Truth, *, now: datetime) -> None:
    if not truth.words.strip():
        raise IncidentError("Say in a sentence what everybody should know now.")
    if truth.due_at <= now:
        raise IncidentError("Name a time after now by which everybody hears the next.")


def _check_words(
    incident: Incident,
    truth: Truth,
    *,
    by: Staff,
    now: datetime,
    family: Sequence[int] = (),
    gives: Terms | None = None,
) -> None:
    """Let the gate judge words for all now, and not a hundred thousand letters as they leave.

    One open case stands for all: each gets the same promise of news with these words. One closed
    case stands for those that hear it as well: they get no such promise, so no words rest on it.
    """
    known = Case.objects.filter(incident__in={incident.pk, *family}).order_by("pk")
    still_open = known.filter(closed_at=None).first()
    closed = known.filter(closed_at__lte=now, is_canary=False, customer__erasures=None).first()
    if still_open or not family:
        news = (_news_of(truth, now=now),)
        _judge(still_open or closed, truth, by=by, now=now, also=news, gives=gives)
    if family:
        _judge(closed, truth, by=by, now=now, gives=gives)


def _judge(
    case: Case | None,
    truth: Truth,
    *,
    by: Staff,
    now: datetime,
    also: Sequence[Window] = (),
    gives: Terms | None = None,
) -> None:
    if case is None:
        return
    saying = Saying(text=truth.words, speaker=Speaker.PERSON, channel=Channel.EMAIL, by=by)
    verdict = gate.check(case.pk, saying, now=now, also=also, gives=gives)
    if not verdict.passes:
        raise StoppedError(verdict)


def _news_of(truth: Truth, *, now: datetime) -> Window:
    return Window(
        key="promise:new",
        kinds=kinds_of_promise(PromiseKind.NEWS, truth.words),
        due=truth.due_at,
        since=now,
    )


def _check_outage(outage: Outage, owner: Staff, *, now: datetime) -> None:
    if not outage.title.strip():
        raise IncidentError("Say in a few words what failed.")
    if not outage.failed_at <= outage.known_at <= now:
        raise IncidentError("It failed before it was known, and both lie in the past.")
    if not owner.is_active:
        raise IncidentError(f"{owner.name} has left; name somebody who works here.")


def _create(outage: Outage, *, area: str, owner: Staff, by: Staff, now: datetime) -> Incident:
    try:
        with transaction.atomic():
            return Incident.objects.create(
                reference=new_reference(),
                service=outage.service,
                area=area,
                team_id=owner.team_id,
                owner=owner,
                title=outage.title.strip(),
                harm=outage.harm.value,
                failed_at=outage.failed_at,
                known_at=outage.known_at,
                declared_at=now,
                declared_by=by,
            )
    except IntegrityError as refused:
        if "incident_once_per_service_and_area" not in str(refused):
            raise
        raise KnownIncidentError(KnownIncidentError.__doc__) from refused


def _say_last(incident: Incident, truth: Truth, *, by: Staff, now: datetime) -> None:
    """Say what ends it, judged by how things stand then: with that of which it is part, if any."""
    _check_words(incident, truth, by=by, now=now)
    _say(incident, truth, by=by, now=now)


def _say(
    incident: Incident, truth: Truth, *, by: Staff, now: datetime, family: Sequence[int] = ()
) -> IncidentTruth:
    # Cases that are being opened by a report wait or are waited for, so that none is passed by.
    Service.objects.select_for_update(no_key=True).get(pk=incident.service_id)
    # Whose case opens later hears this truth at once, by its opening.
    known = Case.objects.filter(incident__in={incident.pk, *family})
    before = known.aggregate(upto=Max("pk"))["upto"] or 0
    left_to_people.watch(incident.pk, at=truth.due_at)
    return IncidentTruth.objects.create(
        incident=incident,
        number=incident.truths.count() + 1,
        words=truth.words.strip(),
        due_at=truth.due_at,
        said_at=now,
        said_by=by,
        upto=before,
        told_at=None if before else now,
    )
