"""Mails that came in, as other systems see them: what was written, and where it belongs."""

from dataclasses import dataclass
from datetime import datetime

from makegood.queries.api.pages import Page, page
from makegood.records.models import Mail


@dataclass(frozen=True, kw_only=True, slots=True)
class MailOut:
    """One mail; `aside_because` says why it waits for somebody, or is empty."""

    id: int
    case: str | None
    kind: str
    sender: str
    subject: str
    words: str
    is_proven: bool
    received_at: datetime
    aside_because: str
    settled_as: str


def mails(*, team: int | None, case: int | None = None, cursor: str, limit: int) -> Page[MailOut]:
    """Mails, the newest first. What was set aside belongs to no team, so only to the company.

    :raises CursorError: if no list gave out such a cursor.
    """
    rows = Mail.objects.select_related("case").defer("raw", "history")
    if team is not None:
        rows = rows.filter(case__team=team)
    if case is not None:
        rows = rows.filter(case=case)
    return page(rows, lambda found: [_shown(row) for row in found], cursor=cursor, limit=limit)


def _shown(row: Mail) -> MailOut:
    return MailOut(
        id=row.pk,
        case=row.case.reference if row.case else None,
        kind=row.kind,
        sender=row.sender,
        subject=row.subject,
        words=row.words,
        is_proven=row.is_proven,
        received_at=row.received_at,
        aside_because=row.aside_because,
        settled_as=row.settled_as,
    )
