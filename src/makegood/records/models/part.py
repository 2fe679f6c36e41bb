"""Parts: what a diagnosis names, what was ordered for it, and when suppliers say that it comes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class EtaSource(models.TextChoices):
    """Where an expected arrival comes from."""

    LEAD_TIME = "lead_time"
    DESK = "desk"
    FILE = "file"
    API = "api"
    MAIL = "mail"


class Part(models.Model):
    """A kind of thing that is fitted or brought. Holds no personal data.

    `lead_days` is how long it usually takes, until enough orders have taught it.
    """

    number = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    supplier = models.CharField(max_length=200, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="part_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Diagnosis(models.Model):
    """What was found to be needed on a case. A later one takes its place; none is changed.

    Personal data: `note`, which may say what was seen at the customer's.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="diagnoses")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="diagnoses")
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name_plural = "diagnoses"

    def __str__(self) -> str:
        return f"diagnosis {self.pk} of case {self.case_id}"


class PartOrder(models.Model):
    """One order of a part for a diagnosis: expected, and then here, cancelled, or the wrong one.

    An order of another part than the diagnosis names is doubted until somebody says why it fits.
    Holds no personal data.
    """

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.PROTECT, related_name="orders")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="orders")
    supplier = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=100, blank=True)
    ordered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    ordered_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    eta_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    wrong_at = models.DateTimeField(null=True)
    fits_because = models.CharField(max_length=300, blank=True)
    fits_said_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["eta_at"],
                condition=Q(received_at__isnull=True, cancelled_at__isnull=True),
                name="order_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["diagnosis"],
                condition=Q(cancelled_at__isnull=True, wrong_at__isnull=True),
                name="order_one_at_a_time_for_a_diagnosis",
            ),
            models.UniqueConstraint(
                fields=["supplier", "number"], condition=~Q(number=""), name="order_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(received_at__isnull=True),
                name="order_is_received_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(wrong_at__isnull=True) | Q(received_at__isnull=False),
                name="order_is_wrong_once_it_is_here",
            ),
            models.CheckConstraint(
                condition=Q(fits_because="", fits_said_by__isnull=True)
                | (~Q(fits_because="") & Q(fits_said_by__isnull=False)),
                name="order_fits_because_somebody_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.pk} of part {self.part_id}"


class EtaChange(models.Model):
    """What was said of an order's arrival, one after the other; only grows. No personal data."""

    order = models.ForeignKey(PartOrder, on_delete=models.PROTECT, related_name="etas")
    number = models.PositiveSmallIntegerField()
    old_at = models.DateTimeField(null=True)
    new_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=EtaSource.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "number"], name="eta_once_per_number"),
            models.CheckConstraint(
                condition=Q(source__in=EtaSource.values), name="eta_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(old_at__isnull=True) | ~Q(old_at=F("new_at")), name="eta_change_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"eta {self.number} of order {self.order_id}"
