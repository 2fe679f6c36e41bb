"""Whose data was erased, when and why; and after how long the company erases by itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ErasedBecause(models.TextChoices):
    """Why a person's data was erased."""

    ASKED = "asked"
    RETENTION = "retention"


class Erasure(models.Model):
    """A customer's personal data was taken out; what happened stays, without their words.

    Only in the transaction that writes this row (`made_in`, which the database sets) may personal
    columns of what has happened be emptied. Nobody in `by` is the command line or the clock. Only
    grows. Holds no personal data.
    """

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="erasures")
    because = models.CharField(max_length=10, choices=ErasedBecause.choices)
    erased_at = models.DateTimeField()
    by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    made_in = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["made_in"], name="erasure_by_transaction")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(because__in=ErasedBecause.values), name="erasure_is_for_a_known_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of customer {self.customer_id}"


class Kept(models.TextChoices):
    """What is kept for a time."""

    CUSTOMERS = "customers"
    MAIL = "mail"


class Retention(models.Model):
    """For how many days the company keeps one kind of data; without a row, for good.

    `look_at` is a clock: when to look next for what is over its time. Holds no personal data.
    """

    kind = models.CharField(max_length=10, choices=Kept.choices, unique=True)
    days = models.PositiveIntegerField()
    look_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=Kept.values), name="retention_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(days__range=(30, 36_500)),
                name="retention_is_a_month_to_a_century",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.days} days"
