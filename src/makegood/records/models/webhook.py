"""Telling other systems what happened: whom, and each telling until it has arrived."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """Another system that hears what happens in cases, signed by the Standard Webhooks scheme.

    Without `kinds` it hears everything; with `with_words` what people said as well. While the
    secret is changed, messages are signed with both until `old_until`. The secrets are kept as
    they are, for signing needs them. Holds no personal data beyond who made and stopped it.
    """

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=120)
    old_secret = models.CharField(max_length=120, blank=True)
    old_until = models.DateTimeField(null=True)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    with_words = models.BooleanField(default=False)
    is_cloudevents = models.BooleanField(default=False)
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(url__regex="^https?://") & ~Q(secret=""),
                name="webhook_has_a_name_an_address_and_a_secret",
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_until__isnull=True)
                | (~Q(old_secret="") & Q(old_until__isnull=False)),
                name="webhook_old_secret_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(stopped_by__isnull=True) | Q(stopped_at__isnull=False),
                name="webhook_is_stopped_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One entry of a timeline on its way to one webhook; the database makes it with the entry.

    `send_at` is a clock: when to try next. Sent again, it keeps its id, by which the other side
    knows it. Holds no personal data.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(
        "TimelineEntry", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0, db_default=0)
    send_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="delivery_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "webhook"], name="delivery_once_per_entry"),
            models.CheckConstraint(
                condition=Q(
                    send_at__isnull=False, delivered_at__isnull=True, given_up_at__isnull=True
                )
                | Q(send_at__isnull=True, delivered_at__isnull=False, given_up_at__isnull=True)
                | Q(send_at__isnull=True, delivered_at__isnull=True, given_up_at__isnull=False),
                name="delivery_waits_arrived_or_was_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} to webhook {self.webhook_id}"
