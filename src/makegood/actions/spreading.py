"""Bringing an incident to everybody whom it hit, in batches: a case each, a promise, the truth.

Each batch is one transaction, so that whatever stops it, the next one goes on where it ended, and
nobody is told twice. Memory does not grow with the number of customers.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from makegood.actions import drafts, entitlements, policies
from makegood.actions.cases import new_reference
from makegood.actions.drafts import Hearer, Word, made_facts
from makegood.actions.policies import Terms
from makegood.records import bulk, hit
from makegood.records.bulk import NewCase, NewPromise
from makegood.records.hit import Hit, HitCase
from makegood.records.models import Incident, IncidentTruth, PromiseKind, Team
from makegood.rules import places, severity, timeline
from makegood.rules.promises import Channel, Speaker
from makegood.rules.severity import Assessment, Exposure, Function, Harm, Severity
from makegood.rules.timeline import Entry, Head

# Who hears of it late is not promised news within less than this.
_SOONEST: Final = timedelta(minutes=15)


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
    found = hit.read_hit(service=incident.service_id, after=incident.reached, limit=limit)
    _reach(incident, found, now=now)
    _go_on(incident, found[-1].customer if len(found) == limit else None, now=now)
    return len(found)


@transaction.atomic
def tell(truth_id: int, *, now: datetime, limit: int) -> int:
    """Tell the next cases of an incident a truth. Returns how many; 0 when all were told."""
    truth = _take_truth(truth_id)
    if truth is None:
        return 0
    locked = _next_cases(truth, limit=limit)
    _tell(truth, hit.read_cases(locked), now=now)
    _have_told(truth, locked[-1] if len(locked) == limit else None, now=now)
    return len(locked)


@transaction.atomic
def pass_over_customer(incident_id: int, *, now: datetime) -> None:
    """Leave the next customer to people: their case cannot be opened by machine."""
    incident = _take_incident(incident_id)
    if incident is None:
        return
    found = hit.read_hit(service=incident.service_id, after=incident.reached, limit=1)
    incident.missed += [one.customer for one in found]
    _go_on(incident, found[-1].customer if found else None, now=now)


@transaction.atomic
def pass_over_case(truth_id: int, *, now: datetime) -> None:
    """Leave the next case to people: it cannot be told by machine."""
    truth = _take_truth(truth_id)
    if truth is None:
        return
    locked = _next_cases(truth, limit=1)
    truth.missed += locked
    _have_told(truth, locked[-1] if locked else None, now=now)


def _take_incident(incident_id: int) -> Incident | None:
    rows = Incident.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    related = rows.select_related("service", "owner", "team__calendar")
    return related.filter(pk=incident_id, spread_at=None).first()


def _take_truth(truth_id: int) -> IncidentTruth | None:
    rows = IncidentTruth.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return rows.select_related("incident").filter(pk=truth_id, told_at=None).first()


def _next_cases(truth: IncidentTruth, *, limit: int) -> list[int]:
    return hit.lock_cases(
        incident=truth.incident_id, after=truth.reached, upto=truth.upto, limit=limit
    )


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


@dataclass(kw_only=True, slots=True)
class _Rows:
    """Everything that a batch will write."""

    cases: list[NewCase] = field(default_factory=list)
    promises: list[NewPromise] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def link(
        self,
        head: Head,
        *,
        case: int,
        kind: str,
        at: datetime,
        now: datetime,
        facts: dict[str, Any],
    ) -> Head:
        """Add an entry to a case's timeline."""
        entry = timeline.link(head, case=case, kind=kind, at=at, recorded=now, facts=facts)
        self.entries.append(entry)
        return entry.head

    def write(self) -> None:
        """Write them, what is referred to first."""
        bulk.copy_in(self.cases)
        bulk.copy_in(self.promises)
        bulk.copy_timeline(self.entries)


