"""The company by the API: its services and people, what it said to all, its mails and its log."""

from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from makegood.actions import incidents
from makegood.actions.incidents import Outage, Truth
from makegood.doors.api import reach
from makegood.doors.api.callers import check_company, token_of
from makegood.doors.api.inputs import IncidentIn, OverIn, TruthIn
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.types import Cursor, Limit, Reference, Short
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import company, events, mails
from makegood.queries.api import incidents as query
from makegood.queries.api.company import PersonOut, ServiceOut, TokenOut
from makegood.queries.api.events import EventOut
from makegood.queries.api.incidents import IncidentOut
from makegood.queries.api.mails import MailOut
from makegood.queries.api.pages import Page
from makegood.queries.tokens import LiveToken
from makegood.rules.scopes import Scope

router = Router(tags=["company"])


@router.get(
    "/token",
    response={200: TokenOut, **READ_PROBLEMS},
    summary="What this token may do",
    operation_id="get_token",
)
def get_token(request: HttpRequest) -> TokenOut:
    """Needs no scope: everybody may know what they may do."""
    return company.token(cast("LiveToken", getattr(request, "auth", None)))


@router.get(
    "/services",
    response={200: list[ServiceOut], **READ_PROBLEMS},
    summary="What the company does for customers",
    operation_id="list_services",
)
def list_services(request: HttpRequest) -> list[ServiceOut]:
    """By name."""
    token_of(request, Scope.READ)
    return list(company.services())  # a pair would be read as a status and a body


@router.get(
    "/people",
    response={200: list[PersonOut], **READ_PROBLEMS},
    summary="Who works here",
    operation_id="list_people",
)
def list_people(request: HttpRequest) -> list[PersonOut]:
    """Those of one team, for a token of that team."""
    token = token_of(request, Scope.READ)
    return list(company.people(team=token.team))


@router.get(
    "/events",
    response={200: Page[EventOut], **READ_PROBLEMS},
    summary="The log of everything, the oldest first",
    operation_id="list_events",
)
def list_events(
    request: HttpRequest,
    response: HttpResponse,
    kind: Short = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[EventOut]:
    """What webhooks send, to be read again: go on where the last page ended.

    An entry that is written at the same moment as others may appear behind a later one; whoever
    must miss nothing reads the last minute again.
    """
    token = token_of(request, Scope.READ)
    page = events.events(team=token.team, kind=kind, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/mails",
    response={200: Page[MailOut], **READ_PROBLEMS},
    summary="Mails that came in",
    operation_id="list_mails",
)
def list_mails(
    request: HttpRequest,
    response: HttpResponse,
    case: Reference | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[MailOut]:
    """The newest first; those that were set aside say why."""
    token = token_of(request, Scope.READ)
    of = reach.case(token, case).pk if case else None
    page = mails.mails(team=token.team, case=of, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/incidents",
    response={200: Page[IncidentOut], **READ_PROBLEMS},
    summary="Failures of many at once",
    operation_id="list_incidents",
)
def list_incidents(
    request: HttpRequest,
    response: HttpResponse,
    *,
    is_over: bool | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[IncidentOut]:
    """The newest first, with what everybody was told."""
    token = token_of(request, Scope.READ)
    page = query.incidents(team=token.team, is_over=is_over, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/incidents/{reference}",
    response={200: IncidentOut, **READ_PROBLEMS},
    summary="One incident",
    operation_id="get_incident",
)
def get_incident(request: HttpRequest, reference: str) -> IncidentOut:
    """What failed where, and every word that was said to all."""
    token = token_of(request, Scope.READ)
    return _shown(token, reach.incident(token, reference).reference)


@router.post(
    "/incidents",
    response={201: IncidentOut, **WRITE_PROBLEMS},
    summary="Declare that a service failed for an area",
    operation_id="declare_incident",
    openapi_extra=KEYED,
)
def declare_incident(request: HttpRequest, body: IncidentIn) -> JsonResponse:
    """The clock opens a case for everybody whom it hit, with this promise and a letter."""
    token = token_of(request, Scope.ADMIN)
    check_company(token)
    now = cast("MomentRequest", request).now
    outage = Outage(
        service=reach.service(body.service),
        area=body.area,
        title=body.title,
        harm=body.harm,
        failed_at=body.failed_at,
        known_at=now,
    )
    owner = reach.person(body.owner)
    truth = Truth(words=body.words, due_at=body.due_at)

    def do() -> IncidentOut:
        made = incidents.declare(outage, truth, owner=owner, by=token.person, now=now)
        return _shown(token, made.reference)

    return perform(request, token, body, do, status=201)


@router.post(
    "/incidents/{reference}/truths",
    response={201: IncidentOut, **WRITE_PROBLEMS},
    summary="Say what is new to everybody whom an incident hit",
    operation_id="say_truth",
    openapi_extra=KEYED,
)
def say_truth(request: HttpRequest, reference: str, body: TruthIn) -> JsonResponse:
    """Their promise of news is kept by hearing it."""
    token = token_of(request, Scope.ADMIN)
    now = cast("MomentRequest", request).now
    incident = reach.incident(token, reference)

    def do() -> IncidentOut:
        truth = Truth(words=body.words, due_at=body.due_at)
        incidents.say(incident.pk, truth, by=token.person, now=now)
        return _shown(token, incident.reference)

    return perform(request, token, body, do, status=201)


@router.post(
    "/incidents/{reference}/end",
    response={200: IncidentOut, **WRITE_PROBLEMS},
    summary="Say that an incident is over",
    operation_id="end_incident",
    openapi_extra=KEYED,
)
def end_incident(request: HttpRequest, reference: str, body: OverIn) -> JsonResponse:
    """The cases stay open until their customers were asked."""
    token = token_of(request, Scope.ADMIN)
    now = cast("MomentRequest", request).now
    incident = reach.incident(token, reference)

    def do() -> IncidentOut:
        truth = Truth(words=body.words, due_at=body.due_at)
        incidents.end(
            incident.pk,
            truth,
            at=body.over_at,
            evidence=body.evidence,
            by=token.person,
            now=now,
        )
        return _shown(token, incident.reference)

    return perform(request, token, body, do)


def _shown(token: LiveToken, reference: str) -> IncidentOut:
    return query.by_reference(reference, team=token.team) or reach.missing("incident")
