"""`POST /api/v1/signals`: signals of devices, as CloudEvents or in a platform's own JSON."""

import json
from http import HTTPStatus
from typing import Annotated, Any, Final, NoReturn, cast

from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.formats.json import JSONFormat
from django.http import HttpRequest, JsonResponse
from ninja import Router
from pydantic import Field

from makegood.actions import signals as actions
from makegood.actions.api_calls import Answer
from makegood.actions.signals import Given, Taken
from makegood.doors.api import reach
from makegood.doors.api.callers import token_of
from makegood.doors.api.problems import ProblemError
from makegood.doors.api.writing import WRITE_PROBLEMS, answered, plain
from makegood.doors.moment import MomentRequest
from makegood.queries.api import signals as query
from makegood.queries.api.signals import SignalOut
from makegood.queries.tokens import LiveToken
from makegood.records.models import SignalEnd
from makegood.rules import signals
from makegood.rules.scopes import Scope

router = Router(tags=["signals"])

STRUCTURED: Final = "application/cloudevents+json"
LONGEST_ID: Final = 400
_BAD_EVENT: Final = (
    BaseCloudEventException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
)
Slug = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$")]
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "object"}} for kind in ("application/json", STRUCTURED)
        },
    }
}


@router.post(
    "/signals",
    response={200: SignalOut, 202: SignalOut, **WRITE_PROBLEMS},
    summary="Take in a signal of a device",
    operation_id="take_signal",
    openapi_extra=_BODY,
)
def take_signal(request: HttpRequest, source: Slug) -> JsonResponse:
    """A failure opens the case of its asset, or joins it; what is over is recorded.

    A CloudEvent (1.0, structured or binary) counts once by its source and id, other JSON by the
    id that the mapping of the signal source finds. 202: it could not be placed, and was set aside
    for a person.
    """
    token = token_of(request, Scope.REPORT)
    given = _given(request, reach.signal_source(source).pk, token)
    taken = actions.receive(given, now=cast("MomentRequest", request).now)
    is_aside = taken.signal.end == SignalEnd.ASIDE
    status = HTTPStatus.ACCEPTED if is_aside else HTTPStatus.OK
    return answered(token, Answer(status=status, body=plain(_shown(taken))))


def _shown(taken: Taken) -> SignalOut:
    return query.shown(taken.signal, seen_before=taken.seen_before)


def _given(request: HttpRequest, source: int, token: LiveToken) -> Given:
    document, envelope = _read(request)
    return Given(
        source=source,
        document=signals.cleaned(document),
        envelope=envelope,
        token=token.id,
        team=token.team,
        is_sandbox=token.is_sandbox,
    )


def _read(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """The JSON of a signal and, of a CloudEvent, its source and id."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == STRUCTURED or "ce-specversion" in request.headers:
        return _event(request)
    return _object(request.body), ""


def _event(request: HttpRequest) -> tuple[dict[str, Any], str]:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        event = from_http(HTTPMessage(headers=headers, body=request.body), JSONFormat())
    except _BAD_EVENT as wrong:
        _refuse("This is no CloudEvent: it has specversion, id, source and type.", wrong)
    # Through text once more: moments become what JSON has, and NaN is refused.
    whole = _object(json.dumps(event.get_attributes(), default=_as_text).encode())
    data = event.get_data()
    if isinstance(data, bytes | bytearray):
        data = data.decode("utf-8", "replace")
    whole["data"] = _plain(data)
    envelope = signals.cleaned(f"{whole['source']} {whole['id']}")
    if len(envelope) > LONGEST_ID:
        _refuse(f"Source and id of a CloudEvent have at most {LONGEST_ID} characters.")
    return whole, envelope


def _as_text(value: Any) -> str:  # noqa: ANN401 - a moment, or what an attribute may be
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _plain(data: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(json.dumps(data, allow_nan=False))
    except (ValueError, TypeError, RecursionError) as wrong:
        _refuse("The data of a signal is JSON.", wrong)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body, parse_constant=_not_json)
    except (ValueError, RecursionError) as wrong:
        _refuse("A signal is a JSON object.", wrong)
    if not isinstance(found, dict):
        _refuse("A signal is a JSON object.")
    return found


def _not_json(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse(why: str, cause: Exception | None = None) -> NoReturn:
    raise ProblemError("unreadable", HTTPStatus.UNPROCESSABLE_ENTITY, why) from cause
