"""Visits to customers, and the times of crews that are held for them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.visits import Access, Cause, Failing, VisitOutcome


class Visit(models.Model):
    """One coming to a customer: tentative until it is confirmed, and then done, failed or off.

    `uuid` and `sequence` are those of its calendar entry. `look_at` is a clock: when to look
    whether it can be, whether anybody came, how it ended, or whether there is a slot by now.
    `promise` is the word that we come, `diagnosis` what has to be brought, `follows` the visit that
    failed before. Personal data: `what` and `note`, which may say what was seen at the customer's.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="visits")
    diagnosis = models.ForeignKey(
        "Diagnosis", on_delete=models.PROTECT, null=True, related_name="visits"
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="visits"
    )
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by"
    )
    what = models.CharField(max_length=200)
    skill = models.CharField(max_length=60, blank=True)
    access = models.CharField(max_length=10, default=Access.NOT_NEEDED.value)
    sequence = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    look_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True)  # noqa: DJ001 - no outcome is not an empty one
    failing = models.CharField(max_length=10, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="visit_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what=""), name="visit_is_for_something"),
            models.CheckConstraint(
                condition=Q(access__in=[access.value for access in Access]),
                name="visit_access_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, ended_at__isnull=True, failing="")
                | Q(
                    outcome__in=[outcome.value for outcome in VisitOutcome],
                    outcome__isnull=False,
                    ended_at__isnull=False,
                    look_at__isnull=True,
                ),
                name="visit_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=False) | Q(look_at__isnull=False),
                name="visit_open_is_watched",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=VisitOutcome.DONE.value) | Q(arrived_at__isnull=False),
                name="visit_done_by_who_came",
            ),
            models.CheckConstraint(
                condition=Q(failing="")
                | Q(
                    failing__in=[failing.value for failing in Failing],
                    outcome=VisitOutcome.FAILED.value,
                ),
                name="visit_fails_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=VisitOutcome.FAILED.value) | ~Q(failing=""),
                name="visit_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} of case {self.case_id}"


class Slot(models.Model):
    """A time of a crew, held for one visit. A moved visit releases it and holds another.

    `why` says by which reasons it was found. No two that are held overlap in a crew's lane
    (`slot_is_never_double_booked`, in SQL). Holds no personal data.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveIntegerField()
    crew = models.ForeignKey("Crew", on_delete=models.PROTECT, related_name="slots")
    lane = models.PositiveSmallIntegerField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    why = models.JSONField(default=list)
    held_at = models.DateTimeField()
    held_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    released_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["crew", "opens_at"],
                condition=Q(released_at__isnull=True),
                name="slot_by_crew_and_time",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "number"], name="slot_once_per_number"),
            models.UniqueConstraint(
                fields=["visit"],
                condition=Q(released_at__isnull=True),
                name="slot_one_at_a_time_for_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="slot_opens_before_it_closes"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, cause="")
                | Q(
                    released_at__gte=F("held_at"),
                    cause__in=[*(cause.value for cause in Cause), "ended"],
                ),
                name="slot_released_for_a_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.number} of visit {self.visit_id}"
