"""Webhooks: made, changed, stopped; and each delivery claimed, tried, arrived or given up."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from makegood.actions.changes import FieldError
from makegood.records.models import Delivery, Staff, Webhook
from makegood.rules import outside, signatures, webhooks

CLAIMED_FOR = timedelta(minutes=5)
"""How long one sender has a delivery to itself; a crash leaves it to the next after that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewWebhook:
    """Whom to tell of what, and how."""

    name: str
    url: str
    kinds: Sequence[str] = ()
    with_words: bool = False
    is_cloudevents: bool = False


@transaction.atomic
def make(wanted: NewWebhook, *, by: Staff, now: datetime) -> Webhook:
    """Tell another system from now on what happens.

    :raises FieldError: if nothing may be sent to its address.
    """
    try:
        outside.check_address(wanted.url, is_private_allowed=settings.WEBHOOKS_PRIVATE)
    except outside.AddressError as wrong:
        raise FieldError("url", str(wrong)) from wrong
    return Webhook.objects.create(
        name=wanted.name,
        url=wanted.url,
        secret=new_secret(),
        kinds=list(wanted.kinds),
        with_words=wanted.with_words,
        is_cloudevents=wanted.is_cloudevents,
        made_by=by,
        made_at=now,
    )


@transaction.atomic
def rotate(webhook_id: int, *, now: datetime) -> Webhook:
    """Give it a new secret; for a day messages are signed with the old one as well."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook_id)
    webhook.old_secret, webhook.old_until = webhook.secret, now + webhooks.OLD_SECRET_FOR
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    return webhook


@transaction.atomic
def stop(webhook_id: int, *, by: Staff | None, now: datetime) -> None:
    """Tell it nothing more; what waits is given up, and can be sent once it is started again."""
    live = Webhook.objects.filter(pk=webhook_id, stopped_at=None)
    if live.update(stopped_at=now, stopped_by=by):
        waiting = Delivery.objects.filter(webhook=webhook_id, send_at__isnull=False)
        waiting.update(send_at=None, given_up_at=now)


@transaction.atomic
def start(webhook_id: int) -> None:
    """Tell it again what happens from now on; what it missed is for `replay`."""
    Webhook.objects.filter(pk=webhook_id).update(
        stopped_at=None, stopped_by=None, failing_since=None
    )


@transaction.atomic
def send_again(webhook_id: int, delivery_id: int, *, now: datetime) -> bool:
    """Send one delivery once more, with the id that it had. False if there is none."""
    found = Delivery.objects.filter(pk=delivery_id, webhook=webhook_id, webhook__stopped_at=None)
    return bool(found.update(send_at=now, delivered_at=None, given_up_at=None, tries=0))


_REPLAY = """
    INSERT INTO records_delivery (webhook_id, entry_id, made_at, send_at)
    SELECT w.id, e.id, %(now)s, %(now)s
      FROM records_webhook w
      JOIN records_timelineentry e
        ON e.recorded_at >= %(since)s AND (w.kinds = '{}' OR e.kind = ANY (w.kinds))
      JOIN records_case c ON c.id = e.case_id AND NOT c.is_canary
     WHERE w.id = %(webhook)s AND w.stopped_at IS NULL
     ORDER BY e.id
        ON CONFLICT (entry_id, webhook_id) DO UPDATE
       SET send_at = %(now)s, delivered_at = NULL, given_up_at = NULL, tries = 0
"""


@transaction.atomic
def replay(webhook_id: int, *, since: datetime, now: datetime) -> int:
    """Tell it again all that was recorded since a moment, also from before it was made.

    Each keeps its id, by which the other side knows what it has had. Returns how many.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REPLAY, {"webhook": webhook_id, "since": since, "now": now})
        return int(cursor.rowcount)


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[Delivery]:
    """Take the deliveries that are due, those longest due first; nobody else has them meanwhile."""
    due = Delivery.objects.filter(send_at__lte=now).order_by("send_at", "pk")
    claimed = list(due.select_for_update(skip_locked=True)[:limit])
    ids = [row.pk for row in claimed]
    Delivery.objects.filter(pk__in=ids).update(send_at=now + CLAIMED_FOR, tries=F("tries") + 1)
    rows = Delivery.objects.filter(pk__in=ids).select_related("webhook", "entry__case")
    return list(rows.order_by("pk"))


@transaction.atomic
def arrived(delivery: Delivery, *, status: int, now: datetime) -> None:
    """The other side has it."""
    _settle(delivery, status=status, error="", delivered_at=now)
    failing = Webhook.objects.filter(pk=delivery.webhook_id, failing_since__isnull=False)
    failing.update(failing_since=None)


@transaction.atomic
def failed(delivery: Delivery, *, status: int | None, error: str, now: datetime) -> None:
    """The other side has not taken it: try again later, or give it up.

    A webhook to which nothing has come through for days is stopped, and one that says it is gone
    is at once. The settings and the doctor say so.
    """
    again = webhooks.next_try(delivery.tries, now=now)
    is_gone = status == webhooks.GONE
    given_up = now if is_gone or again is None else None
    _settle(
        delivery,
        status=status,
        error=error[:200],
        send_at=None if given_up else again,
        given_up_at=given_up,
    )
    row = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    since = row.failing_since or now
    Webhook.objects.filter(pk=row.pk).update(failing_since=since)
    if is_gone or now - since >= webhooks.STOPPED_AFTER:
        stop(row.pk, by=None, now=now)


def keys_of(webhook: Webhook, *, now: datetime) -> tuple[bytes, ...]:
    """With what to sign: the secret, and the old one while both are good."""
    is_old_good = webhook.old_until is not None and now < webhook.old_until
    words = (webhook.secret, webhook.old_secret) if is_old_good else (webhook.secret,)
    return tuple(signatures.key_of(each) for each in words)


def new_secret() -> str:
    """Words that nobody can guess, as Standard Webhooks writes them."""
    return signatures.PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _settle(delivery: Delivery, **columns: object) -> None:
    """Write how a try ended, unless the webhook was stopped meanwhile."""
    ended = {"send_at": None, "delivered_at": None, "given_up_at": None} | columns
    Delivery.objects.filter(pk=delivery.pk, send_at__isnull=False).update(**ended)
