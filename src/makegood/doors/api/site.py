"""The API as one site: its operations, its errors, and its description at openapi.json."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from makegood.doors.access import DOOR, View, public
from makegood.doors.api import (
    cases,
    company,
    crews,
    customers,
    problems,
    promises,
    remedies,
    say,
    signals,
    visits,
)
from makegood.doors.api.callers import COUNTED, caller
from makegood.doors.api.pace import Counted
from makegood.doors.api.problems import ProblemError
from makegood.queries.api.pages import CursorError
from makegood.queries.tokens import LiveToken
from makegood.records import personal

PUBLIC = {"openapi-json"}


class Bearer(HttpBearer):
    """Tokens of other systems, as OpenAPI describes them."""

    def __call__(self, request: HttpRequest) -> LiveToken:
        """Who calls."""
        return caller(request)

    def authenticate(self, request: HttpRequest, token: str) -> LiveToken:  # noqa: ARG002 - it is read with its limits
        """Who calls."""
        return caller(request)


class Told(JSONRenderer):
    """Answers in which one word stands for whatever was erased."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:  # noqa: ANN401 - as Ninja has it
        """An answer as JSON."""
        return super().render(request, personal.told(data), response_status=response_status)


class Described(NinjaAPI):
    """The API, whose description names the media type of its problems as well (RFC 9457, 3)."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:  # noqa: ANN401 - passed through
        """The description, by OpenAPI 3.1."""
        schema = super().get_openapi_schema(**given)
        for path in schema["paths"].values():
            for operation in path.values():
                _name_problems(operation["responses"])
        return schema


def _name_problems(responses: dict[int, dict[str, Any]]) -> None:
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST and "application/json" in response["content"]:
            response["content"] = {problems.CONTENT_TYPE: response["content"]["application/json"]}


api = Described(
    title="Makegood",
    version="1",
    description="Everything the desk can do, for other systems: see docs/api.md.",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    auth=[Bearer()],
    renderer=Told(),
)
for part in (say, cases, promises, customers, remedies, visits, crews, signals, company):
    api.add_router("", part.router)


@api.exception_handler(ProblemError)
def _problem(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    return problems.answer(request, problem)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return problems.answer(request, problems.unreadable(wrong.errors))


@api.exception_handler(HttpError)
def _bad_body(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    status = HTTPStatus(wrong.status_code)
    return problems.answer(
        request, ProblemError("unreadable", status, "The body is a JSON object.")
    )


@api.exception_handler(Http404)
def _not_here(request: HttpRequest, _wrong: Http404) -> HttpResponse:
    detail = "There is nothing at this address; see /api/v1/openapi.json."
    return problems.answer(request, ProblemError("not-found", HTTPStatus.NOT_FOUND, detail))


@api.exception_handler(CursorError)
def _lost(request: HttpRequest, wrong: CursorError) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problems.answer(request, ProblemError("bad-cursor", status, str(wrong)))


def _finished(view: View) -> View:
    """Say with every answer how often one may still ask, and what a wrong method is."""

    @wraps(view)
    def finished(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - as the address gives
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = _wrong_method(request, response)
        counted: Counted | None = getattr(request, COUNTED, None)
        for name, value in counted.headers().items() if counted else ():
            response.headers[name] = value
        response.headers["Cache-Control"] = "no-store"
        return response

    return finished


def _wrong_method(request: HttpRequest, refused: HttpResponseBase) -> HttpResponse:
    allowed = refused.headers["Allow"]
    status = HTTPStatus.METHOD_NOT_ALLOWED
    problem = ProblemError("wrong-method", status, f"This address takes {allowed}.")
    response = problems.answer(request, problem)
    response.headers["Allow"] = allowed
    return response


@public
@csrf_exempt
def not_here(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - as the address gives
    """Any other address below the API."""
    return _not_here(request, Http404())


urls = api.urls
for pattern in urls[0]:
    if isinstance(pattern, URLPattern):
        pattern.callback = _finished(pattern.callback)
        setattr(pattern.callback, DOOR, "public" if pattern.name in PUBLIC else "token")
