"""What somebody outside the company decided on a case that ended without a yes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.reviews import ReviewVerdict


class Review(models.Model):
    """Who outside decided on a parting, on which day, and what; of several the newest counts.

    `reviewer` is an office, such as an ombudsman; `words` are theirs, or a reference to them.
    Only erasing changes one. Personal data: `words`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="reviews")
    parting = models.ForeignKey("Parting", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.CharField(max_length=200)
    decided_on = models.DateField()
    verdict = models.CharField(max_length=15)
    words = models.TextField()
    recorded_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict__in=[each.value for each in ReviewVerdict]),
                name="review_verdict_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(reviewer="") & ~Q(words=""), name="review_says_who_decided_and_what"
            ),
        ]

    def __str__(self) -> str:
        return f"review of parting {self.parting_id}"
