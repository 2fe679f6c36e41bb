"""What the wall shows, counted ahead: each day's samples, and where the counting has got to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class DailyCount(models.Model):
    """The samples of one metric on one day of one team: `cases[i]` gave `values[i]`.

    A number below zero is that of something which is of no case: in M29 of a doubt about two
    articles, elsewhere of a past promise.

    `key` parts a metric: a currency, or who gave a word; the whole has none. A value that is not
    known is null. `known` and `total` are those of the values, so that shares need not open them.
    It can always be counted again; `verify` does. Personal data: `key` may name who of the staff
    gave a word, by number.
    """

    metric = models.CharField(max_length=10)
    key = models.CharField(max_length=220, blank=True)
    day = models.DateField()
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    cases = ArrayField(models.BigIntegerField())
    values = ArrayField(models.BigIntegerField(null=True))
    n = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    total = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            # With the sums in it, so that a year of them is read without their cases.
            models.Index(
                fields=["metric", "day"],
                include=["team", "key", "n", "known", "total"],
                name="daily_count_sums",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["metric", "day", "team", "key"], name="daily_count_once"
            ),
            models.CheckConstraint(
                condition=Q(n__gt=0, known__lte=F("n")), name="daily_count_is_of_something"
            ),
            models.CheckConstraint(
                condition=Q(cases__len=F("n"), values__len=F("n")),
                name="daily_count_has_a_value_of_each_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.key} {self.day}"


class CountedCase(models.Model):
    """On which days a case has samples, so that they can be taken out when it has changed.

    Holds no personal data.
    """

    case = models.OneToOneField(
        "Case", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    days = ArrayField(models.DateField())

    def __str__(self) -> str:
        return f"days of case {self.case_id}"


class CountingPlace(models.Model):
    """How far the counting has got: up to which entry of the timelines, and as of when.

    `reread_from` is the entry from which the next round reads again, since a transaction that was
    open at the last round may commit an earlier number than it has seen. Holds no personal data.
    """

    name = models.CharField(max_length=10, primary_key=True)
    upto = models.BigIntegerField()
    reread_from = models.BigIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: up to {self.upto}"
