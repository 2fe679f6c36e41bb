"""What the company knows and says: offers, tariffs, flyers and answers, version by version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.articles import ArticleKind, Knowledge
from makegood.rules.figures import Figure


class Article(models.Model):
    """One version of an article; a change writes the next one, and this one stays as it was.

    `series` is what its versions share, `about` the thing it speaks of, `figures` what can be
    compared: name, number, unit and bound of each. An empty `area` is everywhere. `owner` answers
    for it. Holds no personal data: it is what the company says to everybody.
    """

    series = models.UUIDField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    about = models.CharField(max_length=200)
    words = models.TextField()
    figures = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    area = models.CharField(max_length=60, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="articles")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["from_on"],
                condition=Q(replaced_at__isnull=True, withdrawn_at__isnull=True),
                name="article_in_use",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="article_once_per_number"),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(replaced_at__isnull=True),
                name="article_one_latest_per_series",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(about="") & ~Q(words=""),
                name="article_says_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in ArticleKind]),
                name="article_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="article_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(why=""), name="article_is_changed_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="article_is_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def facts(self) -> Knowledge:
        """The article as the rules know it."""
        return Knowledge(
            about=self.about,
            figures=tuple(Figure(**one) for one in self.figures),
            from_on=self.from_on,
            until_on=self.until_on,
            area=self.area,
        )
