"""Things and money of customers that we found: each is pushed to them, with a promise."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.found_things import FoundKind

_KINDS = [kind.value for kind in FoundKind]


class FoundThing(models.Model):
    """Something of a customer's, once by source and id, and the case by which they get it.

    Money is paid by a remedy of the same case. Stays as found. Personal data: `what`, which may
    say what somebody left behind.
    """

    case = models.OneToOneField("Case", on_delete=models.PROTECT, related_name="found")
    kind = models.CharField(max_length=10)
    what = models.CharField(max_length=200)
    amount_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=50)
    external_id = models.CharField(max_length=200)
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="found_once"),
            models.CheckConstraint(
                condition=~Q(what="")
                & Q(kind__in=_KINDS)
                & (
                    Q(kind="property", amount_minor=0, currency="")
                    | (~Q(kind="property") & Q(amount_minor__gt=0, currency__regex=r"^[A-Z]{3}$"))
                ),
                name="found_is_a_thing_or_money",
            ),
        ]

    def __str__(self) -> str:
        return f"found {self.kind} of case {self.case_id}"
