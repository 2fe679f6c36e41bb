"""Visits and the parts they bring: booked, chosen with the customer, and kept."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from makegood.actions import parts, visit_access, visit_choices, visit_day, visits
from makegood.actions.visits import Booking
from makegood.doors.api import reach
from makegood.doors.api.callers import token_of
from makegood.doors.api.inputs import ChooseIn, EtaIn, EvidenceIn, ToldIn, VisitIn
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.types import Cursor, Id, Limit, Reference
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, perform
from makegood.doors.moment import MomentRequest
from makegood.queries import case_visits
from makegood.queries.api import visits as query
from makegood.queries.api.pages import Page
from makegood.queries.api.visits import OrderOut, TimeOut, VisitLine, VisitOut
from makegood.queries.tokens import LiveToken
from makegood.records.models import EtaSource, Staff
from makegood.rules.scopes import Scope
from makegood.rules.visits import Access

router = Router(tags=["visits"])
Act = Callable[[int, Staff, datetime], object]
"""Does it: to what, for whom, and when."""


@router.get(
    "/visits",
    response={200: Page[VisitLine], **READ_PROBLEMS},
    summary="Visits, the last booked first",
    operation_id="list_visits",
)
def list_visits(
    request: HttpRequest,
    response: HttpResponse,
    *,
    case: Reference | None = None,
    is_open: bool | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[VisitLine]:
    """Of one case or of all; those that are still to come, or that have ended.

    They stand in the order in which they were booked, the last first, whatever becomes of their
    times: so a cursor neither misses one nor shows one twice while visits move.
    """
    token = token_of(request, Scope.READ)
    of = reach.case(token, case).pk if case else None
    page = query.visits_of(team=token.team, case=of, is_open=is_open, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/visits/{visit_id}",
    response={200: VisitOut, **READ_PROBLEMS},
    summary="One visit",
    operation_id="get_visit",
)
def get_visit(request: HttpRequest, visit_id: UUID) -> VisitOut:
    """When, by whom, what it still lacks, and what its customer has yet to be told."""
    token = token_of(request, Scope.READ)
    return query.shown(reach.visit(token, visit_id))


@router.get(
    "/visits/{visit_id}/times",
    response={200: list[TimeOut], **READ_PROBLEMS},
    summary="The free times for a visit",
    operation_id="list_times",
)
def list_times(request: HttpRequest, visit_id: UUID) -> list[TimeOut]:
    """The best for its customer first, with the reasons."""
    token = token_of(request, Scope.READ)
    visit = reach.visit(token, visit_id)
    return list(query.times(visit, now=cast("MomentRequest", request).now))


@router.post(
    "/cases/{reference}/visits",
    response={201: VisitOut, **WRITE_PROBLEMS},
    summary="Book a visit and promise it",
    operation_id="book_visit",
    openapi_extra=KEYED,
)
def book_visit(request: HttpRequest, reference: str, body: VisitIn) -> JsonResponse:
    """The customer is with you: the time is held for them and promised at once."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    booking = Booking(
        what=body.what,
        diagnosis=case_visits.latest_diagnosis(case.pk) if body.needs_part else None,
        skill=body.skill,
        access=Access.ASKED if body.needs_access else Access.NOT_NEEDED,
        chosen=body.opens_at,
        channel=body.channel,
    )
    return _perform(
        request,
        token,
        body,
        lambda: visits.book_visit(case.pk, booking, by=token.person, now=now).pk,
        status=201,
    )


@router.post(
    "/visits/{visit_id}/choose",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="Take the time that the customer has chosen",
    operation_id="choose_time",
    openapi_extra=KEYED,
)
def choose_time(request: HttpRequest, visit_id: UUID, body: ChooseIn) -> JsonResponse:
    """Choosing it, they were told; the promise moves with it."""
    return _on_visit(
        request,
        visit_id,
        body,
        lambda visit, by, now: visit_choices.choose_together(
            visit, body.opens_at, channel=body.channel, evidence=body.evidence, by=by, now=now
        ),
    )


