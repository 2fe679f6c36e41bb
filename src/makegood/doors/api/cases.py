"""Cases by the API: listed, looked at, reported, handed over, and closed by their customer."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Schema
from pydantic import Field

from makegood.actions import case_answers, cases, contacts
from makegood.actions.contacts import Touch
from makegood.doors.api import reach
from makegood.doors.api.callers import token_of
from makegood.doors.api.inputs import AnswerIn, ApologyIn, ContactIn, HandoverIn
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.types import Cursor, Id, Limit, Line
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import cases as query
from makegood.queries.api import events
from makegood.queries.api.cases import CaseLine, CaseOut
from makegood.queries.api.events import EventOut
from makegood.queries.api.pages import Page
from makegood.queries.case_filter import CaseFilter, Sort, State
from makegood.queries.tokens import LiveToken
from makegood.records.models import Direction
from makegood.rules import sought
from makegood.rules.scopes import Scope
from makegood.rules.severity import Function

Act = Callable[[], object]
router = Router(tags=["cases"])


class CaseQuery(Schema):
    """The filters of the desk's own list."""

    q: Line = ""
    state: State = State.OPEN
    owner: Id | None = None
    team: Id | None = None
    customer: UUID | None = None
    severity: list[Annotated[int, Field(ge=1, le=4)]] = Field(default=[], max_length=4)
    function: Function | None = None
    since: Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))] | None = None
    until: Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))] | None = None
    broke: bool = False
    sort: Sort = Sort.NEWEST
    cursor: Cursor = ""
    limit: Limit = ROWS

    def filter(self) -> CaseFilter:
        """As the desk asks."""
        return CaseFilter(
            q=sought.read(self.q).typed if self.q else "",
            state=self.state,
            owner=self.owner,
            team=self.team,
            severity=tuple(self.severity),
            function=self.function.value if self.function else "",
            since=self.since,
            until=self.until,
            broke=self.broke,
            sort=self.sort,
        )


@router.get(
    "/cases",
    response={200: Page[CaseLine], **READ_PROBLEMS},
    summary="Cases, with the desk's own filters",
    operation_id="list_cases",
)
def list_cases(
    request: HttpRequest, response: HttpResponse, asked: Query[CaseQuery]
) -> Page[CaseLine]:
    """The cases that the filters leave; those of one team, for a token of that team."""
    token = token_of(request, Scope.READ)
    customer = reach.customer(token, asked.customer).pk if asked.customer else None
    page = query.cases(
        asked=asked.filter(),
        team=token.team,
        customer=customer,
        now=cast("MomentRequest", request).now,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return linked(request, response, page)


@router.get(
    "/cases/{reference}",
    response={200: CaseOut, **READ_PROBLEMS},
    summary="One case, with its promises",
    operation_id="get_case",
)
def get_case(request: HttpRequest, reference: str) -> CaseOut:
    """The case, what is promised in it, and what is yet to be said to its customer."""
    token = token_of(request, Scope.READ)
    case = reach.case(token, reference)
    return query.by_id(case.pk, now=cast("MomentRequest", request).now)


@router.get(
    "/cases/{reference}/timeline",
    response={200: Page[EventOut], **READ_PROBLEMS},
    summary="What happened in a case",
    operation_id="get_timeline",
)
def get_timeline(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[EventOut]:
    """Entry by entry, the oldest first, each chained to the one before by its hash."""
    token = token_of(request, Scope.READ)
    case = reach.case(token, reference)
    return linked(request, response, events.of_case(case.pk, cursor=cursor, limit=limit))


@router.post(
    "/cases/{reference}/contacts",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Record a touch with the customer",
    operation_id="record_contact",
    openapi_extra=KEYED,
)
def record_contact(request: HttpRequest, reference: str, body: ContactIn) -> JsonResponse:
    """Minutes on hold and talking count to the customer's effort."""
    token = token_of(request, Scope.REPORT)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    touch = Touch(
        channel=body.channel,
        direction=body.direction,
        at=body.at or now,
        note=body.note,
        staff=token.person,
        hold_minutes=body.hold_minutes,
        talk_minutes=body.talk_minutes,
        other_minutes=body.other_minutes,
        told_again=body.told_again,
    )
    return _perform(
        request, token, body, case.pk, lambda: contacts.record_contact(case.pk, touch, now=now)
    )


@router.post(
    "/cases/{reference}/apologies",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Record that an apology was said",
    operation_id="apologise",
    openapi_extra=KEYED,
)
def apologise(request: HttpRequest, reference: str, body: ApologyIn) -> JsonResponse:
    """The words pass the gate: each date, amount and state in them rests on a live fact."""
    token = token_of(request, Scope.SAY)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    return _perform(
        request,
        token,
        body,
        case.pk,
        lambda: case_answers.apologise(
            case.pk,
            words=body.words,
            channel=body.channel,
            at=body.at or now,
            by=token.person,
            now=now,
        ),
    )


@router.post(
    "/cases/{reference}/handover",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Ask somebody to take a case over",
    operation_id="hand_over",
    openapi_extra=KEYED,
)
def hand_over(request: HttpRequest, reference: str, body: HandoverIn) -> JsonResponse:
    """The owner stays the owner until that person accepts at the desk."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    to = reach.person(body.to)
    return _perform(
        request,
        token,
        body,
        case.pk,
        lambda: cases.offer_handover(
            case_id=case.pk, to=to, why=body.why, by=token.person, now=now
        ),
    )


@router.post(
    "/handovers/{handover_id}/withdraw",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Take a hand-over back that nobody has answered",
    operation_id="withdraw_handover",
    openapi_extra=KEYED,
)
def withdraw_handover(request: HttpRequest, handover_id: Id) -> JsonResponse:
    """The owner has stayed the owner."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    offer = reach.handover(token, handover_id)
    return _perform(
        request,
        token,
        None,
        offer.case_id,
        lambda: cases.withdraw_handover(handover_id=offer.pk, by=token.person, now=now),
    )


@router.post(
    "/cases/{reference}/close",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Close a case, as its customer said that it is right",
    operation_id="close_case",
    openapi_extra=KEYED,
)
def close_case(request: HttpRequest, reference: str, body: AnswerIn) -> JsonResponse:
    """A case closes by its customer's answer, never by ours; an open promise keeps it open."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    touch = _answer(body, token, request)
    return _perform(
        request, token, body, case.pk, lambda: case_answers.is_right(case.pk, touch, now=now)
    )


@router.post(
    "/cases/{reference}/reopen",
    response={200: CaseOut, **WRITE_PROBLEMS},
    summary="Open a case again, as its customer said that it is not right",
    operation_id="reopen_case",
    openapi_extra=KEYED,
)
def reopen_case(request: HttpRequest, reference: str, body: AnswerIn) -> JsonResponse:
    """It keeps its owner, and the customer is promised at once when they will hear."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    touch = _answer(body, token, request)
    return _perform(
        request, token, body, case.pk, lambda: case_answers.is_not_right(case.pk, touch, now=now)
    )


def _answer(body: AnswerIn, token: LiveToken, request: HttpRequest) -> Touch:
    return Touch(
        channel=body.channel,
        direction=Direction.INBOUND,
        at=body.at or cast("MomentRequest", request).now,
        note=body.note,
        staff=token.person,
    )


def _perform(
    request: HttpRequest, token: LiveToken, body: Schema | None, case: int, act: Act
) -> JsonResponse:
    now = cast("MomentRequest", request).now

    def do() -> CaseOut:
        act()
        return query.by_id(case, now=now)

    return perform(request, token, body, do)
