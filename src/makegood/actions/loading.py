"""Cases come from a log: each open request with its owner and the promises that it was given.

A log knows neither customers nor what they depend on. Each request gets a customer of its own,
named after it, and a function of the severity that the request was given. There are thousands in
a log, so that each batch is gathered first and copied in at once.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import heapify, heapreplace
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q

from makegood.actions import cases, customers, drafts, entitlements, policies
from makegood.actions.cases import Failure
from makegood.actions.customers import NewCustomer
from makegood.actions.drafts import Word
from makegood.actions.intake import NoOwnerError
from makegood.actions.policies import Terms
from makegood.actions.spread_rows import Rows
from makegood.records import bulk
from makegood.records.models import (
    Asset,
    Customer,
    PastPromise,
    PromiseKind,
    Report,
    Staff,
    Team,
)
from makegood.records.models.staff import CANARY_EMAIL
from makegood.records.rows import NewCase, NewPromise
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.severity import Function, Harm, Severity
from makegood.rules.timeline import Head

# Losing this function altogether has just that severity.
_FUNCTIONS: Final = {
    Severity.P1: Function.SAFETY,
    Severity.P2: Function.CONNECTION,
    Severity.P3: Function.GOODS,
    Severity.P4: Function.COMFORT,
}
_LONGEST: Final = 200
_SOURCE: Final = 100
_NAME: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedPromise:
    """A date that a log says was promised; `name` is its column."""

    name: str
    words: str
    due_at: datetime
    precision: Precision


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedRequest:
    """An open request; `log` and `external_id` make it one, and the log gave its words."""

    log: str
    external_id: str
    kind: str
    opened_at: datetime
    zone: str
    severity: Severity
    promises: tuple[LoggedPromise, ...]
    raw: dict[str, Any] = field(default_factory=dict)


class Owners:
    """Gives each case to whoever of a team has the fewest open ones."""

    def __init__(self, team: str = "") -> None:
        """Read who is there.

        :raises NoOwnerError: if the team has no active member.
        """
        people = Staff.objects.filter(is_active=True).exclude(email=CANARY_EMAIL).order_by("pk")
        people = people.select_related("team__calendar")
        first = people.filter(team__name=team).first() if team else people.first()
        if first is None:
            whom = f"The team {team}" if team else "The desk"
            raise NoOwnerError(
                f"{whom} has nobody who could own a case; add one with makegood person."
            )
        open_cases = Count("cases", filter=Q(cases__closed_at=None))
        members = people.filter(team=first.team_id).annotate(load=open_cases)
        self.team = first.team
        self._waiting = [(person.load, person.pk, person) for person in members]
        heapify(self._waiting)

    def next(self) -> Staff:
        """Whose turn it is; the case counts as theirs from now on."""
        load, pk, person = self._waiting[0]
        heapreplace(self._waiting, (load + 1, pk, person))
        return person


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What loading some requests came to."""

    cases: int = 0
    promises: int = 0
    known: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            cases=self.cases + other.cases,
            promises=self.promises + other.promises,
            known=self.known + other.known,
        )


@transaction.atomic
def load_requests(requests: Sequence[LoggedRequest], *, owners: Owners, now: datetime) -> Loaded:
    """Open a case for each request of one log that was not loaded before; all or none of them.

    What was promised for a time that has passed is recorded all the same: the clock breaks it at
    its next round.
    """
    new = _without_past(_unknown(requests))
    promised = sum(len(request.promises) for request in new)
    opening = _Opening(now=now, many=len(new) + promised)
    for place in _places(new, owners=owners, now=now):
        opening.add(place)
    opening.write()
    return Loaded(cases=len(new), promises=promised, known=len(requests) - len(new))


def _unknown(requests: Sequence[LoggedRequest]) -> list[LoggedRequest]:
    by_id = {request.external_id[:_LONGEST]: request for request in requests}
    known = {id_ for _source, id_ in requests_known((one.log, one.external_id) for one in requests)}
    return [request for name, request in by_id.items() if name not in known]


