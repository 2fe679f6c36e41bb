"""Promises as other systems see them, each with how it stands now and its new dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from makegood.queries import standings
from makegood.queries.api.pages import Page, page
from makegood.records.models import Promise, PromiseRevision


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionOut:
    """A new date for a promise; it counts once the customer was told."""

    id: int
    number: int
    old_due_at: datetime
    earliest_at: datetime | None
    due_at: datetime
    cause: str
    decided_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseOut:
    """The company's word: in which words, for when, and what became of it."""

    id: int
    case: str
    kind: str
    words: str
    speaker: str
    speaker_name: str
    channel: str
    said_at: datetime
    earliest_at: datetime | None
    first_due_at: datetime
    due_at: datetime
    precision: str
    zone: str
    standing: str
    outcome: str | None
    settled_at: datetime | None
    evidence: str
    revisions: tuple[RevisionOut, ...]


def within(team: int | None) -> QuerySet[Promise]:
    """The promises that a token reaches."""
    found = Promise.objects.filter(case__is_canary=False)
    return found if team is None else found.filter(case__team=team)


def promises(
    *,
    team: int | None,
    now: datetime,
    outcome: str = "",
    due_before: datetime | None = None,
    cursor: str = "",
    limit: int,
) -> Page[PromiseOut]:
    """Promises, the newest first; `outcome` is open or how it ended.

    :raises CursorError: if no list gave out such a cursor.
    """
    asked = Q()
    if outcome:
        asked &= Q(outcome=None) if outcome == "open" else Q(outcome=outcome)
    if due_before is not None:
        asked &= Q(due_at__lt=due_before)
    rows = _whole(within(team).filter(asked))
    return page(rows, lambda found: shown(found, now=now), cursor=cursor, limit=limit)


def promise(promise_id: int, *, now: datetime) -> PromiseOut:
    """One promise.

    :raises Promise.DoesNotExist: if there is none.
    """
    return shown([_whole(Promise.objects.all()).get(pk=promise_id)], now=now)[0]


def of_case(case_id: int, *, now: datetime) -> tuple[PromiseOut, ...]:
    """The promises of a case, in the order in which they were made."""
    rows = _whole(Promise.objects.filter(case=case_id)).order_by("pk")
    return tuple(shown(list(rows), now=now))


def shown(rows: Iterable[Promise], *, now: datetime) -> list[PromiseOut]:
    """Promises, as they are shown."""
    found = list(rows)
    ladders = standings.read_ladders(found)
    return [
        PromiseOut(
            id=row.pk,
            case=row.case.reference,
            kind=row.kind,
            words=row.words,
            speaker=row.speaker,
            speaker_name=row.speaker_name,
            channel=row.channel,
            said_at=row.said_at,
            earliest_at=row.earliest_at,
            first_due_at=row.first_due_at,
            due_at=row.due_at,
            precision=row.precision,
            zone=row.zone,
            standing=standings.standing(row, ladders, now=now).value,
            outcome=row.outcome,
            settled_at=row.settled_at,
            evidence=row.evidence,
            revisions=tuple(_revision(each) for each in row.revisions.all()),
        )
        for row in found
    ]


def _whole(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    revisions = PromiseRevision.objects.order_by("number")
    return rows.select_related("case").prefetch_related(Prefetch("revisions", revisions))


def _revision(row: PromiseRevision) -> RevisionOut:
    return RevisionOut(
        id=row.pk,
        number=row.number,
        old_due_at=row.old_due_at,
        earliest_at=row.new_earliest_at,
        due_at=row.new_due_at,
        cause=row.cause,
        decided_at=row.decided_at,
        told_at=row.told_at,
    )