class _News:
    """The promise that somebody hears the next truth; what is alike is made once."""

    def __init__(self, truth: IncidentTruth, *, owner_name: str, now: datetime) -> None:
        self._truth, self._owner_name, self._now = truth, owner_name, now
        self._words: dict[Hearer, Word] = {}

    def word(self, hearer: Hearer) -> Word:
        """The word in the hearer's language, on their clock."""
        if hearer not in self._words:
            due_at = max(self._truth.due_at, self._now + _SOONEST)
            sentence = drafts.news_sentence(due_at, hearer) % {"owner": self._owner_name}
            self._words[hearer] = Word(
                kind=PromiseKind.NEWS,
                words=sentence,
                speaker=Speaker.SYSTEM,
                speaker_name="Makegood",
                channel=Channel.WEB,
                said_at=self._now,
                due_at=due_at,
                trace=(f"The time named to everybody in truth {self._truth.number}.",),
            )
        return self._words[hearer]


def _reach(incident: Incident, found: Sequence[Hit], *, now: datetime) -> None:
    here = [one for one in found if _is_here(one, incident.area)]
    customers = [one.customer for one in here]
    hit.lock_customers(customers)
    served = hit.with_a_case(customers, service=incident.service_id)
    truth = incident.truths.latest("number")
    _open(incident, truth, [one for one in here if one.customer not in served], now=now)
    _join(incident, truth, served, now=now)


def _is_here(one: Hit, area: str) -> bool:
    return not area or places.area_of(one.postcode) == area


def _open(incident: Incident, truth: IncidentTruth, new: Sequence[Hit], *, now: datetime) -> None:
    if not new:
        return
    rows, terms = _Rows(), _terms_of(incident)
    news = _News(truth, owner_name=incident.owner.name, now=now)
    ids = zip(
        bulk.next_ids(NewCase.TABLE, len(new)),
        bulk.next_ids(NewPromise.TABLE, len(new)),
        _references(len(new)),
        strict=True,
    )
    for one, (case, promise, reference) in zip(new, ids, strict=True):
        assessed = _assess(incident, one)
        rows.cases.append(_case(incident, one, assessed, id_=case, reference=reference, now=now))
        place = drafts.Place(
            case=case,
            severity=int(assessed.severity),
            zone=one.zone,
            terms=terms[assessed.severity],
        )
        word = news.word(Hearer(zone=one.zone, language=one.language))
        made = drafts.draft(word, place, id_=promise, now=now)
        rows.promises.append(made)
        facts = _opened_facts(incident, assessed)
        known = incident.known_at
        head = rows.link(Head(), case=case, kind="case_opened", at=known, now=now, facts=facts)
        rows.link(head, case=case, kind="promise_made", at=now, now=now, facts=made_facts(made))
    rows.write()
    entitlements.watch_opened(
        [row.id for row in rows.cases], function=Function(incident.service.function), now=now
    )


def _join(
    incident: Incident, truth: IncidentTruth, customers: Iterable[int], *, now: datetime
) -> None:
    """Cases about the same service hear the same truth, and keep what they were promised."""
    joining = hit.lock_to_join(list(customers), service=incident.service_id)
    hit.join(joining, incident=incident.pk)
    _tell(truth, hit.read_cases(joining), now=now, kind="incident_joined")


def _tell(
    truth: IncidentTruth,
    cases: Sequence[HitCase],
    *,
    now: datetime,
    kind: str = "incident_truth_said",
) -> None:
    rows = _Rows()
    news: dict[str, _News] = {}
    terms = _terms_by_team(cases)
    ids = bulk.next_ids(NewPromise.TABLE, len(cases))
    for one, promise in zip(cases, ids, strict=True):
        if one.owner_name not in news:
            news[one.owner_name] = _News(truth, owner_name=one.owner_name, now=now)
        place = drafts.Place(
            case=one.case,
            severity=one.severity,
            zone=one.zone,
            terms=terms[one.team, one.severity],
        )
        word = news[one.owner_name].word(Hearer(zone=one.zone, language=one.language))
        made = drafts.draft(word, place, id_=promise, now=now)
        rows.promises.append(made)
        facts = {"incident": truth.incident_id, "truth": truth.number}
        head = rows.link(one.head, case=one.case, kind=kind, at=truth.said_at, now=now, facts=facts)
        rows.link(head, case=one.case, kind="promise_made", at=now, now=now, facts=made_facts(made))
    rows.write()


def _terms_of(incident: Incident) -> dict[Severity, Terms]:
    return {level: policies.snapshot(incident.team, level) for level in Severity}


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
