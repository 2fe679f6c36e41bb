"""Other desks that work for our customers and show how requests stand: followed by Open311."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Partner(models.Model):
    """Another desk, whose requests become cases here, and whose dates bind us as its word.

    `look_at` is a clock: when to look next. `seen_until` is the moment up to which its changes
    were asked for; `caught_up_at` when all of it was last asked for once more. `service` is the
    one of ours that its requests are about. `api_key` opens its doors. Holds no personal data
    beyond who made it.
    """

    name = models.CharField(max_length=100)
    url = models.CharField(max_length=500)
    jurisdiction = models.CharField(max_length=200, blank=True)
    api_key = models.CharField(max_length=200, blank=True, db_default="")
    codes = ArrayField(models.CharField(max_length=100), default=list)
    service = models.ForeignKey("Service", on_delete=models.PROTECT, related_name="partners")
    since = models.DateTimeField()
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)
    seen_until = models.DateTimeField(null=True)
    caught_up_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    unread = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="partner_to_look_at"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="partner_once_by_name"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(url=""), name="partner_has_a_name_and_an_address"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, look_at__isnull=False)
                | Q(stopped_at__isnull=False, look_at__isnull=True),
                name="partner_is_looked_at_or_stopped",
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True, error="")
                | (Q(failures__gt=0, failing_since__isnull=False) & ~Q(error="")),
                name="partner_fails_since_a_moment_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerRequest(models.Model):
    """A request of a partner and its case here, once by its number there; how it last stood there.

    Holds no personal data.
    """

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="requests", db_index=False
    )
    external_id = models.CharField(max_length=200)
    case = models.OneToOneField("Case", on_delete=models.PROTECT, related_name="partner_request")
    is_open = models.BooleanField(default=True)
    expected_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "external_id"], name="partner_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}:{self.external_id}"
