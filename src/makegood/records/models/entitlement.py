"""Which schemes a company is bound by, and what customers are owed under them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SchemeUse(models.Model):
    """A scheme that binds this company: when it is asked, and with which facts of a case.

    `on`: the kind of a promise that broke, or "case" for a failure as such; `function` narrows it.
    `facts`: fixed values, or "@failed_on", "@over_on", "@known_on", "@broken_on", "@times", read
    from the case. Holds no personal data.
    """

    scheme = models.CharField(max_length=60)
    on = models.CharField(max_length=10)
    function = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    is_own = models.BooleanField(default=False)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "on", "function"],
                condition=Q(ended_at__isnull=True),
                name="scheme_use_once",
            ),
            models.CheckConstraint(
                condition=~Q(scheme="") & ~Q(on=""), name="scheme_use_says_of_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} on {self.on}"


class Entitlement(models.Model):
    """What a customer is owed by a scheme on a case; raised while it is not granted.

    `look_at` is a clock: when the clockwork works it out, and again while something is missing.
    Holds no personal data: `because` is written by the scheme.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="entitlements")
    scheme = models.CharField(max_length=60)
    look_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    amount_minor = models.PositiveBigIntegerField(null=True)
    granted_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    pay_by = models.DateField(null=True)
    because = models.CharField(max_length=1000, blank=True)
    unsure = models.CharField(max_length=1000, blank=True)
    raised_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="entitlement_waiting"
            ),
            models.Index(
                fields=["raised_at"],
                condition=Q(raised_at__isnull=False),
                name="entitlement_raised",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "scheme"], name="entitlement_once_per_case_and_scheme"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} on case {self.case_id}"
