"""Working calendars as a company keeps them: weekly hours, holidays, and how far they are known."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules import calendars


class WorkingCalendar(models.Model):
    """The hours in which an office works, in its own zone.

    `week` holds seven lists, Monday first, of [opens, closes] in minutes after local midnight;
    closes may be 1440. `holiday_code` is the country or region that its holidays were last taken
    from, such as GB-ENG. Holds no personal data.
    """

    name = models.CharField(max_length=100, unique=True)
    zone = models.CharField(max_length=64)
    week = models.JSONField()
    known_until = models.DateField(help_text="Past this day its holidays are not known.")
    holiday_code = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(zone=""), name="calendar_has_a_zone"),
        ]

    def __str__(self) -> str:
        return self.name

    def facts(self) -> calendars.Calendar:
        """The calendar as the rules know it; one query for its holidays."""
        return calendars.from_plain(self.plain())

    def plain(self, holidays: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The calendar as plain JSON values, as policy snapshots keep it.

        :param holidays: if they were read already, else one query reads them.
        """
        if holidays is None:
            days = self.holidays.order_by("day").values_list("day", "name")
            holidays = {day.isoformat(): name for day, name in days}
        return {
            "name": self.name,
            "zone": self.zone,
            "week": self.week,
            "holidays": holidays,
            "known_until": self.known_until.isoformat(),
        }


class Holiday(models.Model):
    """One day on which a calendar's office stays shut. Holds no personal data.

    `is_extra` marks the company's own days, which stay when public holidays are taken anew.
    """

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=200)
    is_extra = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "day"], name="holiday_once_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
