"""Customers, their assets, and the reports of what failed them."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from makegood.actions import customers, registering
from makegood.actions.cases import Failure
from makegood.actions.customers import NewAsset, NewCustomer
from makegood.actions.intake import News, Received
from makegood.doors.api import reach
from makegood.doors.api.callers import check_company, token_of
from makegood.doors.api.inputs import AssetIn, CustomerIn, ReportIn
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.refused import UNPROCESSABLE
from makegood.doors.api.types import Cursor, Limit, Line
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, key_of, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import customers as query
from makegood.queries.api.cases import ReportOut
from makegood.queries.api.customers import AssetOut, CustomerOut
from makegood.queries.api.pages import Page
from makegood.queries.tokens import LiveToken
from makegood.rules.scopes import Scope

router = Router(tags=["customers"])


@router.get(
    "/customers",
    response={200: Page[CustomerOut], **READ_PROBLEMS},
    summary="Customers, the newest first",
    operation_id="list_customers",
)
def list_customers(
    request: HttpRequest,
    response: HttpResponse,
    email: Line = "",
    phone: Line = "",
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[CustomerOut]:
    """By their whole address or number, if asked; a token of a team sees those it has served."""
    token = token_of(request, Scope.READ)
    page = query.customers(team=token.team, email=email, phone=phone, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/customers/{customer_id}",
    response={200: CustomerOut, **READ_PROBLEMS},
    summary="One customer",
    operation_id="get_customer",
)
def get_customer(request: HttpRequest, customer_id: UUID) -> CustomerOut:
    """Who they are and how to reach them."""
    token = token_of(request, Scope.READ)
    return query.shown(reach.customer(token, customer_id))


@router.get(
    "/customers/{customer_id}/assets",
    response={200: list[AssetOut], **READ_PROBLEMS},
    summary="What a customer depends on",
    operation_id="list_assets",
)
def list_assets(request: HttpRequest, customer_id: UUID) -> list[AssetOut]:
    """Also those that are retired, for their history."""
    token = token_of(request, Scope.READ)
    return list(query.assets(reach.customer(token, customer_id)))


@router.post(
    "/customers",
    response={201: CustomerOut, **WRITE_PROBLEMS},
    summary="Register a customer",
    operation_id="register_customer",
    openapi_extra=KEYED,
)
def register_customer(request: HttpRequest, body: CustomerIn) -> JsonResponse:
    """Somebody whom the desk does not know yet; look them up before."""
    token = token_of(request, Scope.REPORT)
    check_company(token)
    now = cast("MomentRequest", request).now
    new = NewCustomer(
        name=body.name,
        zone=body.zone or token.person.team.calendar.zone,
        email=body.email,
        phone=body.phone,
        address=body.address,
        postcode=body.postcode,
        language=body.language,
        vulnerable=body.is_vulnerable,
    )
    return perform(
        request,
        token,
        body,
        lambda: query.shown(registering.register_customer(new, now=now)),
        status=201,
    )


@router.post(
    "/customers/{customer_id}/assets",
    response={201: AssetOut, **WRITE_PROBLEMS},
    summary="Register what a customer depends on",
    operation_id="register_asset",
    openapi_extra=KEYED,
)
def register_asset(request: HttpRequest, customer_id: UUID, body: AssetIn) -> JsonResponse:
    """Of a service, it takes over that service's function and how critical it is."""
    token = token_of(request, Scope.REPORT)
    customer = reach.customer(token, customer_id)
    service = reach.service(body.service) if body.service else None
    if service is None and body.function is None:
        why = "Say what it is for (function), or of which service it is."
        raise ProblemError("unreadable", UNPROCESSABLE, why, field="function")
    new = NewAsset(
        name=body.name,
        function=body.function or registering.function_of(service),
        place=body.place,
        service=service,
    )
    return perform(
        request,
        token,
        body,
        lambda: query.shown_asset(
            registering.register_asset(new, customer, external_id=body.external_id)
        ),
        status=201,
    )


@router.post(
    "/reports",
    response={201: ReportOut, **WRITE_PROBLEMS},
    summary="Report that something failed a customer",
    operation_id="report",
    openapi_extra=KEYED,
)
def report(request: HttpRequest, body: ReportIn) -> JsonResponse:
    """It joins the customer's open case of the same asset, or opens one, owned and promised."""
    token = token_of(request, Scope.REPORT)
    now = cast("MomentRequest", request).now
    news = _news(request, token, body)
    joins = reach.case(token, body.joins) if body.joins else None
    if joins is not None and joins.customer_id != news.failure.customer.pk:
        reach.missing("case")
    return perform(
        request,
        token,
        body,
        lambda: received(
            customers.take_report(news, owner=None, joins=joins.pk if joins else None, now=now)
        ),
        status=201,
    )


def received(done: Received) -> ReportOut:
    """What became of a report, as it is answered."""
    return ReportOut(
        id=done.report.pk,
        case=done.case.reference,
        opened=done.opened,
        seen_before=done.seen_before,
    )


def _news(request: HttpRequest, token: LiveToken, body: ReportIn) -> News:
    now, key = cast("MomentRequest", request).now, key_of(request)
    customer = reach.customer(token, body.customer)
    failed_at = body.failed_at or now
    if failed_at > now:
        why = "failed_at: what will fail has not failed yet."
        raise ProblemError("unreadable", UNPROCESSABLE, why, field="failed_at")
    failure = Failure(
        customer=customer,
        title=body.title,
        function=body.function,
        harm=body.harm,
        failed_at=failed_at,
        known_at=now,
        asset=reach.asset(customer, body.asset) if body.asset else None,
        wanted=body.wanted,
    )
    return News(
        source=f"api:{token.id}",
        external_id=key,
        channel=body.channel,
        raw=body.model_dump(mode="json"),
        failure=failure,
        hold_minutes=body.hold_minutes,
        talk_minutes=body.talk_minutes,
        note=body.note or body.title,
    )
