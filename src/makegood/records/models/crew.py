"""Who goes out to customers: crews with skills, areas, hours and capacity, and when they cannot."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Crew(models.Model):
    """People who go out together, and what they can do where and when.

    `areas` are the beginnings of the postcodes that they serve; none is everywhere. A crew does
    `capacity` visits at once, in windows of `slot_minutes` of its calendar. `look_at` is a clock:
    when to look for times that it holds and cannot keep. Holds no personal data.
    """

    name = models.CharField(max_length=100, unique=True)
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="crews")
    calendar = models.ForeignKey("WorkingCalendar", on_delete=models.PROTECT, related_name="crews")
    members: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Staff", related_name="crews"
    )
    skills = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    areas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(default=1)
    slot_minutes = models.PositiveSmallIntegerField(default=120)
    retired_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="crew_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(capacity__range=(1, 20)), name="crew_does_a_few_visits_at_once"
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__range=(15, 720)), name="crew_windows_are_of_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CrewAbsence(models.Model):
    """A time in which a crew cannot come, whatever its calendar says. Holds no personal data."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="crew_absence_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__gte=F("recorded_at")),
                name="crew_absence_withdrawn_after_it_was_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"crew {self.crew_id} away from {self.starts_at:%Y-%m-%d %H:%M}Z"


class CalendarFeed(models.Model):
    """An address at which somebody's or a crew's visits can be subscribed to.

    Only the digest of its secret is kept; it works until it is revoked. Holds no personal data.
    """

    token_digest = models.BinaryField(max_length=32, unique=True)
    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, null=True, related_name="feeds")
    staff = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="feeds")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(crew__isnull=False, staff__isnull=True)
                | Q(crew__isnull=True, staff__isnull=False),
                name="feed_is_of_a_crew_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("made_at")),
                name="feed_revoked_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"
