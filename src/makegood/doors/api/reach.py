"""The only way from a request of another system to a case, a promise, a customer or a visit.

A token of one team finds what is of that team; all else is not there for it, as if it did not
exist. What a token may do with it is for its scopes.
"""

import re
from http import HTTPStatus
from typing import Final, NoReturn, TypeVar
from uuid import UUID

from makegood.doors.api.problems import ProblemError
from makegood.queries.api import crews as crew_query
from makegood.queries.api import customers as customer_query
from makegood.queries.api import runs as run_query
from makegood.queries.api import visits as visit_query
from makegood.queries.tokens import LiveToken
from makegood.records.models import (
    ApprovalRequest,
    Asset,
    Case,
    Crew,
    CrewAbsence,
    Customer,
    Handover,
    Incident,
    Message,
    Part,
    PartOrder,
    Promise,
    PromiseRevision,
    RoundRun,
    Service,
    SignalSource,
    Staff,
    Visit,
)

Row = TypeVar("Row")
_REFERENCE: Final = re.compile(r"[0-9A-Za-z-]{1,20}")


def case(token: LiveToken, reference: str) -> Case:
    """The case of a reference.

    :raises ProblemError: if there is none in reach.
    """
    if not _REFERENCE.fullmatch(reference):
        missing("case")
    rows = Case.objects.filter(reference=reference.upper(), is_canary=False)
    return _one(rows.filter(**_of_team(token, "team")).first(), "case")


def promise(token: LiveToken, promise_id: int) -> Promise:
    """A promise, with its case.

    :raises ProblemError: if there is none in reach.
    """
    rows = Promise.objects.filter(pk=promise_id, case__is_canary=False)
    rows = rows.filter(**_of_team(token, "case__team"))
    return _one(rows.select_related("case").first(), "promise")


def revision(token: LiveToken, revision_id: int) -> PromiseRevision:
    """A new date for a promise.

    :raises ProblemError: if there is none in reach.
    """
    rows = PromiseRevision.objects.filter(pk=revision_id, promise__case__is_canary=False)
    rows = rows.filter(**_of_team(token, "promise__case__team"))
    return _one(rows.select_related("promise__case").first(), "revision")


def message(token: LiveToken, message_id: int) -> Message:
    """Something to be said.

    :raises ProblemError: if there is none in reach.
    """
    rows = Message.objects.filter(pk=message_id, case__is_canary=False)
    rows = rows.filter(**_of_team(token, "case__team"))
    return _one(rows.select_related("case").first(), "message")


def handover(token: LiveToken, handover_id: int) -> Handover:
    """A hand-over.

    :raises ProblemError: if there is none in reach.
    """
    rows = Handover.objects.filter(pk=handover_id, **_of_team(token, "case__team"))
    return _one(rows.select_related("case").first(), "hand-over")


def customer(token: LiveToken, customer_id: UUID) -> Customer:
    """A customer.

    :raises ProblemError: if there is none in reach.
    """
    return _one(customer_query.within(token.team).filter(uuid=customer_id).first(), "customer")


def asset(whose: Customer, asset_id: int) -> Asset:
    """An asset of a customer, still in use.

    :raises ProblemError: if there is none.
    """
    rows = Asset.objects.filter(customer=whose, pk=asset_id, retired_at=None)
    return _one(rows.select_related("customer", "service").first(), "asset")


def visit(token: LiveToken, visit_id: UUID) -> Visit:
    """A visit, with its case.

    :raises ProblemError: if there is none in reach.
    """
    return _one(visit_query.within(token.team).filter(uuid=visit_id).first(), "visit")


def order(token: LiveToken, order_id: int) -> PartOrder:
    """The order of a part.

    :raises ProblemError: if there is none in reach.
    """
    rows = PartOrder.objects.filter(pk=order_id, **_of_team(token, "diagnosis__case__team"))
    return _one(rows.select_related("diagnosis__case", "part").first(), "order")


def order_by_number(token: LiveToken, number: str) -> PartOrder:
    """The order that a supplier knows by a number, and from which a part is still expected.

    :raises ProblemError: if there is none in reach, or two suppliers have one of this number.
    """
    rows = PartOrder.objects.filter(number=number, received_at=None, cancelled_at=None)
    rows = rows.exclude(number="").filter(**_of_team(token, "diagnosis__case__team"))
    found = list(rows.select_related("diagnosis__case", "part").order_by("pk")[:2])
    if len(found) > 1:
        why = "Two suppliers have an order of this number: a person says which one it is."
        raise ProblemError("order-of-two-suppliers", HTTPStatus.CONFLICT, why)
    return _one(found[0] if found else None, "order")


def part(number: str) -> Part:
    """A part of a number.

    :raises ProblemError: if none is known.
    """
    return _one(Part.objects.filter(number__iexact=" ".join(number.split())).first(), "part")


def run(token: LiveToken, run_id: int) -> RoundRun:
    """One day of a round.

    :raises ProblemError: if there is none in reach.
    """
    return _one(run_query.within(token.team).filter(pk=run_id).first(), "run")


def crew(token: LiveToken, crew_id: int) -> Crew:
    """A crew that goes out.

    :raises ProblemError: if there is none in reach.
    """
    return _one(crew_query.within(token.team).filter(pk=crew_id).first(), "crew")


def absence(token: LiveToken, absence_id: int) -> CrewAbsence:
    """A time in which a crew cannot come.

    :raises ProblemError: if there is none in reach.
    """
    rows = crew_query.absences_within(token.team)
    return _one(rows.filter(pk=absence_id).first(), "absence")


def incident(token: LiveToken, reference: str) -> Incident:
    """An incident.

    :raises ProblemError: if there is none in reach.
    """
    if not _REFERENCE.fullmatch(reference):
        missing("incident")
    rows = Incident.objects.filter(reference=reference.upper(), **_of_team(token, "team"))
    return _one(rows.first(), "incident")


def person(staff_id: int) -> Staff:
    """Somebody who works here.

    :raises ProblemError: if there is nobody of that number.
    """
    return _one(Staff.objects.people().filter(pk=staff_id, is_active=True).first(), "person")


def service(service_id: int) -> Service:
    """A service that is offered.

    :raises ProblemError: if there is none.
    """
    return _one(Service.objects.filter(pk=service_id, retired_at=None).first(), "service")


def signal_source(slug: str) -> SignalSource:
    """A signal source that is in use.

    :raises ProblemError: if there is none.
    """
    rows = SignalSource.objects.filter(slug=slug, retired_at=None)
    return _one(rows.first(), "signal source")


def approval(token: LiveToken, request_id: int) -> ApprovalRequest:
    """A wish that waits for a yes, or has had its answer.

    :raises ProblemError: if there is none in reach.
    """
    rows = ApprovalRequest.objects.filter(pk=request_id, **_of_team(token, "case__team"))
    return _one(rows.select_related("case", "approver").first(), "approval")


def missing(what: str) -> NoReturn:
    """Say that there is no such thing, in the same words whether it exists elsewhere or not.

    :raises ProblemError: always.
    """
    name = what.replace(" ", "-")
    raise ProblemError(f"no-such-{name}", HTTPStatus.NOT_FOUND, f"There is no such {what}.")


def _one(row: Row | None, what: str) -> Row:
    return row if row is not None else missing(what)


def _of_team(token: LiveToken, field: str) -> dict[str, int]:
    return {} if token.team is None else {field: token.team}
