"""What comes out of other systems: files on their way in, and by which ids they know things."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Origin(models.Model):
    """Under which id another system knows a customer or an asset, so that none is imported twice.

    Cases have it in their report. Personal data: `external_id`, which may be an address.
    """

    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(
        "Customer", on_delete=models.PROTECT, null=True, related_name="origins"
    )
    asset = models.ForeignKey("Asset", on_delete=models.PROTECT, null=True, related_name="origins")
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=Q(customer__isnull=False),
                name="origin_of_a_customer_once",
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=Q(asset__isnull=False),
                name="origin_of_an_asset_once",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, asset__isnull=True)
                | Q(customer__isnull=True, asset__isnull=False),
                name="origin_is_of_a_customer_or_an_asset",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(external_id=""), name="origin_has_a_source_and_an_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.pk}"


class ImportState(models.TextChoices):
    """looked -> loading -> done, or given up in between."""

    LOOKED = "looked"
    LOADING = "loading"
    DONE = "done"
    GIVEN_UP = "given_up"


class Import(models.Model):
    """One file that somebody sent to be imported, and how far it has come.

    The clock loads it, some rows at a time, from `place` on. `counts` says what became of the rows,
    `bad` which could not be taken and why. The file goes when the import is over. Personal data:
    `content` until then, and `name` and `bad`, which may quote it.
    """

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=100)
    form = models.CharField(max_length=10)
    what = models.CharField(max_length=10)
    mapping = models.JSONField(default=dict)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=ImportState.choices)
    total = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    bad = models.JSONField(default=list)
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="loading"), name="import_loading")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["looked", "loading"], ended_at__isnull=True)
                | Q(state__in=["done", "given_up"], ended_at__isnull=False, content=b""),
                name="import_that_is_over_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} {self.state}"
