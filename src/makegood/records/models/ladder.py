"""The policy that a team has chosen for a severity, where it differs from the default."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Ladder(models.Model):
    """Rungs, grace and limits of silence for one team and severity, from now on.

    Promises keep the snapshot that they were made under (`PolicySnapshot`). `terms` has the shape
    of `rules.policy.to_snapshot`. Holds no personal data.
    """

    team = models.ForeignKey("Team", on_delete=models.CASCADE, related_name="ladders")
    severity = models.PositiveSmallIntegerField()
    terms = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "severity"], name="ladder_once_per_severity"),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4)), name="ladder_severity_1_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} P{self.severity}"
