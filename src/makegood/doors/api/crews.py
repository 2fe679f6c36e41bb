"""What crews, suppliers and phone systems report: rounds, absences, wrong parts, voicemails."""

from datetime import timedelta
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from makegood.actions import crews, parts, rounds, visit_day, voicemails
from makegood.actions.rounds import CrewReport
from makegood.actions.visit_day import Fault
from makegood.actions.voicemails import Voicemail
from makegood.doors.api import reach
from makegood.doors.api.callers import check_company, token_of
from makegood.doors.api.inputs import AbsenceIn, EtaIn, FailIn, RunIn, VoicemailIn
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.schemas import VoicemailOut
from makegood.doors.api.types import Cursor, Id, Limit
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import crews as crew_query
from makegood.queries.api import runs as query
from makegood.queries.api import visits
from makegood.queries.api.crews import AbsenceOut, AwayOut, CrewOut
from makegood.queries.api.pages import Page
from makegood.queries.api.runs import RunOut
from makegood.queries.api.visits import OrderOut, VisitOut
from makegood.records.models import EtaSource
from makegood.rules.scopes import Scope

router = Router(tags=["visits"])


@router.get(
    "/runs",
    response={200: Page[RunOut], **READ_PROBLEMS},
    summary="The days of rounds, the newest first",
    operation_id="list_runs",
)
def list_runs(
    request: HttpRequest,
    response: HttpResponse,
    *,
    is_open: bool | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[RunOut]:
    """Those that are still to be reported, or those that were."""
    token = token_of(request, Scope.READ)
    page = query.runs(team=token.team, is_open=is_open, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.post(
    "/runs/{run_id}/report",
    response={200: RunOut, **WRITE_PROBLEMS},
    summary="What a crew says of one day of its round",
    operation_id="report_run",
    openapi_extra=KEYED,
)
def report_run(request: HttpRequest, run_id: Id, body: RunIn) -> JsonResponse:
    """Done, in part or missed; everybody whom it did not reach has a case at once."""
    token = token_of(request, Scope.REPORT)
    now = cast("MomentRequest", request).now
    run = reach.run(token, run_id)
    stops, unknown = query.stops_of(run, body.stops)
    if unknown:
        detail = f"This round does not stop at {', '.join(unknown[:10])}."
        raise ProblemError("no-such-stop", HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    said = CrewReport(came=body.came, areas=body.areas, stops=tuple(stops.values()), note=body.note)

    def do() -> RunOut:
        return query.by_id(rounds.report(run.pk, said, by=token.person, now=now).pk)

    return perform(request, token, body, do)


@router.get(
    "/crews",
    response={200: Page[CrewOut], **READ_PROBLEMS},
    summary="The crews, and when they cannot come",
    operation_id="list_crews",
)
def list_crews(
    request: HttpRequest, response: HttpResponse, *, cursor: Cursor = "", limit: Limit = ROWS
) -> Page[CrewOut]:
    """Those that go out, the last added first."""
    token = token_of(request, Scope.READ)
    now = cast("MomentRequest", request).now
    page = crew_query.crews(team=token.team, now=now, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.post(
    "/crews/{crew_id}/absences",
    response={201: AwayOut, **WRITE_PROBLEMS},
    summary="A crew cannot come",
    operation_id="record_absence",
    openapi_extra=KEYED,
)
def record_absence(request: HttpRequest, crew_id: Id, body: AbsenceIn) -> JsonResponse:
    """The clock moves its visits of that time at once, each by itself, and customers are told."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    crew = reach.crew(token, crew_id)

    def do() -> AwayOut:
        absence = crews.record_absence(
            crew.pk,
            starts_at=max(body.starts_at, now),
            ends_at=body.ends_at,
            by=token.person,
            now=now,
            first_turn=timedelta(0),
        )
        return crew_query.away(absence, now=now)

    return perform(request, token, body, do, status=HTTPStatus.CREATED)


@router.post(
    "/absences/{absence_id}/withdraw",
    response={200: AbsenceOut, **WRITE_PROBLEMS},
    summary="A crew can come after all",
    operation_id="withdraw_absence",
    openapi_extra=KEYED,
)
def withdraw_absence(request: HttpRequest, absence_id: Id) -> JsonResponse:
    """What has moved stays where it is: the customers were told."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    absence = reach.absence(token, absence_id)

    def do() -> AbsenceOut:
        return crew_query.shown(crews.withdraw_absence(absence.pk, by=token.person, now=now))

    return perform(request, token, None, do)


@router.post(
    "/visits/{visit_id}/fail",
    response={200: VisitOut, **WRITE_PROBLEMS},
    summary="The crew cannot do what it came for",
    operation_id="fail_visit",
    openapi_extra=KEYED,
)
def fail_visit(request: HttpRequest, visit_id: UUID, body: FailIn) -> JsonResponse:
    """The fault is acknowledged and the right part ordered; the answer is the next visit, held."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    visit = reach.visit(token, visit_id)
    part = reach.part(body.part).pk if body.part else None
    fault = Fault(
        failing=body.failing,
        minutes=body.minutes,
        words=body.words,
        part=part,
        chosen=body.opens_at,
        note=body.note,
    )

    def do() -> VisitOut:
        return visits.by_id(visit_day.fail(visit.pk, fault, by=token.person, now=now).pk)

    return perform(request, token, body, do)


@router.post(
    "/orders/by-number/{path:order_number}/eta",
    response={200: OrderOut, **WRITE_PROBLEMS},
    summary="When an order is expected, by the supplier's own number",
    operation_id="supplier_expects",
    openapi_extra=KEYED,
)
def supplier_expects(request: HttpRequest, order_number: str, body: EtaIn) -> JsonResponse:
    """For suppliers, whose token can do nothing else; visits that wait for it move at once."""
    token = token_of(request, Scope.SUPPLY)
    now = cast("MomentRequest", request).now
    order = reach.order_by_number(token, order_number)

    def do() -> OrderOut:
        parts.record_eta(order.pk, body.eta_at, source=EtaSource.API, by=token.person, now=now)
        return visits.shown_order(reach.order(token, order.pk))

    return perform(request, token, body, do)


@router.post(
    "/voicemails",
    response={200: VoicemailOut, **WRITE_PROBLEMS},
    summary="Somebody left a voicemail",
    operation_id="leave_voicemail",
    openapi_extra=KEYED,
)
def leave_voicemail(request: HttpRequest, body: VoicemailIn) -> JsonResponse:
    """It has an owner at once, and a call back is promised within an hour of the office's."""
    token = token_of(request, Scope.REPORT)
    check_company(token)
    now = cast("MomentRequest", request).now
    left = Voicemail(
        phone=body.phone, at=body.at or now, words=body.words, external_id=f"{token.id}:{body.id}"
    )

    def do() -> VoicemailOut:
        heard = voicemails.take(left, now=now)
        return VoicemailOut(
            case=heard.case.reference,
            promise=heard.promise.pk if heard.promise else None,
            due_at=heard.promise.due_at if heard.promise else None,
        )

    return perform(request, token, body, do)
