"""What sends signals of devices, and how their words are read."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from makegood.rules.severity import Harm


class SignalSource(models.Model):
    """A monitor or platform whose signals open cases: where in its JSON which fact stands.

    `paths` maps `id`, `asset`, `at` and `state` to places such as `data.device.serial`. A state in
    `states` is a failure; any other is news. Holds no personal data beyond who made it.
    """

    slug = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    paths = models.JSONField()
    states = ArrayField(models.CharField(max_length=100))
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
