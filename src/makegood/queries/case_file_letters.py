"""The letters and mails in the file of a case: in full, their journey, and what was enclosed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from makegood.records.models import Case, Letter, Mail
from makegood.records.personal import GONE
from makegood.rules import letters

_Row = dict[str, Any]
_MOMENTS = ("handed_at", "sent_at", "delivered_at", "bounced_at", "held_at", "given_up_at")


def read_letters(case: Case, *, names: Mapping[int, str], now: datetime) -> list[_Row]:
    """Every letter to the customer of a case, as it went out; one query."""
    return [
        {
            "id": row.pk,
            "channel": row.channel,
            "to": row.recipient,
            "subject": row.subject,
            "words": row.words,
            "as_it_went_out": row.as_sent,
            "only_words_kept": _only_words_kept(row),
            "written_at": row.queued_at.isoformat(),
            "written_by": names.get(row.written_by_id or 0, ""),
            "is_automatic": row.is_automatic,
            "tells_promise": row.promise_id,
            "told_due_at": _at(row.told_due_at),
            "delivery": letters.state(row.travel(), now=now).value,
            "tries": row.tries,
            "error": row.error,
            "attachments": [],
        }
        | {name: _at(getattr(row, name)) for name in _MOMENTS}
        for row in Letter.objects.filter(case=case).order_by("queued_at", "pk")
    ]


def _only_words_kept(row: Letter) -> bool:
    """Whether it left before letters were kept as they went out. Erased ones keep nothing."""
    return bool(row.handed_at and not row.as_sent and row.words != GONE)


def read_mails(case: Case) -> list[_Row]:
    """Every mail that came in on a case, with the names of what was enclosed; two queries."""
    rows = Mail.objects.filter(case=case).defer("raw").prefetch_related("attachments")
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "from": row.sender,
            "sender_name": row.sender_name,
            "subject": row.subject,
            "words": row.words,
            "is_proven": row.is_proven,
            "answers_letter": row.letter_id,
            "sent_at": _at(row.sent_at),
            "received_at": row.received_at.isoformat(),
            "attachments": [
                {"name": one.name, "type": one.sniffed, "bytes": one.size}
                for one in sorted(row.attachments.all(), key=lambda one: one.number)
            ],
        }
        for row in rows.order_by("received_at", "pk")
    ]


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
