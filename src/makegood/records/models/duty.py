"""Who is there when: shifts, on-call watches and absences, each a span of time."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class DutyKind(models.TextChoices):
    """What the span says about the person."""

    SHIFT = "shift"
    ON_CALL = "on_call"
    ABSENCE = "absence"


class Duty(models.Model):
    """One span of a person's availability, half-open: at `ends_at` it is over.

    Somebody without shifts works their team's calendar. Personal data: who was absent when.
    """

    staff = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField(max_length=10, choices=DutyKind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cover = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, blank=True, related_name="cover_duties"
    )

    class Meta:
        verbose_name_plural = "duties"
        indexes: ClassVar = [
            models.Index(fields=["staff", "ends_at"], name="duty_by_person"),
            models.Index(fields=["ends_at"], name="duty_by_end"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DutyKind.values), name="duty_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | ~Q(cover=F("staff")),
                name="duty_cover_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"
