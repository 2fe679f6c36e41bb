"""Marks that were set by mistake, and what stands in their place."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Correction(models.Model):
    """A promise that was marked as kept by mistake, and the same word that is open again.

    The old promise stays settled (law 3); `again` is the promise that the clock judges. Holds no
    personal data beyond who of the staff corrected it.
    """

    promise = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="correction")
    again = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="corrects")
    by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(promise=F("again")), name="correction_is_another_promise"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} stands again as {self.again_id}"
