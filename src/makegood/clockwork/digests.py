"""Sends the weekly digest, in a thread of its own; each leaves once, as letters do."""

from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event

import structlog
from django.conf import settings
from django.template.loader import render_to_string

from makegood.actions import digests
from makegood.clockwork.beside import beside
from makegood.gateways import email
from makegood.gateways.email import EmailError, EmailUnsureError, Post
from makegood.language import choice
from makegood.queries import digest
from makegood.records.models import Digest

EVERY_SECONDS = 60.0
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


def send_due(*, now: datetime) -> int:
    """Queue what is due and send what waits. Returns how many left."""
    digests.queue_due(now=now)
    count = 0
    while (row := digests.take(now=now)) is not None:
        count += _send(row, now=now)
    return count


def sending_digests(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Send digests for as long as the block runs."""

    def send(now: datetime, _ending: Event) -> bool:
        send_due(now=now)
        return False

    return beside(
        send, name="digests", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


def _send(row: Digest, *, now: datetime) -> bool:
    try:
        email.hand_over(_post(row), leaving=lambda: digests.leaving(row.pk, now=now))
    except EmailUnsureError as error:
        log.error("digest_unsure", digest=row.pk)  # noqa: TRY400 - somebody has to look
        digests.unsure(row.pk, error=str(error))
        return False
    except EmailError as error:
        log.warning("digest_delayed", digest=row.pk, tries=row.tries)
        digests.not_taken(row, error=str(error), now=now)
        return False
    digests.left(row.pk, now=now)
    return True


def _post(row: Digest) -> Post:
    with choice.speaking(row.staff.language):
        page = digest.get_digest(row.monday)
        language = choice.current()
        domain = settings.MAIL_REPLY.rpartition("@")[2]
        return Post(
            to=row.staff.email,
            subject=page.subject,
            text=digest.in_text(page),
            html=render_to_string("mail/digest.html", {"page": page, "language": language}),
            language=language,
            reply_to=settings.MAIL_REPLY,
            returns_to=settings.MAIL_REPLY,
            message_id=f"<digest-{row.pk}-{row.monday:%Y%m%d}@{domain}>",
            automatic="auto-generated",
        )
