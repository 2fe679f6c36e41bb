"""Mail that came in: all of it, as it came, with what it was taken for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class MailKind(models.TextChoices):
    """What a mail was taken for."""

    REPLY = "reply"
    NEWS = "news"
    AUTOMATIC = "automatic"
    RECEIPT = "receipt"
    SUPPLY = "supply"
    ASIDE = "aside"


class AsideBecause(models.TextChoices):
    """Why a mail waits for somebody to look at it."""

    BROKEN = "broken"
    TOO_LARGE = "too_large"
    NO_SENDER = "no_sender"
    UNPROVEN = "unproven"
    STAFF = "staff"
    OTHER_SENDER = "other_sender"
    OLD = "old"
    SHARED = "shared"
    NO_OWNER = "no_owner"
    FAILED = "failed"
    COPY = "copy"
    MACHINE = "machine"
    SUPPLY = "supply"


class SettledAs(models.TextChoices):
    """What somebody decided about a mail that was set aside."""

    NEW_CASE = "new_case"
    JOINED = "joined"
    NOTHING = "nothing"


OF_MACHINES = (AsideBecause.MACHINE, AsideBecause.COPY)
"""Set aside for good: nobody has to look at these, and everybody can."""


class Mail(models.Model):
    """One mail as it came in (`raw`), once per place in its mailbox; nothing is dropped.

    It belongs to a case, or is set aside with the reason. `letter` is what it answers or reports
    on, also where that was not proven; `promise` is the answer that was promised for it.

    Personal data: all columns but `source`, `place`, the digests, flags, moments and `promise`.
    """

    source = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=MailKind.choices)
    raw = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    history = models.TextField(blank=True)
    is_proven = models.BooleanField(default=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="mails")
    letter = models.ForeignKey(
        "Letter", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="mails"
    )
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    aside_because = models.CharField(max_length=20, blank=True)
    settled_as = models.CharField(max_length=10, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                condition=Q(settled_at__isnull=True) & ~Q(aside_because=""),
                name="mail_set_aside",
            ),
            models.Index(fields=["digest"], name="mail_by_digest"),
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="mail_by_message_id"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "place"], name="mail_once_per_place"),
            models.CheckConstraint(
                condition=Q(kind__in=MailKind.values), name="mail_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(aside_because="") | Q(aside_because__in=AsideBecause.values),
                name="mail_is_set_aside_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | ~Q(aside_because=""),
                name="mail_belongs_to_a_case_or_is_set_aside",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, settled_as="")
                | Q(
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                    settled_as__in=SettledAs.values,
                ),
                name="mail_is_settled_by_somebody_as_something",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"


class Attachment(models.Model):
    """A file in a mail: what it is called, said to be, and by its first bytes is.

    Its bytes stay in the raw mail, at the place `number`. Personal data: `name`.
    """

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    said = models.CharField(max_length=100)
    sniffed = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mail", "number"], name="attachment_once_per_place_in_its_mail"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attachment_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
