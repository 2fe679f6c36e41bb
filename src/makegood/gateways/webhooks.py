"""Bringing a message to another system's address: one POST, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from makegood.gateways.outside import Call, LookUp, OutsideError, ask


class WebhookError(Exception):
    """A message that was not taken; `status` is what the other side answered, if it did."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One try of one message."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def send(
    parcel: Parcel,
    *,
    is_private_allowed: bool,
    look_up: LookUp | None = None,
) -> int:
    """Send it; the status of the answer, one of two hundred.

    :raises WebhookError: if nobody takes it, or the address is not to be sent to.
    """
    call = Call(url=parcel.url, method="POST", body=parcel.body, headers=parcel.headers)
    try:
        answer = ask(call, is_private_allowed=is_private_allowed, look_up=look_up)
    except OutsideError as error:
        raise WebhookError(str(error)) from error
    if not 200 <= answer.status < 300:  # noqa: PLR2004 - the yes of HTTP
        raise WebhookError(f"{call.host} answered {answer.status}.", status=answer.status)
    return answer.status
