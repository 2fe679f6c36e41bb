"""Promises by the API: made, kept, moved, released and replaced, by the laws of the desk.

Nobody breaks a promise by hand: the clock does, as of the moment it fell due. What was done late
counts as broken, whoever records it.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema

from makegood.actions import promises, spoken
from makegood.actions.drafts import Word
from makegood.doors.api import reach
from makegood.doors.api.callers import token_of
from makegood.doors.api.inputs import DeedIn, PromiseIn, ReplaceIn, ReviseIn, ToldIn
from makegood.doors.api.reading import ROWS, linked
from makegood.doors.api.types import Cursor, Id, Limit, Moment
from makegood.doors.api.writing import KEYED, READ_PROBLEMS, WRITE_PROBLEMS, perform
from makegood.doors.moment import MomentRequest
from makegood.queries.api import promises as query
from makegood.queries.api.pages import Page
from makegood.queries.api.promises import PromiseOut
from makegood.queries.tokens import LiveToken
from makegood.records.models import Staff
from makegood.rules.promises import Speaker
from makegood.rules.scopes import Scope

router = Router(tags=["promises"])


class Ended(StrEnum):
    """How promises are picked: those that are open, or by how they ended."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    REPLACED = "replaced"


@router.get(
    "/promises",
    response={200: Page[PromiseOut], **READ_PROBLEMS},
    summary="Promises, the newest first",
    operation_id="list_promises",
)
def list_promises(
    request: HttpRequest,
    response: HttpResponse,
    outcome: Ended | None = None,
    due_before: Moment | None = None,
    cursor: Cursor = "",
    limit: Limit = ROWS,
) -> Page[PromiseOut]:
    """Open ones or those that ended in one way; those due before a moment."""
    token = token_of(request, Scope.READ)
    page = query.promises(
        team=token.team,
        now=cast("MomentRequest", request).now,
        outcome=outcome.value if outcome else "",
        due_before=due_before,
        cursor=cursor,
        limit=limit,
    )
    return linked(request, response, page)


@router.get(
    "/promises/{promise_id}",
    response={200: PromiseOut, **READ_PROBLEMS},
    summary="One promise",
    operation_id="get_promise",
)
def get_promise(request: HttpRequest, promise_id: Id) -> PromiseOut:
    """How it stands now, with the new dates that were decided."""
    token = token_of(request, Scope.READ)
    found = reach.promise(token, promise_id)
    return query.promise(found.pk, now=cast("MomentRequest", request).now)


@router.post(
    "/cases/{reference}/promises",
    response={201: PromiseOut, **WRITE_PROBLEMS},
    summary="Give the customer of a case the company's word",
    operation_id="make_promise",
    openapi_extra=KEYED,
)
def make_promise(request: HttpRequest, reference: str, body: PromiseIn) -> JsonResponse:
    """Its words pass the gate; from then on the clock watches it like any other promise."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    case = reach.case(token, reference)
    word = _word(body, token, request)
    return _perform(
        request,
        token,
        body,
        lambda: spoken.promise_by_machine(case.pk, word, token=token.id, now=now).pk,
        status=201,
    )


@router.post(
    "/promises/{promise_id}/keep",
    response={200: PromiseOut, **WRITE_PROBLEMS},
    summary="Record that what was promised was done",
    operation_id="keep_promise",
    openapi_extra=KEYED,
)
def keep_promise(request: HttpRequest, promise_id: Id, body: DeedIn) -> JsonResponse:
    """Done after its time it is broken, as of its due time; evidence is needed either way."""
    return _on_promise(
        request,
        promise_id,
        body,
        lambda promise, by, now: promises.keep_promise(
            promise_id=promise, at=body.at or now, evidence=body.evidence, by=by, now=now
        ),
    )


@router.post(
    "/promises/{promise_id}/revise",
    response={200: PromiseOut, **WRITE_PROBLEMS},
    summary="Decide on a new date",
    operation_id="revise_promise",
    openapi_extra=KEYED,
)
def revise_promise(request: HttpRequest, promise_id: Id, body: ReviseIn) -> JsonResponse:
    """It counts once the customer was told, before the old date passes; until then that stands."""
    return _on_promise(
        request,
        promise_id,
        body,
        lambda promise, by, now: promises.decide_revision(
            promise_id=promise,
            due_at=body.due_at,
            earliest_at=body.earliest_at,
            cause=body.cause,
            by=by,
            now=now,
        ),
    )


@router.post(
    "/revisions/{revision_id}/told",
    response={200: PromiseOut, **WRITE_PROBLEMS},
    summary="Record that the customer was told of a new date",
    operation_id="told_of_revision",
    openapi_extra=KEYED,
)
def told_of_revision(request: HttpRequest, revision_id: Id, body: ToldIn) -> JsonResponse:
    """With this the date moves."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    found = reach.revision(token, revision_id)
    return _perform(
        request,
        token,
        body,
        lambda: (
            promises.record_told(
                revision_id=found.pk,
                at=body.at or now,
                channel=body.channel,
                evidence=body.evidence,
                now=now,
            ).pk
        ),
    )


@router.post(
    "/promises/{promise_id}/release",
    response={200: PromiseOut, **WRITE_PROBLEMS},
    summary="Record that the customer no longer wants it",
    operation_id="release_promise",
    openapi_extra=KEYED,
)
def release_promise(request: HttpRequest, promise_id: Id, body: DeedIn) -> JsonResponse:
    """Only before its time has passed: after that it was broken."""
    return _on_promise(
        request,
        promise_id,
        body,
        lambda promise, by, now: promises.release_promise(
            promise_id=promise, at=body.at or now, evidence=body.evidence, by=by, now=now
        ),
    )


@router.post(
    "/promises/{promise_id}/replace",
    response={201: PromiseOut, **WRITE_PROBLEMS},
    summary="Put another promise in its place, as the customer agreed",
    operation_id="replace_promise",
    openapi_extra=KEYED,
)
def replace_promise(request: HttpRequest, promise_id: Id, body: ReplaceIn) -> JsonResponse:
    """Both stay visible; answers the new one."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    found = reach.promise(token, promise_id)
    word = _word(body, token, request)
    return _perform(
        request,
        token,
        body,
        lambda: (
            spoken.replace_by_machine(
                found, word, evidence=body.evidence, by=token.person, token=token.id, now=now
            ).pk
        ),
        status=201,
    )


def _word(body: PromiseIn, token: LiveToken, request: HttpRequest) -> Word:
    return Word(
        kind=body.kind,
        words=body.words,
        speaker=Speaker.BOT,
        speaker_name=body.speaker.strip() or token.name,
        said_by=token.person.pk,
        channel=body.channel,
        said_at=body.said_at or cast("MomentRequest", request).now,
        due_at=body.due_at,
        earliest_at=body.earliest_at,
        precision=body.precision,
    )


def _on_promise(
    request: HttpRequest,
    promise_id: int,
    body: Schema,
    act: Callable[[int, Staff, datetime], object],
) -> JsonResponse:
    """Do something to a promise within reach, for whom the token acts, and show it anew."""
    token = token_of(request, Scope.PROMISE)
    now = cast("MomentRequest", request).now
    found = reach.promise(token, promise_id)

    def do() -> int:
        act(found.pk, token.person, now)
        return found.pk

    return _perform(request, token, body, do)


def _perform(
    request: HttpRequest,
    token: LiveToken,
    body: Schema,
    act: Callable[[], int],
    *,
    status: int = 200,
) -> JsonResponse:
    now = cast("MomentRequest", request).now
    return perform(request, token, body, lambda: query.promise(act(), now=now), status=status)
