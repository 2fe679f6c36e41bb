"""Rounds: services that come again by a rule, to whom, and what became of each day."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from makegood.rules.calendars import Interval
from makegood.rules.rounds import Came, Plan, Shift
from makegood.rules.severity import Harm


class Round(models.Model):
    """A service that comes again by a rule, such as bins on Fridays. Holds no personal data.

    It comes to its stops or, without any, to everybody of the service in `areas` (districts of
    postcodes; none is everywhere). `missed_title` and `missed_words` are what everybody hears when
    it was missed, in the name of `owner`.
    """

    name = models.CharField(max_length=40, unique=True)
    service = models.ForeignKey("Service", on_delete=models.PROTECT, related_name="rounds")
    calendar = models.ForeignKey("WorkingCalendar", on_delete=models.PROTECT, related_name="rounds")
    crew = models.ForeignKey("Crew", on_delete=models.PROTECT, null=True, related_name="rounds")
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="rounds")
    rule = models.CharField(max_length=200)
    first_day = models.DateField()
    left_out = ArrayField(models.DateField(), default=list, blank=True)
    added = ArrayField(models.DateField(), default=list, blank=True)
    shift = models.CharField(max_length=10)
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    report_minutes = models.PositiveSmallIntegerField(default=60)
    areas = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    harm = models.CharField(max_length=20, default=Harm.DELAYED.value)
    missed_title = models.CharField(max_length=300)
    missed_words = models.TextField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=1440), name="round_has_hours"
            ),
            models.CheckConstraint(
                condition=~Q(rule="") & Q(shift__in=[shift.value for shift in Shift]),
                name="round_comes_by_a_rule",
            ),
            models.CheckConstraint(
                condition=~Q(missed_title="")
                & ~Q(missed_words="")
                & Q(harm__in=[harm.value for harm in Harm]),
                name="round_says_what_it_is_to_miss_it",
            ),
            models.CheckConstraint(
                condition=Q(report_minutes__lte=2880), name="round_is_reported_within_two_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def plan(self) -> Plan:
        """When it comes, as the rules know it; one query for the holidays."""
        return Plan(
            rule=self.rule,
            first=self.first_day,
            hours=Interval(opens=self.opens, closes=self.closes),
            calendar=self.calendar.facts(),
            shift=Shift(self.shift),
            left_out=frozenset(self.left_out),
            added=frozenset(self.added),
        )


class RoundStop(models.Model):
    """An asset at which a round stops, in the order of the way. Holds no personal data."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stops", db_index=False)
    asset = models.ForeignKey("Asset", on_delete=models.PROTECT, related_name="stops")
    place = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "asset"], name="round_stops_once_at_an_asset"),
        ]

    def __str__(self) -> str:
        return f"stop {self.place} of round {self.round_id}"


class RoundWord(models.Model):
    """A promise that we come with a round, whatever that is called by then. No personal data."""

    promise = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="by_round")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="words")

    def __str__(self) -> str:
        return f"promise {self.promise_id} by round {self.round_id}"


class RoundRun(models.Model):
    """One day of a round: when it was planned and comes, and what became of it.

    `look_at` is a clock: if nobody has reported by then, the round was missed. What was missed of
    a part stands in `missed_areas` or `missed_stops`; `incident` is what became of that. Holds no
    personal data: `note` is what the crew saw on its way.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="runs", db_index=False)
    planned = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    moved_by = models.CharField(max_length=300, blank=True)
    look_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True)  # noqa: DJ001 - no outcome is not an empty one
    by_silence = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=300, blank=True)
    missed_areas = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    missed_stops = ArrayField(models.BigIntegerField(), default=list, blank=True)
    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, null=True, related_name="runs"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="round_run_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "planned"], name="round_runs_once_a_day"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="round_run_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, settled_at__isnull=True, look_at__isnull=False)
                | Q(
                    outcome__isnull=False,
                    outcome__in=[came.value for came in Came],
                    settled_at__gte=F("opens_at"),
                    look_at__isnull=True,
                ),
                name="round_run_waits_or_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(by_silence=False)
                | Q(outcome__isnull=False, settled_at__gte=F("closes_at")),
                name="round_run_is_silent_only_after_its_hours",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, incident__isnull=True)
                | Q(outcome=Came.DONE.value)
                | Q(outcome__isnull=False, incident__isnull=False),
                name="round_run_missed_is_an_incident",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Came.PART.value) | ~Q(missed_areas=[]) | ~Q(missed_stops=[]),
                name="round_run_done_in_part_says_which",
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.round_id} on {self.planned}"
