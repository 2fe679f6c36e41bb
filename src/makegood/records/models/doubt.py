"""Doubts: something contradicts an article in force, and its owner has minutes to answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.doubts import LADDER, Verdict


class Doubt(models.Model):
    """One contradiction: of an article with `words` to a customer, or with another article.

    `holds` is the figure as the article has it, `says` what contradicts it. `act_at` is a clock:
    then the next role on the ladder is asked. A confirmed error leaves a gap in the company's
    knowledge, with an owner (`gap_owner`), until somebody writes what was learned.
    Personal data: `words`.
    """

    article = models.ForeignKey("Article", on_delete=models.PROTECT, related_name="doubts")
    other = models.ForeignKey(
        "Article", on_delete=models.PROTECT, null=True, related_name="doubts_beside"
    )
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="doubts")
    promise = models.ForeignKey("Promise", on_delete=models.PROTECT, null=True, related_name="+")
    claim = models.ForeignKey("Claim", on_delete=models.PROTECT, null=True, related_name="doubts")
    words = models.TextField(blank=True)
    figure = models.CharField(max_length=200)
    holds = models.CharField(max_length=100)
    says = models.CharField(max_length=100)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=10)
    asked = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    act_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=16, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    gap_owner = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="gaps")
    gap_closed_at = models.DateTimeField(null=True)
    gap_closed_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )
    lesson = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["act_at"], condition=Q(act_at__isnull=False), name="doubt_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "article", "figure", "says"],
                condition=Q(other__isnull=True),
                name="doubt_once_per_statement",
            ),
            models.UniqueConstraint(
                fields=["article", "other", "figure"],
                condition=Q(other__isnull=False),
                name="doubt_once_per_two_articles",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True, case__isnull=False) & ~Q(words="")
                | Q(other__isnull=False, case__isnull=True, words=""),
                name="doubt_is_of_words_or_of_two_articles",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[one.value for one in LADDER]), name="doubt_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, verdict="", why="")
                | (
                    Q(
                        answered_at__isnull=False,
                        answered_by__isnull=False,
                        act_at__isnull=True,
                        verdict__in=[one.value for one in Verdict],
                    )
                    & ~Q(why="")
                ),
                name="doubt_is_answered_with_a_verdict_and_why",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", Verdict.BOTH_TRUE.value], gap_owner__isnull=True)
                | Q(
                    verdict__in=[Verdict.ARTICLE_WRONG.value, Verdict.STATEMENT_WRONG.value],
                    gap_owner__isnull=False,
                ),
                name="doubt_of_an_error_leaves_a_gap_with_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(gap_closed_at__isnull=True, gap_closed_by__isnull=True, lesson="")
                | (
                    Q(
                        gap_closed_at__isnull=False,
                        gap_closed_by__isnull=False,
                        gap_owner__isnull=False,
                    )
                    & ~Q(lesson="")
                ),
                name="doubt_gap_is_closed_by_what_was_learned",
            ),
        ]

    def __str__(self) -> str:
        return f"doubt {self.pk} about {self.figure}"
