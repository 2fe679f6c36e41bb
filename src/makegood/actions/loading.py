"""Cases come from a log: each open request with its owner and the promises that it was given.

A log knows neither customers nor what they depend on. Each request gets a customer of its own,
named after it, and a function of the severity that the request was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heapreplace
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q

from makegood.actions import customers, promises
from makegood.actions.cases import Failure
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.actions.drafts import Word
from makegood.actions.intake import News, NoOwnerError
from makegood.records.models import Case, PromiseKind, Staff
from makegood.records.models.staff import CANARY_EMAIL
from makegood.rules.promises import Channel, Precision, Speaker
from makegood.rules.severity import Function, Harm, Severity

# Losing this function altogether has just that severity.
_FUNCTIONS: Final = {
    Severity.P1: Function.SAFETY,
    Severity.P2: Function.CONNECTION,
    Severity.P3: Function.GOODS,
    Severity.P4: Function.COMFORT,
}
_LONGEST: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedPromise:
    """A date that a log says was promised."""

    words: str
    due_at: datetime
    precision: Precision


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedRequest:
    """An open request of a log; `source` and `external_id` make it one. `party` gave its words."""

    source: str
    party: str
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
        first = people.filter(team__name=team).first() if team else people.first()
        if first is None:
            whom = f"The team {team}" if team else "The desk"
            raise NoOwnerError(
                f"{whom} has nobody who could own a case; add one with makegood person."
            )
        open_cases = Count("cases", filter=Q(cases__closed_at=None))
        members = people.filter(team=first.team_id).annotate(load=open_cases)
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
    """Load some requests together, which spares a commit for each; all or none of them."""
    loaded = Loaded()
    for request in requests:
        case = load_request(request, owner=owners.next(), now=now)
        loaded += (
            Loaded(known=1) if case is None else Loaded(cases=1, promises=len(request.promises))
        )
    return loaded


@transaction.atomic
def load_request(request: LoggedRequest, *, owner: Staff, now: datetime) -> Case | None:
    """Open a case for a request of a log, with its promises; None if it was loaded before.

    What was promised for a time that has passed is recorded all the same: the clock breaks it at
    its next round.
    """
    received = customers.take_report(
        _news(request, now=now),
        owner=owner,
        asset=NewAsset(name=request.kind[:_LONGEST], function=_FUNCTIONS[request.severity]),
        now=now,
    )
    if received.seen_before:
        return None
    for promise in request.promises:
        promises.make_promise(received.case.pk, _word(promise, request), now=now)
    return received.case


def _news(request: LoggedRequest, *, now: datetime) -> News:
    customer = NewCustomer(name=f"Request {request.external_id}"[:_LONGEST], zone=request.zone)
    return News(
        source=request.source[:100],
        external_id=request.external_id[:_LONGEST],
        channel=Channel.SIGNAL,  # a line of a log is no contact with the customer
        raw=request.raw,
        failure=Failure(
            customer=customers.draft(customer, now=now),
            title=request.kind[:_LONGEST],
            function=_FUNCTIONS[request.severity],
            harm=Harm.LOST,
            failed_at=request.opened_at,
            known_at=request.opened_at,
        ),
    )


def _word(promise: LoggedPromise, request: LoggedRequest) -> Word:
    return Word(
        kind=PromiseKind.OTHER,
        words=promise.words,
        speaker=Speaker.LOG,
        speaker_name=request.party[:_LONGEST],
        channel=Channel.WEB,
        said_at=request.opened_at,
        due_at=promise.due_at,
        precision=promise.precision,
    )
