"""Letters to customers, by e-mail or text message, from when they are owed until they arrive."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.letters import LetterChannel, Travel


class LetterKind(models.TextChoices):
    """Why a letter is written."""

    RECEIPT = "receipt"
    WORDS = "words"


class Letter(models.Model):
    """One letter to the customer of a case, written in the transaction of what it is about.

    `send_at` is a clock: the next try, empty once it was handed over, held or given up. It is
    handed over once: `handed_at` is committed before the last byte leaves. `promise` is what it
    tells, for `told_due_at`; `revision` the new date that it tells, `duty` the apology or remedy
    that it says, `keeps` the promise of news that it keeps: each counts when it is delivered.
    `template` is what its words were made of, if they were.
    `secret` makes its reply address, its link and the mark on its envelope; the database has only
    the digests of the first two. `mailbox` is where its address leads, to count by;
    `is_to_stranger` says that it was automatic, to somebody whom nobody has recognised.
    `as_sent` is all of its text as it left, without the link.
    Personal data: `recipient`, `mailbox`, `subject`, `words`, `as_sent`, `error`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    channel = models.CharField(max_length=10)
    recipient = models.CharField(max_length=254)
    mailbox = models.CharField(max_length=254, blank=True, default="", db_default="")
    subject = models.CharField(max_length=200, blank=True)
    words = models.TextField()
    as_sent = models.TextField(blank=True, default="", db_default="")
    is_automatic = models.BooleanField(default=False)
    is_to_stranger = models.BooleanField(default=False, db_default=False)
    written_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    told_due_at = models.DateTimeField(null=True)
    revision = models.ForeignKey(
        "PromiseRevision", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    duty = models.ForeignKey(
        "Message", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    keeps = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    template = models.ForeignKey(
        "Template", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    secret = models.BinaryField(max_length=32)
    reply_digest = models.BinaryField(max_length=32)
    message_id = models.CharField(max_length=200)
    answers_id = models.CharField(max_length=250, blank=True)
    provider_id = models.CharField(max_length=250, blank=True)
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    held_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="letter_waiting"
            ),
            models.Index(fields=["recipient", "queued_at"], name="letter_by_recipient"),
            models.Index(fields=["mailbox", "queued_at"], name="letter_by_mailbox"),
            models.Index(
                fields=["queued_at"], condition=Q(is_to_stranger=True), name="letter_to_strangers"
            ),
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="letter_by_provider"
            ),
            models.Index(
                fields=["case"],
                condition=Q(bounced_at__isnull=False)
                | Q(given_up_at__isnull=False)
                | Q(held_at__isnull=False)
                | Q(handed_at__isnull=False, sent_at__isnull=True, delivered_at__isnull=True),
                name="letter_undelivered",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values), name="letter_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in LetterChannel]),
                name="letter_channel_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(words=""), name="letter_has_a_recipient_and_words"
            ),
            models.CheckConstraint(
                condition=Q(is_automatic=True) | Q(written_by__isnull=False),
                name="letter_is_by_somebody_or_automatic",
            ),
            models.CheckConstraint(
                condition=Q(send_at__isnull=True)
                | Q(handed_at__isnull=True, given_up_at__isnull=True, held_at__isnull=True),
                name="letter_handed_over_is_not_tried_again",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True)
                | Q(handed_at__isnull=False, sent_at__gte=F("handed_at")),
                name="letter_is_sent_after_it_was_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(handed_at__isnull=False),
                name="letter_is_delivered_after_it_was_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(promise__isnull=True, told_due_at__isnull=True)
                | Q(promise__isnull=False, told_due_at__isnull=False),
                name="letter_tells_a_promise_with_its_time",
            ),
            models.UniqueConstraint(fields=["reply_digest"], name="letter_once_per_reply_address"),
            models.UniqueConstraint(fields=["message_id"], name="letter_once_per_message_id"),
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} of case {self.case_id}"

    def travel(self) -> Travel:
        """What the rules need to know of it."""
        return Travel(
            handed_at=self.handed_at,
            sent_at=self.sent_at,
            delivered_at=self.delivered_at,
            bounced_at=self.bounced_at,
            given_up_at=self.given_up_at,
            held_at=self.held_at,
        )


class Mute(models.Model):
    """A phone number that asked for no more text messages. Personal data: `number`."""

    number = models.CharField(max_length=20, unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"no texts since {self.asked_at:%Y-%m-%d}"
