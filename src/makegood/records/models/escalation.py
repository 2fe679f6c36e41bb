"""Who of the company was told about a promise, why, and what they answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.escalation import Reason, Role


class Escalation(models.Model):
    """One telling of one person about one promise that is still open.

    `role` is the rung, `staff` who was told for it, `skipped` who was not there and why (so that
    nobody is skipped silently). `speak_again_at` is a clock: unless the promise is settled by
    then, the rung above hears it (not acknowledged) or it speaks again (acknowledged).
    After a break, `promise` is the promise of news that followed and `broken` the broken one.
    Personal data: `skipped`, which names who of the staff was absent until when.
    """

    case = models.ForeignKey(
        "Case", on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    broken = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12)
    role = models.CharField(max_length=10)
    staff = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="escalations", db_index=False
    )
    skipped = models.JSONField(default=list)
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    speak_again_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["speak_again_at"],
                condition=Q(speak_again_at__isnull=False),
                name="escalation_waiting",
            ),
            models.Index(
                fields=["staff"],
                condition=Q(acknowledged_at__isnull=True),
                name="escalation_unanswered",
            ),
            models.Index(fields=["case"], name="escalation_by_case"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise", "number"], name="escalation_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in Reason]),
                name="escalation_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="escalation_role_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} told of promise {self.promise_id}"
