"""Gestures: the catalogue of small surprises, what each team may spend on them, and those given."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class GestureItem(models.Model):
    """Something small in the catalogue, and what it costs us. Holds no personal data."""

    name = models.CharField(max_length=100)
    cost_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(currency__regex=r"^[A-Z]{3}$"),
                name="gesture_item_has_a_name_and_a_currency",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at__isnull=True), name="gesture_item_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GestureBudget(models.Model):
    """What a team may spend on gestures within `period_days`, in one currency.

    Its terms never change: it ends, and another begins. Holds no personal data.
    """

    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    per_period_minor = models.PositiveBigIntegerField()
    period_days = models.PositiveSmallIntegerField(default=30)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$") & Q(period_days__range=(1, 366)),
                name="gesture_budget_makes_sense",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
                name="gesture_budget_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["team", "currency"],
                condition=Q(ended_at__isnull=True),
                name="gesture_budget_of_a_team_once",
            ),
        ]

    def __str__(self) -> str:
        return f"gestures of team {self.team_id} in {self.currency}"


class Gesture(models.Model):
    """One small thing that nobody had promised, given when all was put right.

    `what` and its cost are as the catalogue had them. It is no remedy: no promise, no payment and
    no figure of what was made good knows of it. Only grows. Holds no personal data beyond who.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="gestures")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(
        GestureItem, on_delete=models.PROTECT, related_name="gestures", db_index=False
    )
    what = models.CharField(max_length=100)
    cost_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["team", "currency", "given_at"], name="gesture_by_team"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], name="gesture_once_per_case"),
            models.UniqueConstraint(fields=["key"], name="gesture_once_by_key"),
        ]

    def __str__(self) -> str:
        return f"gesture on case {self.case_id}"
