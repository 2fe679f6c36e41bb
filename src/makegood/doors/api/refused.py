"""Refusals of rules and actions as problems: each has a name of its own that machines can read."""

import re
from http import HTTPStatus

from makegood.actions.changes import FieldError
from makegood.actions.gate import StoppedError
from makegood.doors.api.problems import ProblemError
from makegood.doors.web import refusals
from makegood.language import choice

TYPES = refusals.TYPES
_WORD = re.compile(r"(?<!^)(?=[A-Z])")


def problem(refusal: Exception) -> ProblemError:
    """A refusal as a problem; what the gate stopped says what would be true instead."""
    with choice.speaking("en"):  # what programs read does not change with who asks
        status, detail = refusals.explain(refusal)
    more = {"instead": refusal.verdict.instead} if isinstance(refusal, StoppedError) else {}
    return ProblemError(name_of(type(refusal)), HTTPStatus(status), detail, **more)


def name_of(kind: type[Exception]) -> str:
    """The name of a refusal: `told-too-late` for ToldTooLateError."""
    return _WORD.sub("-", kind.__name__.removesuffix("Error")).lower()


def of_field(wrong: FieldError) -> ProblemError:
    """A field that an action refused."""
    return ProblemError("unreadable", UNPROCESSABLE, str(wrong), field=wrong.field)


UNPROCESSABLE = refusals.UNPROCESSABLE