def requests_known(requests: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of logs and their numbers that are cases already, by source and number."""
    wanted = {named(log, number) for log, number in requests}
    seen = Report.objects.filter(
        source__in={source for source, _ in wanted}, external_id__in={id_ for _, id_ in wanted}
    )
    return wanted & set(seen.values_list("source", "external_id"))


def named(log: str, number: str) -> tuple[str, str]:
    """The source and the number under which a request of a log is kept."""
    return f"log {log}"[:_SOURCE], number[:_LONGEST]


def _without_past(requests: Sequence[LoggedRequest]) -> list[LoggedRequest]:
    """What counts as over already is not promised again: their log opened them once more."""
    over = PastPromise.objects.filter(
        log__in={one.log[:_SOURCE] for one in requests},
        external_id__in={one.external_id[:_LONGEST] for one in requests},
    )
    past = set(over.values_list("log", "external_id", "name"))
    return [
        replace(
            one,
            promises=tuple(
                word
                for word in one.promises
                if (one.log[:_SOURCE], one.external_id[:_LONGEST], word.name[:_NAME]) not in past
            ),
        )
        for one in requests
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where a request goes: the number of its case, what that is of, and whose it is."""

    case: int
    request: LoggedRequest
    asset: Asset
    report: Report
    owner: Staff


def _places(
    requests: Sequence[LoggedRequest], *, owners: Owners, now: datetime
) -> Iterator[_Place]:
    numbers = bulk.next_ids(NewCase.TABLE, len(requests))
    assets, reports = _assets(requests, now=now), _reports(requests, numbers, now=now)
    for case, (request, asset, report) in zip(
        numbers, zip(requests, assets, reports, strict=True), strict=True
    ):
        yield _Place(case=case, request=request, asset=asset, report=report, owner=owners.next())


def _assets(requests: Sequence[LoggedRequest], *, now: datetime) -> list[Asset]:
    """What the customer of each request depends on; both are new."""
    registered = Customer.objects.bulk_create(
        customers.draft(
            NewCustomer(name=f"Request {one.external_id}"[:_LONGEST], zone=one.zone), now=now
        )
        for one in requests
    )
    return Asset.objects.bulk_create(
        Asset(customer=customer, name=one.kind[:_LONGEST], function=_FUNCTIONS[one.severity].value)
        for one, customer in zip(requests, registered, strict=True)
    )


def _reports(
    requests: Sequence[LoggedRequest], cases: Sequence[int], *, now: datetime
) -> list[Report]:
    """The line of each request, as it came. It is no contact with the customer."""
    return Report.objects.bulk_create(
        Report(
            source=named(one.log, one.external_id)[0],
            external_id=one.external_id[:_LONGEST],
            channel=Channel.SIGNAL.value,
            raw=one.raw | {"kind": one.kind},
            happened_at=one.opened_at,
            recorded_at=now,
            case_id=case,
        )
        for one, case in zip(requests, cases, strict=True)
    )


class _Opening:
    """The cases of a batch and `many` promises, with everything that their timelines say."""

    def __init__(self, *, now: datetime, many: int) -> None:
        self._now = now
        self._numbers = iter(bulk.next_ids(NewPromise.TABLE, many))
        self._news = drafts.News(now=now)
        self._rows = Rows()
        self._terms: dict[tuple[Team, Severity], Terms] = {}
        self._of: dict[Function, list[int]] = defaultdict(list)

    def add(self, place: _Place) -> None:
        """One case: opened, promised its first news, and told what the log had promised."""
        case = self._case(place)
        self._rows.cases.append(case)
        self._of[Function(case.function)].append(case.id)
        news, *given = self._promises(place, case)
        head = self._link(Head(), case, "case_opened", _opened_facts(case))
        head = self._rows.promise(news, head, now=self._now)
        head = self._link(head, case, "report_received", _received_facts(place.report))
        for promise in given:
            head = self._rows.promise(promise, head, now=self._now)

    def write(self) -> None:
        """Write them all."""
        self._rows.write()
        for function, opened in self._of.items():
            entitlements.watch_opened(opened, function=function, now=self._now)

    def _case(self, place: _Place) -> NewCase:
        failure = _failure(place)
        assessed = failure.assessed()
        return NewCase(
            id=place.case,
            uuid=uuid.uuid4(),
            reference=cases.new_reference(),
            customer_id=failure.customer.pk,
            asset_id=place.asset.pk,
            team_id=place.owner.team_id,
            owner_id=place.owner.pk,
            incident_id=None,
            title=failure.title,
            wanted=failure.wanted,
            meanwhile="",
            function=failure.function.value,
            harm=failure.harm.value,
            exposure=failure.exposure.value,
            severity=int(assessed.severity),
            severity_because=assessed.because,
            failed_at=failure.failed_at,
            known_at=failure.known_at,
            recorded_at=self._now,
            is_canary=False,
        )

    def _promises(self, place: _Place, case: NewCase) -> list[NewPromise]:
        """When they hear next, and what the log had promised."""
        terms = self._terms_of(place.owner.team, Severity(case.severity))
        zone = place.request.zone
        news = self._news.word(
            owner_name=place.owner.name,
            hearer=drafts.Hearer(zone=zone, language=""),
            terms=terms,
            after_break=False,
        )
        words = [news, *(_word(promise, place.request) for promise in place.request.promises)]
        where = drafts.Place(case=case.id, severity=case.severity, zone=zone, terms=terms)
        return [drafts.draft(word, where, id_=next(self._numbers), now=self._now) for word in words]

    def _terms_of(self, team: Team, severity: Severity) -> Terms:
        if (team, severity) not in self._terms:
            self._terms[team, severity] = policies.snapshot(team, severity)
        return self._terms[team, severity]

    def _link(self, head: Head, case: NewCase, kind: str, facts: dict[str, Any]) -> Head:
        return self._rows.link(
            head, case=case.id, kind=kind, at=case.known_at, now=self._now, facts=facts
        )


def _failure(place: _Place) -> Failure:
    request = place.request
    return Failure(
        customer=place.asset.customer,
        asset=place.asset,
        title=request.kind[:_LONGEST],
        function=_FUNCTIONS[request.severity],
        harm=Harm.LOST,
        failed_at=request.opened_at,
        known_at=request.opened_at,
    )


def _opened_facts(case: NewCase) -> dict[str, Any]:
    return {
        "owner": case.owner_id,
        "severity": case.severity,
        "because": case.severity_because,
        "failed_at": case.failed_at.isoformat(),
    }


def _received_facts(report: Report) -> dict[str, Any]:
    return {"report": report.pk, "source": report.source, "channel": report.channel}


def _word(promise: LoggedPromise, request: LoggedRequest) -> Word:
    return Word(
        kind=PromiseKind.OTHER,
        words=promise.words,
        speaker=Speaker.LOG,
        speaker_name=request.log[:_LONGEST],
        channel=Channel.WEB,
        said_at=request.opened_at,
        due_at=promise.due_at,
        precision=promise.precision,
    )
