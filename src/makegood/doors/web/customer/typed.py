"""What a customer typed: read without cutting anything, refused in a sentence that says why."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.doors.numbers import whole_number

WORDS_MAX = 4_000
LAST_SECOND = 4_102_444_800  # in 2100; beyond are no windows


class TypedError(Exception):
    """Something that was typed cannot be taken; the message says what would be right."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the page says back: thanks, or a problem with one field; and all that was typed."""

    thanks: str = ""
    problem: str = ""
    about: str = ""
    typed: dict[str, str] = field(default_factory=dict)


def text_of(request: HttpRequest, name: str) -> str:
    """The text of a field, whole; NUL, which PostgreSQL cannot keep, is dropped."""
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def words_of(request: HttpRequest, name: str, *, required: str = "") -> str:
    """Words of at most the length that is taken.

    :param required: what to say if there are none.
    :raises TypedError: if they are too long, or missing where they are required.
    """
    words = text_of(request, name)
    if len(words) > WORDS_MAX:
        why = _(
            "That is %(length)d characters, and we can take %(most)d at a time. Please send it in "
            "parts; nothing that you wrote is lost."
        ) % {"length": len(words), "most": WORDS_MAX}
        raise TypedError(why, name)
    if required and not words:
        raise TypedError(required, name)
    return words


def number_of(request: HttpRequest, name: str) -> int:
    """A whole number such as forms of ours send; 0 if it is none."""
    return whole_number(text_of(request, name))


def moment_of(request: HttpRequest, name: str) -> datetime:
    """The moment of a chosen window; one that never was offered if it is none."""
    return datetime.fromtimestamp(min(number_of(request, name), LAST_SECOND), UTC)
