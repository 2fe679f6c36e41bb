"""What was given to customers, and what waits for a yes, as other systems see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from makegood.queries.api.pages import Page, page
from makegood.records.models import ApprovalRequest, Remedy


@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyOut:
    """Something that was granted; it is a promise until it has arrived."""

    id: int
    case: str
    kind: str
    source: str
    scheme: str
    amount_minor: int
    currency: str
    thing: str
    because: str
    granted_at: datetime
    promise: int
    outcome: str | None
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalOut:
    """A wish to give more than the token or its person may: a named person decides, by a time."""

    id: int
    case: str
    amount_minor: int
    currency: str
    asked_of: str
    due_at: datetime | None
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenOut:
    """What became of a wish to give: it was granted, or somebody was asked."""

    state: str
    remedy: RemedyOut | None = None
    approval: ApprovalOut | None = None


def within(team: int | None) -> QuerySet[Remedy]:
    """The remedies that a token reaches."""
    rows = Remedy.objects.select_related("case")
    return rows if team is None else rows.filter(case__team=team)


def remedies(
    *, team: int | None, case: int | None = None, cursor: str = "", limit: int
) -> Page[RemedyOut]:
    """What was given, the newest first.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = within(team)
    if case is not None:
        rows = rows.filter(case=case)
    return page(rows, lambda found: [shown(row) for row in found], cursor=cursor, limit=limit)


def given(done: Remedy | ApprovalRequest) -> GivenOut:
    """What became of a wish."""
    if isinstance(done, Remedy):
        return GivenOut(state="granted", remedy=shown(done))
    return GivenOut(state="approval_required", approval=approval(done))


def shown(row: Remedy) -> RemedyOut:
    """A remedy, as it is shown."""
    return RemedyOut(
        id=row.pk,
        case=row.case.reference,
        kind=row.kind,
        source=row.source,
        scheme=row.scheme,
        amount_minor=row.amount_minor,
        currency=row.currency,
        thing=row.thing,
        because=row.because,
        granted_at=row.granted_at,
        promise=row.promise_id,
        outcome=row.outcome,
        settled_at=row.settled_at,
    )


def approval(row: ApprovalRequest) -> ApprovalOut:
    """A request, as it is shown."""
    decided = "approved" if row.approved else "declined"
    return ApprovalOut(
        id=row.pk,
        case=row.case.reference,
        amount_minor=row.amount_minor,
        currency=row.currency,
        asked_of=row.approver.name,
        due_at=row.due_at,
        state="waiting" if row.decided_at is None else decided,
    )
