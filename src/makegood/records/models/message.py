"""What has to be said to the customer, from the moment it is owed until it was said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class MessageKind(models.TextChoices):
    """Why something is to be said."""

    APOLOGY = "apology"
    REMEDY = "remedy"
    VISIT = "visit"
    QUESTION = "question"
    HONEST_NO = "honest_no"
    PARTING = "parting"
    EXPLANATION = "explanation"


class Message(models.Model):
    """A duty to say something, written in the transaction of the fact that it is about.

    `about` names that fact, once. Personal data: `words`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="messages")
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    about = models.CharField(max_length=100, unique=True)
    queued_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"], condition=Q(said_at__isnull=True), name="message_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(said_at__isnull=True) | (~Q(words="") & ~Q(channel="")),
                name="message_said_in_words",
            ),
        ]

    def __str__(self) -> str:
        return self.about
