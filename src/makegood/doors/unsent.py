"""What a customer sent in vain, shown back, so that no failure of ours loses their words."""

from dataclasses import dataclass
from http import HTTPMethod

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

WORDS = frozenset({"words", "promised", "want", "wish"})
"""The fields of customers' pages that hold what somebody wrote."""
FIELDS_MAX = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsent:
    """One field of a form that did not arrive."""

    name: str
    value: str
    is_words: bool


def unsent_of(request: HttpRequest) -> tuple[Unsent, ...]:
    """The fields of a form in which somebody wrote something; none if it holds no words.

    Only of a form that a page of ours sent: else anybody could have this site show words of theirs
    as if they were the reader's own. Nothing, too, of what cannot be read at all.
    """
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if request.method != HTTPMethod.POST or not is_ours:
        return ()
    try:
        given = list(request.POST.items())[:FIELDS_MAX]
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return ()
    found = tuple(
        Unsent(name=name, value=str(value), is_words=name in WORDS and bool(str(value).strip()))
        for name, value in given
    )
    return found if any(field.is_words for field in found) else ()
