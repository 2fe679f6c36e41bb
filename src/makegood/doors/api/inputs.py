"""What goes into the writing operations; a field that is not named here is refused."""

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from makegood.doors.api.types import (
    LONGEST_REASON,
    Currency,
    Line,
    Minor,
    Minutes,
    Moment,
    Name,
    Number,
    Reason,
    Reference,
    Said,
    Short,
    Words,
    YesNo,
)
from makegood.records.models import Direction, PromiseKind
from makegood.rules.promises import Channel, Precision
from makegood.rules.remedies import RemedyKind
from makegood.rules.rounds import Came
from makegood.rules.severity import Function, Harm
from makegood.rules.visits import Failing


class Strict(Schema):
    """An input that takes what it names, and nothing else."""

    model_config = ConfigDict(extra="forbid")


class CustomerIn(Strict):
    """Somebody whom the desk shall know."""

    name: Name
    zone: Line = Field(default="", description="IANA name; empty: that of the company.")
    email: Line = ""
    phone: Annotated[Line, Field(max_length=40)] = ""
    address: Line = ""
    postcode: Annotated[Line, Field(max_length=20)] = ""
    language: Short = ""
    is_vulnerable: YesNo = False


class AssetIn(Strict):
    """What a customer depends on the company for."""

    name: Name
    function: Function | None = Field(default=None, description="That of the service, if empty.")
    place: Line = ""
    service: Number | None = None
    external_id: Line = Field(default="", description="By which its own signals name it.")


class ReportIn(Strict):
    """News that something failed; it joins the open case of the same asset, or opens one."""

    customer: UUID
    title: Name
    function: Function
    harm: Harm
    asset: Number | None = None
    channel: Channel = Channel.WEB
    failed_at: Moment | None = Field(default=None, description="Now, if empty.")
    wanted: Words = ""
    note: Words = ""
    hold_minutes: Minutes = 0
    talk_minutes: Minutes = 0
    joins: Reference | None = Field(default=None, description="An open case that it is about.")


class ContactIn(Strict):
    """A touch with the customer; minutes and money are theirs."""

    channel: Channel
    direction: Direction
    at: Moment | None = None
    note: Words = ""
    hold_minutes: Minutes = 0
    talk_minutes: Minutes = 0
    other_minutes: Minutes = 0
    told_again: bool = Field(
        default=False, description="Whether the customer had to tell again what is on record."
    )


class ApologyIn(Strict):
    """An apology, in the words in which it was said; each is asked of the gate."""

    words: Said
    channel: Channel
    at: Moment | None = None


class HandoverIn(Strict):
    """Whom the owner asks to take a case over."""

    to: Number
    why: Reason


class AnswerIn(Strict):
    """What the customer said: that it is right, or that it is not."""

    channel: Channel
    note: Said
    at: Moment | None = None


class PromiseIn(Strict):
    """The company's word. `due_at` is when it is kept at the latest."""

    kind: PromiseKind
    words: Said
    channel: Channel
    due_at: Moment
    earliest_at: Moment | None = None
    precision: Precision = Precision.INSTANT
    said_at: Moment | None = Field(default=None, description="Now, if empty.")
    speaker: Line = Field(default="", description="Who spoke; by default the token's name.")


class ReplaceIn(PromiseIn):
    """Another promise, to which the customer has agreed."""

    evidence: Reason


class DeedIn(Strict):
    """That something was done, and how it is known."""

    evidence: Reason
    at: Moment | None = Field(default=None, description="Now, if empty.")


class ReviseIn(Strict):
    """A new date. It counts once the customer was told, before the old one passes."""

    due_at: Moment
    earliest_at: Moment | None = None
    cause: Reason


class ToldIn(Strict):
    """The proof that the customer was told."""

    channel: Channel
    evidence: Reason
    at: Moment | None = None


class RemedyIn(Strict):
    """Something to be given out of goodwill: money, or a thing with what it costs the company."""

    kind: RemedyKind
    amount_minor: Minor
    currency: Currency
    because: Reason
    thing: Line = ""


class VisitIn(Strict):
    """A visit. Without a chosen time it takes the best for the customer."""

    what: Name
    skill: Annotated[Line, Field(max_length=60)] = ""
    needs_access: YesNo = False
    needs_part: YesNo = Field(default=False, description="It brings the part found last.")
    opens_at: Moment | None = None
    channel: Channel = Channel.PHONE


class ChooseIn(Strict):
    """The time that the customer has chosen, and how that is known."""

    opens_at: Moment
    channel: Channel
    evidence: Reason


class EvidenceIn(Strict):
    """How something is known."""

    evidence: Reason


class EtaIn(Strict):
    """When something is expected."""

    eta_at: Moment


class FailIn(Strict):
    """Why a visit cannot do what it was for; without a chosen time the best one is held."""

    failing: Failing
    minutes: Minutes = Field(default=0, description="Of the customer's time.")
    words: Words = Field(default="", description="How it was acknowledged; empty: our words.")
    part: Line = Field(default="", description="Number of the part that is needed after all.")
    opens_at: Moment | None = None
    note: Annotated[Line, Field(max_length=LONGEST_REASON)] = ""


class AbsenceIn(Strict):
    """A time in which a crew cannot come; it counts from now on."""

    starts_at: Moment
    ends_at: Moment


class RunIn(Strict):
    """How far a round came; in part, say where it did not, by district or by asset."""

    came: Came
    areas: tuple[Annotated[Line, Field(max_length=60)], ...] = Field(default=(), max_length=1000)
    stops: tuple[Line, ...] = Field(
        default=(), max_length=1000, description="The external ids of assets."
    )
    note: Annotated[Line, Field(max_length=LONGEST_REASON)] = ""


class VoicemailIn(Strict):
    """A voicemail: who called, when, and in which words, if somebody or something wrote them."""

    id: Annotated[Name, Field(description="The phone system's own, so that it counts once.")]
    phone: Annotated[Name, Field(max_length=40)]
    at: Moment | None = Field(default=None, description="Now, if empty.")
    words: Words = ""


class IncidentIn(Strict):
    """A service that failed for an area; everybody whom it hit gets a case and the same words."""

    service: Number
    area: Annotated[Line, Field(max_length=60)] = ""
    title: Name
    harm: Harm
    failed_at: Moment
    owner: Number
    words: Said
    due_at: Moment


class TruthIn(Strict):
    """What everybody is told now, and by when they hear the next."""

    words: Said
    due_at: Moment


class OverIn(TruthIn):
    """That an incident is over, since when, and how that is known."""

    over_at: Moment
    evidence: Reason
