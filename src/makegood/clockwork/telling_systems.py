"""Takes deliveries to their webhooks, outside of any transaction, in a thread of its own.

A slow webhook keeps no promise waiting. What a crash leaves behind is claimed again after a
while; a message may so arrive twice, with the same id, which is what the scheme asks for.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from threading import Event

import structlog
from django.conf import settings

from makegood.actions import webhooks as actions
from makegood.clockwork.beside import beside
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


def telling_systems(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Tell webhooks in a thread of its own for as long as the block runs."""

    def tell(now: datetime, _ending: Event) -> bool:
        return tell_due(now=now) > 0

    return beside(
        tell, name="webhooks", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


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
