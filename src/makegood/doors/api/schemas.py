"""What goes in and out of the API; OpenAPI is made from these."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from makegood.doors.api.types import YesNo
from makegood.rules.promises import Channel
from makegood.rules.wording.prose import LONGEST

Text = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class SayIn(Schema):
    """What somebody wants to say to a customer."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(description="The whole message, as the customer would get it.")
    case: str = Field(
        default="",
        max_length=20,
        description="The reference of the case it is about. Without one nothing may be promised.",
    )
    say: YesNo = Field(
        default=False,
        description="true: it is said now, and what it promises is on record. false: a dry run.",
    )
    channel: Channel = Field(default=Channel.CHAT, description="The way by which it is said.")
    speaker: str = Field(
        default="",
        max_length=200,
        description="Who speaks, as the record shall name it; by default the token's name.",
    )


class Objected(Schema):
    """What may not be said: where, why, and the true sentence instead."""

    rule: str
    stops: bool
    start: int
    end: int
    words: str
    reason: str
    instead: str


class PromiseState(StrEnum):
    """Where a promise in the text stands."""

    ON_RECORD = "on_record"
    RECORDED = "recorded"
    WOULD_BE_RECORDED = "would_be_recorded"
    NOT_PROMISED = "not_promised"


class PromisedOut(Schema):
    """A promise in the text."""

    id: int | None
    quote: str
    kind: str
    earliest: datetime | None
    due: datetime | None
    state: PromiseState


class SayOut(Schema):
    """The verdict. `text` is what may be said: the same, another, or nothing."""

    verdict: str = Field(description="say, say_instead or do_not")
    text: str | None
    said: bool
    case: str
    objections: list[Objected]
    promises: list[PromisedOut]
    rests_on: list[str]
    notices: list[str]


class Problem(Schema):
    """An error, by RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


class VoicemailOut(Schema):
    """Whose a voicemail is now: its case, and the call back that is promised for it."""

    case: str
    promise: int | None
    due_at: datetime | None
