"""Who may give how much, and to whom somebody may not give because they are close."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.records.models.staff import StaffRole
from makegood.rules.remedies import Activity


class Authority(models.Model):
    """How much a person, or everybody of a role, may give without asking.

    `per_case_minor` counts all that the customer was given within `period_days`, by whomever and
    on whichever case, so that no sum is split; `per_period_minor` all that the person gave or
    approved. `small_minor`: a request up to this much is approved when nobody answers in time.
    Terms never change: an authority ends, and another begins. Holds no personal data.
    """

    staff = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="authorities"
    )
    role = models.CharField(max_length=20, choices=StaffRole.choices, blank=True)
    currency = models.CharField(max_length=3)
    activity = models.CharField(max_length=10)
    per_case_minor = models.PositiveBigIntegerField()
    per_period_minor = models.PositiveBigIntegerField()
    period_days = models.PositiveSmallIntegerField(default=30)
    small_minor = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    set_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name_plural = "authorities"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True, role__in=StaffRole.values)
                | Q(staff__isnull=False, role=""),
                name="authority_of_a_person_or_a_role",
            ),
            models.CheckConstraint(
                condition=Q(activity__in=[activity.value for activity in Activity]),
                name="authority_activity_is_known",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="authority_currency_is_one"
            ),
            models.CheckConstraint(
                condition=Q(per_period_minor__gte=F("per_case_minor"))
                & Q(small_minor__lte=F("per_period_minor"))
                & Q(period_days__range=(1, 366)),
                name="authority_limits_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
                name="authority_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["staff", "currency", "activity"],
                condition=Q(ended_at__isnull=True, staff__isnull=False),
                name="authority_of_a_person_once",
            ),
            models.UniqueConstraint(
                fields=["role", "currency", "activity"],
                condition=Q(ended_at__isnull=True, staff__isnull=True),
                name="authority_of_a_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"authority {self.pk} for {self.activity} in {self.currency}"


class Conflict(models.Model):
    """A conflict of interest: this person is the customer, or close to them.

    They neither grant nor approve anything for that customer. Personal data: that the two belong
    together.
    """

    staff = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="conflicts")
    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="conflicts")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "customer"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"conflict of staff {self.staff_id} with customer {self.customer_id}"
