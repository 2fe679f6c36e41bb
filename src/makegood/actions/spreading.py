"""Bringing an incident to everybody whom it hit, in batches: a case each, a promise, the truth.

Each batch is one transaction, so that whatever stops it, the next one goes on where it ended, and
nobody is told twice. Memory does not grow with the number of customers.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction

from makegood.actions import (
    drafts,
    entitlements,
    fees,
    given_late,
    incident_gifts,
    incident_questions,
    policies,
    truths,
)
from makegood.actions.cases import new_reference
from makegood.actions.circulars import Circular, Reader
from makegood.actions.drafts import Hearer, Word
from makegood.actions.incident_gifts import OwedBy
from makegood.actions.policies import Terms
from makegood.actions.spread_rows import Rows
from makegood.records import bulk, hit, left_to_people
from makegood.records.hit import Closed, Hit, HitCase
from makegood.records.models import Incident, IncidentTruth, RoundRun, Team, TimelineEntry
from makegood.records.rows import NewCase, NewLetter, NewPromise
from makegood.rules import places, severity
from makegood.rules.rounds import Came
from makegood.rules.severity import Assessment, Exposure, Function, Harm, Severity
from makegood.rules.timeline import Head

_JOINED: Final = "incident_joined"


def at_work(*, now: datetime) -> list[tuple[int, int | None]]:
    """What is to be done: (incident, truth), the truth None while cases are still to be opened."""
    spreading = Incident.objects.filter(spread_at=None, declared_at__lte=now).order_by("pk")
    telling = IncidentTruth.objects.filter(told_at=None, said_at__lte=now).order_by("pk")
    return [(pk, None) for pk in spreading.values_list("pk", flat=True)] + list(
        telling.values_list("incident", "pk")
    )


@transaction.atomic
def open_cases(incident_id: int, *, now: datetime, limit: int) -> int:
    """Look at the next customers of the service: those in the area get a case, or their own joins.

    Returns how many customers were looked at; 0 when somebody else is at it, or all were.
    """
    incident = _take_incident(incident_id)
    if incident is None:
        return 0
    found, areas = _whom(incident, limit=limit)
    _reach(incident, found, areas=areas, now=now)
    _go_on(incident, found[-1].customer if len(found) == limit else None, now=now)
    return len(found)


@transaction.atomic
def tell(
    truth_id: int, *, now: datetime, limit: int, owed: OwedBy = incident_gifts.nothing_owed
) -> int:
    """Tell the next cases of an incident a truth. Returns how many; 0 when all were told.

    :param owed: what a scheme surely owes on each of some cases, if it is given with the truth.
    """
    truth = _take_truth(truth_id)
    if truth is None:
        return 0
    decided = incident_gifts.decided_with(truth)
    for_all = decided if decided is not None and not decided.scheme else None
    locked = _next_cases(truth, limit=limit, closed_too=for_all is not None)
    opened = given_late.open_again(for_all, locked, now=now) if for_all else {}
    rows, cases = Rows(), hit.read_cases(_still_to_hear(truth, locked))
    _tell(rows, truth, cases, now=now, kind="incident_truth_said", owed=owed, opened=opened)
    rows.write()
    if truth.incident.merged_into_id is not None:
        hit.join(locked, incident=hit.whole_of(truth.incident_id))
    _have_told(truth, locked[-1] if len(locked) == limit else None, now=now)
    return len(locked)


@transaction.atomic
def pass_over_customer(incident_id: int, *, now: datetime) -> None:
    """Leave the next customer to people: their case cannot be opened by machine."""
    incident = _take_incident(incident_id)
    if incident is None:
        return
    found, _areas = _whom(incident, limit=1)
    incident.missed += [one.customer for one in found]
    left_to_people.watch(incident.pk, at=now)
    _go_on(incident, found[-1].customer if found else None, now=now)


@transaction.atomic
def pass_over_case(truth_id: int, *, now: datetime) -> None:
    """Leave the next case to people: it cannot be told by machine."""
    truth = _take_truth(truth_id)
    if truth is None:
        return
    decided = incident_gifts.decided_with(truth)
    locked = _next_cases(truth, limit=1, closed_too=decided is not None and not decided.scheme)
    truth.missed += locked
    left_to_people.watch(truth.incident_id, at=now)
    _have_told(truth, locked[-1] if locked else None, now=now)


def _take_incident(incident_id: int) -> Incident | None:
    rows = Incident.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    related = rows.select_related("service", "owner", "team__calendar")
    return related.filter(pk=incident_id, spread_at=None).first()


def _take_truth(truth_id: int) -> IncidentTruth | None:
    rows = IncidentTruth.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return rows.select_related("incident", "said_by").filter(pk=truth_id, told_at=None).first()


def _next_cases(truth: IncidentTruth, *, limit: int, closed_too: bool) -> list[int]:
    if closed_too:
        family = hit.family(truth.incident_id)
        return hit.lock_given(incidents=family, after=truth.reached, upto=truth.upto, limit=limit)
    return hit.lock_cases(
        incident=truth.incident_id, after=truth.reached, upto=truth.upto, limit=limit
    )


def _still_to_hear(truth: IncidentTruth, locked: Sequence[int]) -> list[int]:
    """Locked cases without those that joined since it was said, and heard it as they joined."""
    spread = truth.incident.spread_at
    if spread is not None and spread < truth.said_at:
        return list(locked)
    joined = TimelineEntry.objects.filter(
        case__in=locked, kind=_JOINED, happened_at__gte=truth.said_at
    )
    facts = [(case, json.loads(body)["facts"]) for case, body in joined.values_list("case", "body")]
    heard = {
        case
        for case, said in facts
        if said["incident"] == truth.incident_id and said["truth"] >= truth.number
    }
    return [case for case in locked if case not in heard]


def _go_on(incident: Incident, reached: int | None, *, now: datetime) -> None:
    """Note how far it got; None is to the end."""
    if reached is None:
        incident.spread_at = now
    else:
        incident.reached = reached
    incident.save(update_fields=["reached", "spread_at", "missed"])


def _have_told(truth: IncidentTruth, reached: int | None, *, now: datetime) -> None:
    """Note how far it got; None is to the end."""
    if reached is None:
        truth.told_at = now
    else:
        truth.reached = reached
    truth.save(update_fields=["reached", "told_at", "missed"])


class _News:
    """The promises that people hear the next truth; what is alike is made once."""

    def __init__(self, truth: IncidentTruth, *, now: datetime) -> None:
        self._truth, self._now = truth, now
        self._words: dict[tuple[Hearer, str], Word] = {}

    def promise(self, one: HitCase, terms: Terms, *, id_: int) -> NewPromise:
        """The promise to one customer, in their language and on their clock."""
        place = drafts.Place(case=one.case, severity=one.severity, zone=one.zone, terms=terms)
        key = Hearer(zone=one.zone, language=one.language), one.owner_name
        if key not in self._words:
            self._words[key] = self._word(*key)
        return drafts.draft(self._words[key], place, id_=id_, now=self._now)

    def _word(self, hearer: Hearer, owner_name: str) -> Word:
        return truths.next_news(self._truth, hearer, owner_name=owner_name, now=self._now)


def _whom(incident: Incident, *, limit: int) -> tuple[list[Hit], frozenset[str]]:
    """The next customers to look at, and the areas in which they are hit; none is all of them."""
    run = RoundRun.objects.filter(incident=incident).select_related("round").first()
    stops_of = None
    areas = frozenset({incident.area} - {""})
    if run is not None and run.outcome == Came.DONE:
        return [], frozenset()  # it was done after all, and reported late
    if run is not None:
        areas = frozenset(run.missed_areas or ([] if run.missed_stops else run.round.areas))
        if run.missed_stops or (not run.missed_areas and run.round.stops.exists()):
            stops_of, areas = incident.pk, frozenset()
    found = hit.read_hit(
        service=incident.service_id, after=incident.reached, limit=limit, stops_of=stops_of
    )
    return found, areas


def _reach(
    incident: Incident, found: Sequence[Hit], *, areas: frozenset[str], now: datetime
) -> None:
    here = [one for one in found if not areas or places.area_of(one.postcode) in areas]
    customers = [one.customer for one in here]
    hit.lock_customers(customers)
    served = hit.with_a_case(customers, service=incident.service_id)
    truth = incident.truths.select_related("said_by").latest("number")
    _open(incident, truth, [one for one in here if one.customer not in served], now=now)
    _join(incident, truth, served, now=now)


def _open(incident: Incident, truth: IncidentTruth, new: Sequence[Hit], *, now: datetime) -> None:
    if not new:
        return
    rows = Rows()
    ids = bulk.next_ids(NewCase.TABLE, len(new))
    opened = [
        _opened(rows, incident, one, id_=id_, reference=reference, now=now)
        for one, id_, reference in zip(new, ids, _references(len(new)), strict=True)
    ]
    _tell(rows, truth, opened, now=now)
    rows.write()
    function = Function(incident.service.function)
    entitlements.watch_opened(ids, function=function, now=now)
    fees.watch_opened(ids, now=now)


def _opened(
    rows: Rows, incident: Incident, one: Hit, *, id_: int, reference: str, now: datetime
) -> HitCase:
    """The case of one customer, as if it had just been locked."""
    assessed = _assess(incident, one)
    rows.cases.append(_case(incident, one, assessed, id_=id_, reference=reference, now=now))
    facts = _opened_facts(incident, assessed)
    at = incident.known_at
    head = rows.link(Head(), case=id_, kind="case_opened", at=at, now=now, facts=facts)
    return HitCase(
        case=id_,
        customer=one.customer,
        reference=reference,
        severity=int(assessed.severity),
        zone=one.zone,
        language=one.language,
        email=one.email,
        phone=one.phone,
        owner_name=incident.owner.name,
        team=incident.team_id,
        news=None,
        seq=head.seq,
        hash=head.hash,
    )


def _join(
    incident: Incident, truth: IncidentTruth, customers: Iterable[int], *, now: datetime
) -> None:
    """Cases about the same service hear the same truth, and keep what they were promised."""
    joining = hit.lock_to_join(list(customers), service=incident.service_id)
    hit.join(joining, incident=incident.pk)
    rows = Rows()
    _tell(rows, truth, hit.read_cases(joining), now=now, kind=_JOINED)
    rows.write()
    if incident.over_at is not None:
        entitlements.watch_joined(joining, now=now)


def _tell(
    rows: Rows,
    truth: IncidentTruth,
    cases: Sequence[HitCase],
    *,
    now: datetime,
    kind: str = "",
    owed: OwedBy = incident_gifts.nothing_owed,
    opened: Mapping[int, Closed] = MappingProxyType({}),
) -> None:
    """Promise each case the next news, give what comes with the truth, and write it to them.

    The letter keeps the promise of news before, once it is delivered; whom no letter can reach is
    told by a person, or that promise breaks.

    :param kind: what the timeline says about it; nothing where the case opened with it.
    :param opened: the cases that were closed, and are opened only to be given what comes with it.
    """
    news, terms = _News(truth, now=now), _terms_by_team(cases)
    circular = Circular(words=truth.words, by=truth.said_by, now=now)
    readers = [_reader(one) for one in cases]
    circular.look_up(readers)
    gift = incident_gifts.gift_of(truth, cases, owed=owed, now=now)
    questions = incident_questions.questions_of(truth, cases, now=now)
    promises, letters = (bulk.next_ids(row.TABLE, len(cases)) for row in (NewPromise, NewLetter))
    for one, reader, promise, letter in zip(cases, readers, promises, letters, strict=True):
        made, head = None, one.head
        if one.case in opened:
            was, incident = opened[one.case], truth.incident_id
            head = given_late.note_opened(was, one, rows=rows, incident=incident, now=now)
        if kind:
            facts = {"incident": truth.incident_id, "truth": truth.number}
            head = rows.link(head, case=one.case, kind=kind, at=truth.said_at, now=now, facts=facts)
        if one.case not in opened:
            made = news.promise(one, terms[one.team, one.severity], id_=promise)
            head = rows.promise(made, head, now=now)
        says = None
        if gift is not None:
            head, says = gift.give(one, terms[one.team, one.severity], rows=rows, head=head)
        elif questions is not None:
            head, says = questions.ask(one, rows=rows, head=head)
        tells = made or (says.promise if says else None)
        written = circular.to(reader, id_=letter, tells=tells, keeps=one.news, says=says)
        if written is not None:
            rows.letters.append(written)
            by = {"letter": letter, "channel": written.channel, "by": circular.by.pk}
            rows.link(head, case=one.case, kind="letter_written", at=now, now=now, facts=by)


def _reader(one: HitCase) -> Reader:
    return Reader(
        case=one.case,
        reference=one.reference,
        language=one.language,
        email=one.email,
        phone=one.phone,
    )


def _terms_by_team(cases: Sequence[HitCase]) -> dict[tuple[int, int], Terms]:
    wanted = {(one.team, one.severity) for one in cases}
    teams = Team.objects.select_related("calendar").in_bulk({team for team, _ in wanted})
    return {
        (team, level): policies.snapshot(teams[team], Severity(level)) for team, level in wanted
    }


def _assess(incident: Incident, one: Hit) -> Assessment:
    return severity.assess(
        function=Function(incident.service.function),
        harm=Harm(incident.harm),
        exposure=Exposure.VULNERABLE if one.is_vulnerable else Exposure.ORDINARY,
        critical=one.is_critical,
        repeats=0,
    )


def _case(
    incident: Incident, one: Hit, assessed: Assessment, *, id_: int, reference: str, now: datetime
) -> NewCase:
    exposure = Exposure.VULNERABLE if one.is_vulnerable else Exposure.ORDINARY
    return NewCase(
        id=id_,
        uuid=uuid.uuid4(),
        reference=reference,
        customer_id=one.customer,
        asset_id=one.asset,
        team_id=incident.team_id,
        owner_id=incident.owner_id,
        incident_id=incident.pk,
        title=incident.title,
        wanted="",
        meanwhile="",
        function=incident.service.function,
        harm=incident.harm,
        exposure=exposure.value,
        severity=int(assessed.severity),
        severity_because=assessed.because,
        failed_at=incident.failed_at,
        known_at=incident.known_at,
        recorded_at=now,
        is_canary=False,
    )


def _opened_facts(incident: Incident, assessed: Assessment) -> dict[str, Any]:
    return {
        "owner": incident.owner_id,
        "severity": int(assessed.severity),
        "because": assessed.because,
        "failed_at": incident.failed_at.isoformat(),
        "incident": incident.pk,
    }


def _references(count: int) -> list[str]:
    """So many references that no case has."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {new_reference() for _ in range(count - len(found))} - found
        found |= drawn - hit.taken_references(sorted(drawn))
    return sorted(found)
