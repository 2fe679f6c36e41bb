"""Who calls the API: another system by its token, within its scopes, its size and its pace."""

from http import HTTPStatus
from typing import NoReturn, cast

from django.http import HttpRequest

from makegood.doors.api.pace import Pace
from makegood.doors.api.problems import ProblemError
from makegood.doors.moment import MomentRequest
from makegood.doors.numbers import body_length
from makegood.doors.tokens import token_for
from makegood.queries.tokens import LiveToken
from makegood.rules.scopes import Scope

LONGEST_BODY = 128 * 1024
STRANGERS_PER_MINUTE = 120
CALLS_PER_MINUTE = 30_000
"""For one token and one process: more than a busy company says, less than a loop run wild asks."""

COUNTED = "counted"
"""Where a request keeps how its caller stands, for the headers of the answer."""

calls = Pace(per_minute=CALLS_PER_MINUTE)
strangers = Pace(per_minute=STRANGERS_PER_MINUTE)


def caller(request: HttpRequest) -> LiveToken:
    """The system that calls; its body is not read before it is known.

    :raises ProblemError: if it has no good token, sends too much, or calls too fast.
    """
    moment = cast("MomentRequest", request)
    token = token_for(moment)
    if token is None:
        _refuse_stranger(moment)
    counted = calls.count(str(token.id), now=moment.now, limit=token.calls_per_minute)
    setattr(request, COUNTED, counted)
    if counted.is_too_fast:
        raise ProblemError(
            "too-fast",
            HTTPStatus.TOO_MANY_REQUESTS,
            f"At most {counted.limit} calls a minute; wait, and ask again.",
            retry_after=max(1, counted.seconds),
        )
    check_size(request)
    return token


def check_scope(token: LiveToken, wanted: Scope) -> None:
    """Refuse what a token may not do.

    :raises ProblemError: if it may not.
    """
    if not token.allows(wanted):
        raise ProblemError(
            "missing-scope",
            HTTPStatus.FORBIDDEN,
            f"This needs a token with the scope {wanted.value}.",
            scope=wanted.value,
        )


def check_size(request: HttpRequest) -> None:
    """Refuse a body that is longer than any message.

    :raises ProblemError: if it is.
    """
    if body_length(request) > LONGEST_BODY:
        raise ProblemError(
            "too-large",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"A request has at most {LONGEST_BODY} bytes.",
        )


def _refuse_stranger(request: MomentRequest) -> NoReturn:
    if strangers.is_too_fast(request.META.get("REMOTE_ADDR", ""), now=request.now):
        raise ProblemError(
            "too-fast",
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many calls without a good token; wait, and ask again.",
            retry_after=60,
        )
    raise ProblemError(
        "no-token",
        HTTPStatus.UNAUTHORIZED,
        "Send a token that is good now: Authorization: Bearer mg_...",
    )


def token_of(request: HttpRequest, wanted: Scope) -> LiveToken:
    """The token of a request that was let in, if it may do this.

    :raises ProblemError: if it may not.
    """
    token = cast("LiveToken", getattr(request, "auth", None))
    check_scope(token, wanted)
    return token


def check_company(token: LiveToken) -> None:
    """Refuse what is not of one team to a token that reaches one team alone.

    :raises ProblemError: if it does.
    """
    if token.team is not None:
        raise ProblemError(
            "of-one-team",
            HTTPStatus.FORBIDDEN,
            "This token reaches the cases of one team; this needs one that reaches all.",
        )
