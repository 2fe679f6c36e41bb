"""What comes out of other systems: files on their way in, what each brought, and their ids."""

from typing import ClassVar, Final

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
    of_import = models.ForeignKey(
        "Import", on_delete=models.PROTECT, null=True, related_name="origins"
    )

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
    """looked -> trying -> tried -> loading -> done, or given up in between."""

    LOOKED = "looked"
    TRYING = "trying"
    TRIED = "tried"
    LOADING = "loading"
    DONE = "done"
    GIVEN_UP = "given_up"


AT_WORK: Final = ("trying", "loading")
OVER: Final = ("done", "given_up")


class Import(models.Model):
    """One file that somebody sent to be imported, and how far it has come.

    The clock tries it and loads it, some rows at a time, from `place` on. `tried` and `counts` say
    what became of the rows in the dry run and in the run, `bad` which could not be taken and why.
    `columns` are those of the file, each with an example. The file goes when the import is over;
    `bad` goes at `forget_at`, a clock, and so does a file that nobody went on with. Personal data:
    `content` and `columns` until then, `bad`.
    """

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=100)
    form = models.CharField(max_length=10)
    what = models.CharField(max_length=10, blank=True)
    columns = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    team = models.ForeignKey("Team", on_delete=models.PROTECT, null=True, related_name="+")
    zone = models.CharField(max_length=64, default="UTC")
    function = models.CharField(max_length=20, default="information")
    content = models.BinaryField()
    size = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    total = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    tried = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    bad = models.JSONField(default=list)
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    begun_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)
    forget_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state__in=AT_WORK), name="import_at_work"),
            models.Index(
                fields=["forget_at"], condition=Q(forget_at__isnull=False), name="import_to_forget"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_is_known"
            ),
            models.CheckConstraint(
                condition=(~Q(state__in=OVER) & Q(ended_at__isnull=True))
                | Q(state__in=OVER, ended_at__isnull=False, content=b""),
                name="import_that_is_over_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__isnull=True, begun_by__isnull=True)
                & ~Q(state__in=["loading", "done"])
                | Q(begun_at__isnull=False, begun_by__isnull=False),
                name="import_is_begun_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk} {self.state}"


class ImportedCase(models.Model):
    """A case that came in by an import, so that all that one brought can be found.

    Only grows. Holds no personal data.
    """

    of_import = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="cases")
    case = models.OneToOneField("Case", on_delete=models.PROTECT, related_name="imported")

    def __str__(self) -> str:
        return f"case {self.case_id} of import {self.of_import_id}"
