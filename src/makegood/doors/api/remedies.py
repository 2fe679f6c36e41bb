"""Making good by the API: within the token's amount and its person's authority, else asked."""

import hashlib
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from makegood.actions import approvals
from makegood.actions.remedies import Wish
from makegood.doors.api import reach, refused
from makegood.doors.api.callers import token_of
from makegood.doors.api.inputs import RemedyIn
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.types import Cursor, Id, Limit, Reference
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, key_of, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import remedies as query
from makegood.queries.api.pages import Page
from makegood.queries.api.remedies import ApprovalOut, GivenOut, RemedyOut
from makegood.queries.tokens import LiveToken
from makegood.records.models import Case
from makegood.rules import scopes
from makegood.rules.remedies import RemedyError, RemedyKind, Source, Terms
from makegood.rules.scopes import Scope

router = Router(tags=["remedies"])


@router.get(
    "/remedies",
    response={200: Page[RemedyOut], **READ_PROBLEMS},
    summary="What was given, the newest first",
    operation_id="list_remedies",
)
def list_remedies(
    request: HttpRequest,
    response: HttpResponse,
    case: Reference | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[RemedyOut]:
    """On one case, or on all; each is a promise until it has arrived."""
    token = token_of(request, Scope.READ)
    of = reach.case(token, case).pk if case else None
    page = query.remedies(team=token.team, case=of, cursor=cursor, limit=limit)
    return linked(request, response, page)


@router.get(
    "/approvals/{approval_id}",
    response={200: ApprovalOut, **READ_PROBLEMS},
    summary="A wish that needed somebody's yes",
    operation_id="get_approval",
)
def get_approval(request: HttpRequest, approval_id: Id) -> ApprovalOut:
    """Whether it waits, and for whom; or what was decided."""
    token = token_of(request, Scope.READ)
    return query.approval(reach.approval(token, approval_id))


@router.post(
    "/cases/{reference}/remedies",
    response={201: GivenOut, 202: GivenOut, **WRITE_PROBLEMS},
    summary="Give something out of goodwill, or ask who may",
    operation_id="grant",
    openapi_extra=KEYED,
)
def grant(request: HttpRequest, reference: str, body: RemedyIn) -> JsonResponse:
    """201: granted. 202 `approval_required`: more than the token or its person may give.

    Then a named person on the ladder was asked, with a clock; nothing was promised yet, and the
    customer is told nothing of it.
    """
    token = token_of(request, Scope.GRANT)
    case = reach.case(token, reference)
    wish = Wish(terms=_terms(body), key=_key(request, token))
    return perform(
        request,
        token,
        body,
        lambda: _give(case, wish, token, cast("MomentRequest", request)),
        status=lambda given: HTTPStatus.CREATED if given.remedy else HTTPStatus.ACCEPTED,
    )


def _give(case: Case, wish: Wish, token: LiveToken, request: MomentRequest) -> GivenOut:
    within = wish.terms.amount_minor == 0 or scopes.may_grant(
        token.scopes,
        limit_minor=token.limit_minor,
        limit_in=token.currency,
        minor=wish.terms.amount_minor,
        currency=wish.terms.currency,
    )
    give = approvals.give_or_ask if within else approvals.ask
    return query.given(give(case.pk, wish, by=token.person, now=request.now))


def _terms(body: RemedyIn) -> Terms:
    if body.kind is RemedyKind.WAIVER:
        why = "A waiver names the fee that it takes off: give it at the desk."
        raise ProblemError("unreadable", refused.UNPROCESSABLE, why, field="kind")
    try:
        return Terms(
            kind=body.kind,
            source=Source.GOODWILL,
            amount_minor=body.amount_minor,
            currency=body.currency,
            because=body.because,
            thing=body.thing,
        )
    except RemedyError as wrong:
        raise refused.problem(wrong) from wrong


def _key(request: HttpRequest, token: LiveToken) -> str:
    """The wish's own key: what a day later is sent again under the same key is granted once."""
    digest = hashlib.sha256(key_of(request).encode()).hexdigest()
    return f"api-{token.id}-{digest}"
