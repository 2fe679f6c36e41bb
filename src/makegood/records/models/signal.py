"""What sends signals of devices, how their words are read, and what became of each signal."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from makegood.rules.severity import Harm


class SignalSource(models.Model):
    """A monitor or platform whose signals open cases: where in its JSON which fact stands.

    `paths` maps `id`, `asset`, `at`, `kind` and `state` to places such as `data.device.serial`. A
    state in `states` is a failure, one in `back` says that it is over; any other is noted. With
    `kinds` only signals of those count. `says` is what failed, as the customer reads it. Holds no
    personal data beyond who made it.
    """

    slug = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    paths = models.JSONField()
    states = ArrayField(models.CharField(max_length=100))
    back = ArrayField(models.CharField(max_length=100), default=list)
    kinds = ArrayField(models.CharField(max_length=100), default=list)
    says = models.CharField(max_length=200, blank=True, default="")
    harm = models.CharField(max_length=20)
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9][a-z0-9-]*$") & ~Q(title=""),
                name="signal_source_has_a_short_name_and_a_title",
            ),
            models.CheckConstraint(
                condition=Q(states__len__gt=0), name="signal_source_knows_what_a_failure_is"
            ),
            models.CheckConstraint(
                condition=Q(harm__in=[harm.value for harm in Harm]),
                name="signal_source_harm_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SignalEnd(models.TextChoices):
    """What became of a signal."""

    OPENED = "opened"
    JOINED = "joined"
    BACK = "back"
    UNSTEADY = "unsteady"
    COUNTED = "counted"
    NOTED = "noted"
    ASIDE = "aside"
    LET_GO = "let_go"


OF_A_CASE = (SignalEnd.OPENED, SignalEnd.JOINED, SignalEnd.BACK, SignalEnd.UNSTEADY)


class Signal(models.Model):
    """One signal of a device, once by source and id, and what became of it.

    What cannot be placed is set aside with why, and waits for a person; only then `raw` is kept
    here (that of a report is with the report). Personal data: `raw` and `device`, which may tell
    who uses the device.
    """

    source = models.ForeignKey(SignalSource, on_delete=models.PROTECT, related_name="signals")
    external_id = models.CharField(max_length=450)
    device = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=200, blank=True)
    meaning = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    raw = models.JSONField(default=dict)
    asset = models.ForeignKey(
        "Asset", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="signals")
    end = models.CharField(max_length=10, choices=SignalEnd.choices)
    why = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["asset", "-happened_at"],
                condition=Q(asset__isnull=False),
                name="signal_of_an_asset",
            ),
            models.Index(fields=["source"], condition=Q(end="aside"), name="signal_set_aside"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="signal_once"),
            models.CheckConstraint(
                condition=Q(end__in=SignalEnd.values), name="signal_end_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(end__in=[end.value for end in OF_A_CASE])
                | Q(case__isnull=False, asset__isnull=False),
                name="signal_of_a_case_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(end__in=["aside", "let_go"]) | ~Q(why=""),
                name="signal_is_set_aside_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(end="let_go") | Q(settled_by__isnull=False, settled_at__isnull=False),
                name="signal_is_let_go_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.external_id}"
