"""The whole company as a file that somebody asked for, and who took which data out of the desk."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class ExportState(models.TextChoices):
    """asked -> ready -> gone, or failed."""

    ASKED = "asked"
    READY = "ready"
    GONE = "gone"
    FAILED = "failed"


class Export(models.Model):
    """Everything as one file: the clock writes it in pieces, which go at `expires_at`, a clock.

    `place` of `total` says how far it has come. Holds no personal data.
    """

    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ExportState.choices)
    place = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="asked"), name="export_asked"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="export_expires"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="export_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "failed"], ready_at__isnull=True)
                | Q(
                    state__in=["ready", "gone"],
                    ready_at__isnull=False,
                    expires_at__isnull=False,
                    expires_at__gt=F("ready_at"),
                ),
                name="export_that_is_ready_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"export {self.pk} {self.state}"


class ExportPiece(models.Model):
    """A part of the file of an export, in its order. Personal data: `content`, until it expires."""

    of_export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of_export", "number"], name="export_piece_once")
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of export {self.of_export_id}"


class DataDeed(models.TextChoices):
    """What somebody did with much data, or with all of one person's."""

    IMPORTED = "imported"
    EXPORTED = "exported"
    TAKEN = "taken"
    COPIED = "copied"


class DataAct(models.Model):
    """Somebody brought data in or took it out: `number` is that of the import or export.

    `customer` is whose data was copied. Nobody in `by` is the command line. Erasing stands in
    `Erasure`. Only grows. Holds no personal data beyond which of the staff it was, and of whom.
    """

    deed = models.CharField(max_length=10, choices=DataDeed.choices)
    number = models.PositiveBigIntegerField(null=True)
    customer = models.ForeignKey(
        "Customer", on_delete=models.PROTECT, null=True, related_name="data_acts"
    )
    at = models.DateTimeField()
    by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-at"], name="data_act_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deed__in=DataDeed.values), name="data_act_is_a_known_deed"
            ),
            models.CheckConstraint(
                condition=Q(deed="copied", customer__isnull=False)
                | (~Q(deed="copied") & Q(customer__isnull=True)),
                name="data_act_names_whose_data_was_copied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.number or self.customer_id or ''}"
