"""The people whom the company serves, and what they depend on it for."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.convenience import Way
from makegood.rules.severity import Function


class Customer(models.Model):
    """Somebody whom the company serves. Personal data: every column but `uuid` and `zone`.

    An empty `language` is the company's. `suits` are the hours of the week, Monday first, at which
    a visit suits them, in minutes as calendars have them; none is any time. `reach_by` is how
    they wish to be reached, empty for any way.
    `is_verified` is false for who came by the public form and has not been recognised yet.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    zone = models.CharField(max_length=64)
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    vulnerable = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=True, db_default=True)
    suits = models.JSONField(default=list, db_default=[], blank=True)
    reach_by = models.CharField(max_length=10, blank=True, default="", db_default="")
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name"], name="customer_by_name"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="customer_by_phone"),
            models.Index(fields=["postcode"], condition=~Q(postcode=""), name="customer_by_post"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(zone=""), name="customer_has_a_zone"),
            models.CheckConstraint(
                condition=Q(reach_by="") | Q(reach_by__in=[way.value for way in Way]),
                name="customer_is_reached_by_a_known_way",
            ),
            models.CheckConstraint(
                condition=Q(language="") | Q(language__regex=r"^[a-z]{2,3}(-[a-z]{2,4})?$"),
                name="customer_language_is_a_code",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criticality(models.TextChoices):
    """How much this customer depends on the asset."""

    ORDINARY = "ordinary"
    CRITICAL = "critical"


class Asset(models.Model):
    """What a customer depends on, and for what: an alarm, a line, a bin, an order.

    It may be of a kind, a `Service`. A retired one stays for its history, and gets no new report.
    Personal data: `place`.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="assets")
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=300, blank=True)
    function = models.CharField(
        max_length=20, choices=[(function.value, function.value) for function in Function]
    )
    criticality = models.CharField(
        max_length=10, choices=Criticality.choices, default=Criticality.ORDINARY
    )
    external_id = models.CharField(max_length=200, blank=True)
    service = models.ForeignKey(
        "Service", on_delete=models.PROTECT, null=True, related_name="assets"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["external_id"], condition=~Q(external_id=""), name="asset_by_external_id"
            ),
            models.Index(
                fields=["service", "customer"],
                condition=Q(service__isnull=False, retired_at__isnull=True),
                name="asset_in_use_by_service",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(function__in=[function.value for function in Function]),
                name="asset_function_is_known",
            ),
            models.CheckConstraint(
                condition=Q(criticality__in=Criticality.values), name="asset_criticality_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
