"""What of an incident waits for people, when the clock looks at it, and who was told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.escalation import Reason, Role


class IncidentWatch(models.Model):
    """The clocks of one incident. Holds no personal data.

    `look_at`: when to look whether somebody was left to people, or whether the next news, promised
    to everybody, was said. `owed_from`: since when what schemes owe for it is to be worked out
    anew, in batches of its cases; `owed_after` is the last one that was watched.
    """

    incident = models.OneToOneField("Incident", on_delete=models.PROTECT, related_name="watch")
    look_at = models.DateTimeField(null=True)
    owed_from = models.DateTimeField(null=True)
    owed_after = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "incident watches"
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"],
                condition=Q(look_at__isnull=False),
                name="incident_waiting_for_a_look",
            ),
            models.Index(
                fields=["owed_from"],
                condition=Q(owed_from__isnull=False),
                name="incident_owed_is_watched",
            ),
        ]

    def __str__(self) -> str:
        return f"watch of incident {self.incident_id}"


class IncidentTelling(models.Model):
    """One telling of one person that something of an incident waits for people.

    As an escalation: `role` is the rung, `skipped` who was not there and why. Unless nothing waits
    any more by `speak_again_at`, the rung above hears it; `settled_at` is when nothing did.
    Personal data: `skipped`, which names who of the staff was absent until when.
    """

    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, related_name="tellings", db_index=False
    )
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12)
    role = models.CharField(max_length=10)
    staff = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="incident_tellings", db_index=False
    )
    skipped = models.JSONField(default=list)
    told_at = models.DateTimeField()
    speak_again_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["staff"],
                condition=Q(acknowledged_at__isnull=True, settled_at__isnull=True),
                name="incident_telling_unanswered",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="incident_telling_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in Reason])
                & Q(role__in=[role.value for role in Role]),
                name="incident_telling_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} told of incident {self.incident_id}"
