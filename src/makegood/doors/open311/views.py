"""Open311 GeoReport v2: services, reports of failures, and how each stands, by its promise.

Reading is for anybody and shows nothing of anybody; to report one needs a token as `api_key`.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from makegood.actions import acting
from makegood.actions import open311 as actions
from makegood.actions import tokens as token_actions
from makegood.actions.intake import NoOwnerError
from makegood.doors.access import DOOR
from makegood.doors.api.callers import calls, check_size
from makegood.doors.api.pace import Pace
from makegood.doors.api.problems import ProblemError
from makegood.doors.moment import MomentRequest
from makegood.doors.open311 import asking
from makegood.doors.open311.answers import Open311Error, answer, moment, refusal
from makegood.queries import open311 as query
from makegood.queries import tokens
from makegood.queries.open311 import RequestOut
from makegood.queries.public_form import Offered
from makegood.queries.tokens import LiveToken
from makegood.rules.scopes import Scope

CHANGESET = "2026-06-01T00:00:00Z"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
READS_PER_MINUTE = 240
readers = Pace(per_minute=READS_PER_MINUTE)
View = Callable[..., HttpResponse]


def _open311(*methods: str) -> Callable[[View], View]:
    """A view of Open311: of these methods, not too fast, its errors as the standard has them."""

    def door(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, form: str, **parts: Any) -> HttpResponse:  # noqa: ANN401 - as the address gives
            shown = form if form in {"json", "xml"} else "json"
            try:
                _check(request, form, methods)
                return view(cast("MomentRequest", request), form=shown, **parts)
            except Open311Error as error:
                return refusal(error, form=shown)
            except ProblemError as wrong:
                return refusal(Open311Error(wrong.status, str(wrong)), form=shown)

        setattr(guarded, DOOR, "public")
        return guarded

    return door


def _check(request: HttpRequest, form: str, methods: tuple[str, ...]) -> None:
    who = request.META.get("REMOTE_ADDR", "")
    if readers.is_too_fast(who, now=cast("MomentRequest", request).now):
        raise Open311Error(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls; wait a minute.")
    if form not in {"json", "xml"}:
        raise Open311Error(HTTPStatus.NOT_FOUND, "The formats are json and xml.")
    if request.method not in methods:
        allowed = " and ".join(each for each in methods if each != "HEAD")
        raise Open311Error(HTTPStatus.METHOD_NOT_ALLOWED, f"This address takes {allowed}.")
    check_size(request)


@_open311("GET", "HEAD")
def discovery(request: MomentRequest, *, form: str) -> HttpResponse:  # noqa: ARG001 - as every view
    """Where this is, and what it speaks."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.BASE_URL}/open311/v2",
        "changeset": CHANGESET,
        "type": "production",
        "formats": ["application/json", "text/xml"],
    }
    content = {
        "changeset": CHANGESET,
        "contact": "A token to report with is made under Settings, Tokens.",
        "key_service": f"{settings.BASE_URL}/settings/tokens",
        "endpoints": [endpoint],
    }
    return answer(content, name="discovery", form=form)


@_open311("GET", "HEAD")
def services(request: MomentRequest, *, form: str) -> HttpResponse:  # noqa: ARG001 - as every view
    """What can be reported."""
    found = [asking.described(one) for one in query.services()]
    return answer(found, name="services", form=form)


@_open311("GET", "HEAD")
def service(request: MomentRequest, *, form: str, code: str) -> HttpResponse:  # noqa: ARG001 - as every view
    """What may be said of one service besides."""
    content = asking.definition(_service(code))
    return answer(content, name="service_definition", form=form)


@_open311("GET", "HEAD", "POST")
def requests(request: MomentRequest, *, form: str) -> HttpResponse:
    """The requests that are asked for; by POST, a report."""
    if request.method == "POST":
        return _report(request, form=form)
    found = [_shown(one) for one in query.requests(asking.filters(request.GET), now=request.now)]
    return answer(found, name="service_requests", form=form)


@_open311("GET", "HEAD")
def one_request(request: MomentRequest, *, form: str, reference: str) -> HttpResponse:
    """How one request stands."""
    return answer([_shown(_found(request, reference))], name="service_requests", form=form)


@_open311("GET", "HEAD")
def token(request: MomentRequest, *, form: str, reference: str) -> HttpResponse:
    """The number of a request by its token; here each has its number at once."""
    found = _found(request, reference)
    content = [{"service_request_id": found.id, "token": found.id}]
    return answer(content, name="service_requests", form=form)


def _report(request: MomentRequest, *, form: str) -> HttpResponse:
    caller = _caller(request)
    code = request.POST.get("service_code", "")
    if not code:
        raise Open311Error(HTTPStatus.BAD_REQUEST, "service_code was not given.")
    claim = asking.claim(request, _service(code), token=caller)
    try:
        with acting.by_token(caller.id):
            reference = actions.receive(claim, is_sandbox=caller.is_sandbox, now=request.now)
    except NoOwnerError as nobody:
        raise Open311Error(HTTPStatus.SERVICE_UNAVAILABLE, str(nobody)) from nobody
    made = {
        "service_request_id": reference,
        "service_notice": "A person owns it, and says by when the next news comes.",
        "account_id": None,
    }
    return answer([made], name="service_requests", form=form, status=HTTPStatus.CREATED)


def _caller(request: MomentRequest) -> LiveToken:
    """Whose `api_key` this is.

    :raises Open311Error: if there is none that may report, or it calls too fast.
    """
    given = request.POST.get("api_key", "") or request.GET.get("api_key", "")
    scheme, _space, bearer = request.headers.get("Authorization", "").partition(" ")
    words = (bearer if scheme.lower() == "bearer" else given).strip()[:200]
    found = tokens.find_live(words, now=request.now) if words and words.isprintable() else None
    if found is None:
        raise Open311Error(HTTPStatus.FORBIDDEN, "Missing or invalid api_key.")
    token_actions.note_use(found.id, last_used_at=found.last_used_at, now=request.now)
    if not found.allows(Scope.REPORT):
        raise Open311Error(HTTPStatus.FORBIDDEN, "This api_key needs the scope report.")
    if calls.count(str(found.id), now=request.now, limit=found.calls_per_minute).is_too_fast:
        raise Open311Error(HTTPStatus.TOO_MANY_REQUESTS, "Too many calls; wait a minute.")
    return found


def _service(code: str) -> Offered:
    found = query.service(code)
    if found is None:
        raise Open311Error(HTTPStatus.NOT_FOUND, "service_code was not found.")
    return found


def _found(request: MomentRequest, reference: str) -> RequestOut:
    found = query.request(reference.upper(), now=request.now)
    if found is None:
        raise Open311Error(HTTPStatus.NOT_FOUND, "service_request_id was not found.")
    return found


def _shown(one: RequestOut) -> dict[str, object]:
    """As the standard has it. What people wrote, who they are and where they live stays here."""
    return {
        "service_request_id": one.id,
        "status": "open" if one.is_open else "closed",
        "status_notes": one.notes,
        "service_name": one.service_name,
        "service_code": one.service_code,
        "description": None,
        "agency_responsible": one.agency,
        "service_notice": None,
        "requested_datetime": moment(one.requested_at),
        "updated_datetime": moment(one.updated_at),
        "expected_datetime": moment(one.expected_at),
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
