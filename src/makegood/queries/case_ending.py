"""What a customer wants besides, and what closed their case: on the desk as on their page."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from makegood.language import moments
from makegood.queries import when
from makegood.queries.labels import CHANNELS, REVIEW_VERDICTS
from makegood.queries.when import When
from makegood.records.models import Case, Parting, Review, Want
from makegood.rules.promises import Channel

CLOSERS = ("closed_by_contact__staff", "closed_by_parting__decided_by")
"""What is read with a case to say how it ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WantCard:
    """What the customer wants besides, and what became of it."""

    id: int
    words: str
    since: When
    state: str
    promise_words: str = ""
    due: When | None = None
    honest_no: str = ""
    instead: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewCard:
    """What somebody outside decided on an end without a yes."""

    reviewer: str
    decided: str
    verdict: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """What closed a case: `kind` is answer, silence or parting."""

    kind: str
    at: When
    by_page: bool = False
    heard_by: str = ""
    channel: str = ""
    words: str = ""
    route: str = ""
    decided_by: str = ""


def read_wants(case_id: int, *, now: datetime, zone: ZoneInfo) -> tuple[WantCard, ...]:
    """What the customer wanted, the oldest first; one query."""
    rows = Want.objects.filter(case=case_id).select_related("promise").order_by("said_at", "pk")
    return tuple(_want(row, now=now, zone=zone) for row in rows)


def read_reviews(case_id: int) -> tuple[ReviewCard, ...]:
    """What was decided outside, the oldest first; one query."""
    return tuple(
        ReviewCard(
            reviewer=row.reviewer,
            decided=moments.date_in_words(row.decided_on),
            verdict=str(REVIEW_VERDICTS[row.verdict]),
            words=row.words,
        )
        for row in Review.objects.filter(case=case_id).order_by("pk")
    )


def read_ending(case: Case, *, now: datetime, zone: ZoneInfo) -> Ending | None:
    """What closed a case that was read by `read_closed`."""
    if case.closed_at is None:
        return None
    at, answer = when.at(case.closed_at, now=now, zone=zone), case.closed_by_contact
    if answer is not None:
        return Ending(
            kind="answer",
            at=at,
            by_page=answer.channel == Channel.WEB,
            heard_by=answer.staff.name if answer.staff else "",
            channel=str(CHANNELS.get(answer.channel, answer.channel)),
            words=answer.note,
        )
    if case.closed_by_parting is not None:
        parting: Parting = case.closed_by_parting
        return Ending(
            kind="parting",
            at=at,
            route=parting.route.rstrip(" ."),
            decided_by=parting.decided_by.name,
        )
    return Ending(kind="silence", at=at)


def _want(row: Want, *, now: datetime, zone: ZoneInfo) -> WantCard:
    since = when.at(row.said_at, now=now, zone=zone)
    if row.promise is not None:
        due = when.due(row.promise, now=now, zone=zone)
        state = row.promise.outcome or "promised"
        return WantCard(
            id=row.pk, words=row.words, since=since, state=state,
            promise_words=row.promise.words, due=due,
        )  # fmt: skip
    if row.declined_at is not None:
        return WantCard(
            id=row.pk, words=row.words, since=since, state="declined",
            honest_no=row.honest_no, instead=row.instead,
        )  # fmt: skip
    state = "let_go" if row.let_go_by_id else "open"
    return WantCard(id=row.pk, words=row.words, since=since, state=state)
