"""Takes deliveries to their webhooks, outside of any transaction, in a thread of its own.

A slow webhook keeps no promise waiting. What a crash leaves behind is claimed again after a
while; a message may so arrive twice, with the same id, which is what the scheme asks for.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.db import connection

from makegood.actions import webhooks as actions
from makegood.gateways.webhooks import Parcel, WebhookError, send
from makegood.queries.api import events
from makegood.records.models import Delivery
from makegood.rules import webhooks

BATCH = 20
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 20  # longer than a webhook may take to answer

Send = Callable[[Parcel], int]
log = structlog.get_logger(__name__)


def tell_due(*, now: datetime, hand_over: Send | None = None) -> int:
    """Send what is due. Returns how many deliveries were looked at."""
    claimed = actions.claim_due(now=now, limit=BATCH)
    shown = {event.id: event for event in events.shown(row.entry for row in claimed)}
    for delivery in claimed:
        event = shown[events.event_id(delivery.entry_id)]
        _tell(delivery, event, hand_over or _send, now=now)
    return len(claimed)


@contextmanager
def telling_systems(*, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Tell webhooks in a thread of its own for as long as the block runs."""
    ending = threading.Event()
    thread = threading.Thread(
        target=_run, args=(ending, every_seconds), name="webhooks", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(timeout=PATIENCE_SECONDS)


def _tell(delivery: Delivery, event: events.EventOut, hand_over: Send, *, now: datetime) -> None:
    webhook = delivery.webhook
    if webhook.stopped_at is not None:
        actions.failed(delivery, status=None, error="The webhook is stopped.", now=now)
        return
    content = webhooks.body(
        asdict(event) | {"at": event.at.isoformat(), "recorded_at": event.recorded_at.isoformat()},
        with_words=webhook.with_words,
        is_cloudevents=webhook.is_cloudevents,
        source=settings.BASE_URL,
    )
    headers = webhooks.headers(
        content,
        message=event.id,
        keys=actions.keys_of(webhook, now=now),
        at=now,
        is_cloudevents=webhook.is_cloudevents,
    )
    try:
        status = hand_over(Parcel(url=webhook.url, body=content, headers=headers))
    except WebhookError as error:
        log.warning("webhook_failed", webhook=webhook.pk, status=error.status)
        actions.failed(delivery, status=error.status, error=str(error), now=now)
    else:
        actions.arrived(delivery, status=status, now=now)


def _send(parcel: Parcel) -> int:
    return send(parcel, is_private_allowed=settings.WEBHOOKS_PRIVATE)


def _run(ending: threading.Event, every_seconds: float) -> None:
    while not ending.wait(every_seconds):
        try:
            while tell_due(now=datetime.now(UTC)):
                if ending.is_set():
                    break
        except Exception as error:  # noqa: BLE001 - it must outlive whatever it meets
            log.error("webhooks_failed", error=repr(error))  # noqa: TRY400 - a line, and again soon
            connection.close()
    connection.close()
