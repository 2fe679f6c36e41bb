"""From a request of another system to its token: by the header `Authorization: Bearer`."""

from typing import Final

from makegood.actions import tokens as token_actions
from makegood.doors.moment import MomentRequest
from makegood.queries import tokens
from makegood.queries.tokens import LiveToken

LONGEST: Final = 200


def token_for(request: MomentRequest) -> LiveToken | None:
    """The token of a request, if it is good now; its use is noted. Addresses hold no tokens."""
    scheme, _space, words = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(words.strip()) <= LONGEST:
        return None
    token = tokens.find_live(words.strip(), now=request.now)
    if token is not None:
        token_actions.note_use(token.id, last_used_at=token.last_used_at, now=request.now)
    return token
