"""Errors of the API as RFC 9457 says them: what is wrong, and what would be right."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

CONTENT_TYPE = "application/problem+json"


class ProblemError(Exception):
    """A request that is not answered as asked; `detail` says what would be right."""

    def __init__(self, name: str, status: HTTPStatus, detail: str, **more: Any) -> None:  # noqa: ANN401 - members of the problem
        super().__init__(detail)
        self.name = name
        self.status = status
        self.more = more

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "type": f"urn:makegood:problem:{self.name}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": str(self),
            **self.more,
        }


def answer(_request: HttpRequest, problem: ProblemError) -> JsonResponse:
    """The problem as a response."""
    response = JsonResponse(problem.body(), status=problem.status, content_type=CONTENT_TYPE)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="makegood"'
    if "retry_after" in problem.more:
        response.headers["Retry-After"] = str(problem.more["retry_after"])
    response.headers["Cache-Control"] = "no-store"
    return response


def unreadable(errors: list[dict[str, Any]]) -> ProblemError:
    """A body that is not as the schema says; names the fields, and repeats nothing of them."""
    wrong = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or "body", "why": one["msg"]}
        for one in errors
    ]
    first = f"{wrong[0]['field']}: {wrong[0]['why']}." if wrong else "It cannot be read."
    return ProblemError("unreadable", HTTPStatus.UNPROCESSABLE_ENTITY, first, errors=wrong[:20])
