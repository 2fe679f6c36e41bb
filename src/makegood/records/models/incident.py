"""One failure of many customers at once: a street, an outage, a missed round."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.severity import Harm


class Incident(models.Model):
    """A service that failed in an area, for everybody there; `area` is empty for everywhere.

    Each customer has a case of their own, but one owner says one truth to all. `reached` is the
    last customer looked at while the cases are opened, `spread_at` when all were; `missed` are
    those whose case could not be opened, for people to see to. It is over when it works again,
    when it `was_false` and nothing had failed, or when it is part of another (`merged_into`), which
    its open cases join. Holds no personal data: `title` and `evidence` are the company's words
    about its own service.
    """

    reference = models.CharField(max_length=20, unique=True)
    service = models.ForeignKey("Service", on_delete=models.PROTECT, related_name="incidents")
    area = models.CharField(max_length=60, blank=True)
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="incidents")
    title = models.CharField(max_length=300)
    harm = models.CharField(max_length=20)
    failed_at = models.DateTimeField()
    known_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    reached = models.BigIntegerField(default=0)
    spread_at = models.DateTimeField(null=True)
    missed = models.JSONField(default=list, db_default=[])
    over_at = models.DateTimeField(null=True)
    over_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.TextField(blank=True)
    was_false = models.BooleanField(default=False, db_default=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "area"],
                condition=Q(over_at__isnull=True),
                name="incident_once_per_service_and_area",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="incident_says_what_failed"),
            models.CheckConstraint(
                condition=Q(harm__in=[harm.value for harm in Harm]), name="incident_harm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(known_at__gte=F("failed_at")), name="incident_known_after_it_failed"
            ),
            models.CheckConstraint(
                condition=Q(over_at__isnull=True, over_by__isnull=True, evidence="")
                | (Q(over_at__gte=F("failed_at"), over_by__isnull=False) & ~Q(evidence="")),
                name="incident_is_over_by_evidence",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(over_at__isnull=False, was_false=False) & ~Q(merged_into=F("id"))),
                name="incident_is_part_of_another",
            ),
            models.CheckConstraint(
                condition=Q(was_false=False) | Q(over_at__isnull=False),
                name="incident_that_was_none_is_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class IncidentTruth(models.Model):
    """What is said to everybody whom an incident hit, until the next truth; it never changes.

    By `due_at` everybody hears the next one. Cases up to `upto` were open when it was said:
    `reached` is the last of them that was told, `told_at` when all were, `missed` those that could
    not be told; later ones open with it. Holds no personal data.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="truths", db_index=False
    )
    number = models.PositiveIntegerField()
    words = models.TextField()
    due_at = models.DateTimeField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    upto = models.BigIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    missed = models.JSONField(default=list, db_default=[])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "number"], name="incident_truth_by_number"),
            models.CheckConstraint(condition=~Q(words=""), name="incident_truth_has_words"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("said_at")), name="incident_truth_names_a_later_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"truth {self.number} of incident {self.incident_id}"
