"""`POST /api/v1/say`: text in, verdict out; and if it is said, its promises are on record."""

from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, JsonResponse
from ninja import Router

from makegood.actions import say as saying
from makegood.actions.api_calls import Answer
from makegood.actions.say import Asked, NoSuchCaseError, Weighed
from makegood.doors.api import reach, writing
from makegood.doors.api.callers import token_of
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.schemas import Problem, PromiseState, SayIn, SayOut
from makegood.doors.api.writing import KEY, LONGEST_KEY
from makegood.doors.moment import MomentRequest
from makegood.queries.tokens import LiveToken
from makegood.rules.gate.verdict import Answer as Verdict
from makegood.rules.scopes import Scope

router = Router(tags=["word"])


@router.post(
    "/say",
    response={
        200: SayOut,
        frozenset({400, 401, 403, 404, 409, 413, 422, 429}): Problem,
    },
    summary="May this be said to a customer?",
    operation_id="say",
    openapi_extra={
        "parameters": [
            {
                "name": KEY,
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": LONGEST_KEY},
                "description": "Needed when say is true: the same key is said only once.",
            }
        ]
    },
)
def say(request: HttpRequest, body: SayIn) -> JsonResponse:
    """Weigh a text against the live facts of a case: say it, say this instead, or do not.

    With `say: true` it is said now, if it may be: the words are on the case, and what they promise
    is on record and will be honoured. A promise that is new needs the scope `promise`.
    """
    moment = cast("MomentRequest", request)
    token = token_of(request, Scope.SAY)
    if "\0" in body.text + body.case + body.speaker:
        raise ProblemError(
            "unreadable", HTTPStatus.UNPROCESSABLE_ENTITY, "A text has no NUL characters."
        )
    asked = Asked(
        text=body.text,
        reference=body.case.strip(),
        token=token.id,
        speaker=body.speaker or token.name,
        channel=body.channel,
        may_promise=token.allows(Scope.PROMISE),
    )
    if body.case:
        _check_reach(token, body.case.strip())
    if body.say or request.headers.get(KEY):
        writing.key_of(request)
    if body.say:
        return _said(request, token, body, asked)
    return writing.answered(token, _weighed(asked, moment))


def _check_reach(token: LiveToken, reference: str) -> None:
    """Let a token of one team speak to the customers of that team's cases alone."""
    if token.team is not None:
        reach.case(token, reference)


def _weighed(asked: Asked, request: MomentRequest) -> Answer:
    try:
        weighed = saying.weigh(asked, now=request.now)
    except NoSuchCaseError as unknown:
        raise _no_case(unknown) from unknown
    return _answer(asked, weighed)


def _said(request: HttpRequest, token: LiveToken, body: SayIn, asked: Asked) -> JsonResponse:
    now = cast("MomentRequest", request).now
    writing.key_of(request)
    if not asked.reference:
        raise ProblemError(
            "no-case",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "To say it, name the case whose customer hears it.",
        )
    try:
        answer = writing.performed(
            request, token, body, lambda: _answer(asked, saying.say(asked, now=now))
        )
    except NoSuchCaseError as unknown:
        raise _no_case(unknown) from unknown
    return writing.answered(token, answer)


def _no_case(unknown: NoSuchCaseError) -> ProblemError:
    return ProblemError("no-such-case", HTTPStatus.NOT_FOUND, str(unknown))


def _answer(asked: Asked, weighed: Weighed) -> Answer:
    verdict = weighed.verdict
    text = {
        Verdict.SAY: asked.text,
        Verdict.SAY_INSTEAD: verdict.instead,
        Verdict.DO_NOT: None,
    }[verdict.answer]
    body = {
        "verdict": verdict.answer.value,
        "text": text,
        "said": weighed.said,
        "case": asked.reference.upper(),
        "objections": [*_objections(asked, weighed), *_findings(asked, weighed)],
        "promises": _promises(weighed),
        "rests_on": sorted({one.key for one in verdict.bound}),
        "notices": list(verdict.notices),
    }
    return Answer(status=HTTPStatus.OK, body=body)


def _objections(asked: Asked, weighed: Weighed) -> list[dict[str, Any]]:
    return [
        {
            "rule": one.rule.value,
            "stops": one.stops,
            "start": one.start,
            "end": one.end,
            "words": asked.text[one.start : one.end],
            "reason": one.reason,
            "instead": one.instead,
        }
        for one in weighed.verdict.objections
    ]


def _findings(asked: Asked, weighed: Weighed) -> list[dict[str, Any]]:
    return [
        {
            "rule": one.rule,
            "stops": one.level == "E",
            "start": one.start,
            "end": one.end,
            "words": asked.text[one.start : one.end],
            "reason": one.reason,
            "instead": one.better,
        }
        for one in weighed.verdict.findings
    ]


def _promises(weighed: Weighed) -> list[dict[str, Any]]:
    """The promises in the text: those that are made by it, and those that are no longer new."""
    made = list(weighed.promises)
    new = PromiseState.WOULD_BE_RECORDED if weighed.verdict.passes else PromiseState.NOT_PROMISED
    out = []
    for place, one in enumerate(weighed.verdict.new):
        record = made[place] if place < len(made) else None
        out.append(
            {
                "id": record.pk if record else None,
                "quote": one.quote,
                "kind": one.kind.value,
                "earliest": one.earliest.isoformat() if one.earliest else None,
                "due": one.due.isoformat() if one.due else None,
                "state": (PromiseState.RECORDED if record else new).value,
            }
        )
    on_record = [one.key for one in weighed.verdict.bound if one.key.startswith("promise:")]
    out += [
        {
            "id": int(key.partition(":")[2]),
            "quote": "",
            "kind": "",
            "earliest": None,
            "due": None,
            "state": PromiseState.ON_RECORD.value,
        }
        for key in dict.fromkeys(on_record)
    ]
    return out