@router.post(
    "/visits/{visit_id}/told",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="Record that the customer was told of a visit",
    operation_id="told_of_visit",
    openapi_extra=KEYED,
)
def told_of_visit(request: HttpRequest, visit_id: UUID, body: ToldIn) -> JsonResponse:
    """What they had yet to be told (`to_tell`); a new time counts from then on."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    visit = reach.visit(token, visit_id)
    to_tell = query.shown(visit).to_tell or 0

    def act() -> int:
        visits.tell(
            to_tell, at=body.at or now, channel=body.channel, evidence=body.evidence, now=now
        )
        return visit.pk

    return _perform(request, token, body, act)


@router.post(
    "/visits/{visit_id}/access",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="Somebody will let the crew in",
    operation_id="give_access",
    openapi_extra=KEYED,
)
def give_access(request: HttpRequest, visit_id: UUID) -> JsonResponse:
    """One thing less that the visit lacks."""
    return _on_visit(
        request,
        visit_id,
        None,
        lambda visit, by, now: visit_access.give_access(visit, by=by, now=now),
    )


@router.post(
    "/visits/{visit_id}/arrive",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="The crew is with the customer",
    operation_id="arrive",
    openapi_extra=KEYED,
)
def arrive(request: HttpRequest, visit_id: UUID) -> JsonResponse:
    """Which keeps the word that we come, if it is in time."""
    return _on_visit(
        request,
        visit_id,
        None,
        lambda visit, by, now: visit_day.arrive(visit, at=now, by=by, now=now),
    )


@router.post(
    "/visits/{visit_id}/finish",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="What the visit was for is done",
    operation_id="finish_visit",
    openapi_extra=KEYED,
)
def finish_visit(request: HttpRequest, visit_id: UUID, body: EvidenceIn) -> JsonResponse:
    """Their customer is asked whether it is right."""
    return _on_visit(
        request,
        visit_id,
        body,
        lambda visit, by, now: visit_day.finish(visit, note=body.evidence, by=by, now=now),
    )


@router.post(
    "/visits/{visit_id}/cancel",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="Call a visit off, as its customer no longer wants it",
    operation_id="cancel_visit",
    openapi_extra=KEYED,
)
def cancel_visit(request: HttpRequest, visit_id: UUID, body: EvidenceIn) -> JsonResponse:
    """We never do so by ourselves."""
    return _on_visit(
        request,
        visit_id,
        body,
        lambda visit, by, now: visits.cancel_visit(visit, evidence=body.evidence, by=by, now=now),
    )


@router.post(
    "/orders/{order_id}/eta",
    response={200: OrderOut, **WRITE_PROBLEMS},
    summary="When a part is expected",
    operation_id="expect_part",
    openapi_extra=KEYED,
)
def expect_part(request: HttpRequest, order_id: Id, body: EtaIn) -> JsonResponse:
    """Visits that cannot be before then move at once, and their customers are told."""
    return _on_order(
        request,
        order_id,
        body,
        lambda order, by, now: parts.record_eta(
            order, body.eta_at, source=EtaSource.API, by=by, now=now
        ),
    )


@router.post(
    "/orders/{order_id}/received",
    response={200: OrderOut, **WRITE_PROBLEMS},
    summary="The part is here",
    operation_id="receive_part",
    openapi_extra=KEYED,
)
def receive_part(request: HttpRequest, order_id: Id) -> JsonResponse:
    """Visits that waited for nothing else are sure now."""
    return _on_order(
        request,
        order_id,
        None,
        lambda order, by, now: parts.receive_part(order, at=now, by=by, now=now),
    )


def _on_visit(request: HttpRequest, visit_id: UUID, body: Schema | None, act: Act) -> JsonResponse:
    """Do something to a visit within reach, and show it anew."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    visit = reach.visit(token, visit_id)

    def do() -> int:
        act(visit.pk, token.person, now)
        return visit.pk

    return _perform(request, token, body, do)


def _on_order(request: HttpRequest, order_id: int, body: Schema | None, act: Act) -> JsonResponse:
    """Do something to the order of a part within reach, and show it anew."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    order = reach.order(token, order_id)

    def do() -> OrderOut:
        act(order.pk, token.person, now)
        return query.shown_order(reach.order(token, order_id))

    return perform(request, token, body, do)


def _perform(
    request: HttpRequest,
    token: LiveToken,
    body: Schema | None,
    act: Callable[[], int],
    *,
    status: int = 200,
) -> JsonResponse:
    return perform(request, token, body, lambda: query.by_id(act()), status=status)
