"""Writing by the API: each act once by its key, by its token, and in a sandbox not for good."""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

from django.http import HttpRequest, JsonResponse
from ninja import Schema
from pydantic import TypeAdapter

from makegood.actions import api_calls
from makegood.actions.api_calls import Answer, Call, KeyUsedError
from makegood.actions.changes import FieldError
from makegood.doors.api import refused
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.schemas import Problem
from makegood.doors.moment import MomentRequest
from makegood.queries.tokens import LiveToken
from makegood.records import personal

KEY: Final = "Idempotency-Key"
LONGEST_KEY: Final = 200
SANDBOX: Final = "Makegood-Sandbox"

KEYED: Final = {
    "parameters": [
        {
            "name": KEY,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "New for each thing that is asked: the same key does it once.",
        }
    ]
}
"""What OpenAPI says of every operation that writes."""

READ_PROBLEMS: Final = {frozenset({401, 403, 404, 413, 422, 429}): Problem}
WRITE_PROBLEMS: Final = {frozenset({400, 401, 403, 404, 409, 413, 422, 429}): Problem}


def perform(
    request: HttpRequest,
    token: LiveToken,
    body: Schema | None,
    do: Callable[[], Any],
    *,
    status: int | Callable[[Any], int] = HTTPStatus.OK,
) -> JsonResponse:
    """Do what is asked once, by this token; the same key again is answered the same.

    :raises ProblemError: if there is no key, it was used for something else, or it is refused.
    """

    def act() -> Answer:
        done = do()
        code = status(done) if callable(status) else status
        return Answer(status=int(code), body=plain(done))

    return answered(token, performed(request, token, body, act))


def performed(
    request: HttpRequest, token: LiveToken, body: Schema | None, act: Callable[[], Answer]
) -> Answer:
    """As `perform`, for an act that makes its own answer."""
    if body is None:
        _expect_nothing(request)
    moment = cast("MomentRequest", request)
    call = Call(token=token.id, key=key_of(request), digest=_digest(request, body))
    try:
        return api_calls.once(call, act, now=moment.now, is_sandbox=token.is_sandbox)
    except KeyUsedError as used:
        raise ProblemError("key-used", HTTPStatus.UNPROCESSABLE_ENTITY, str(used)) from used
    except FieldError as wrong:
        raise refused.of_field(wrong) from wrong
    except refused.TYPES as refusal:
        raise refused.problem(refusal) from refusal


def _expect_nothing(request: HttpRequest) -> None:
    """Refuse what an act that takes no fields would not read: nobody's words are dropped unseen.

    :raises ProblemError: if the body is more than empty.
    """
    if b"".join(request.body.split()) not in (b"", b"{}", b"null"):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise ProblemError("unreadable", status, "This takes no fields; leave the body out.")


def answered(token: LiveToken, answer: Answer) -> JsonResponse:
    """An answer as a response; that of a sandbox says so, for nothing of it stays."""
    body = {**answer.body, "sandbox": True} if token.is_sandbox else answer.body
    response = JsonResponse(body, status=answer.status, json_dumps_params={"sort_keys": True})
    if token.is_sandbox:
        response.headers[SANDBOX] = "true"
    return response


def key_of(request: HttpRequest) -> str:
    """The key of a request.

    :raises ProblemError: if it has none that can be kept.
    """
    key = request.headers.get(KEY, "").strip()
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise ProblemError(
            "no-key",
            HTTPStatus.BAD_REQUEST,
            f"Send a header {KEY} of at most {LONGEST_KEY} characters, new for each act.",
        )
    return key


def plain(done: Any) -> dict[str, Any]:  # noqa: ANN401 - a page object of any query
    """A page object as plain JSON."""
    value: dict[str, Any] = personal.told(TypeAdapter(type(done)).dump_python(done, mode="json"))
    return value


def _digest(request: HttpRequest, body: Schema | None) -> bytes:
    given = body.model_dump(mode="json") if body is not None else None
    wanted = json.dumps([request.method, request.path, given], sort_keys=True)
    return hashlib.sha256(wanted.encode()).digest()
