"""What history says of a promise that is still open: how likely it is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Foresight(models.Model):
    """How likely what a promise says is done by `due_at`, as it was looked at last.

    No `chance` where too little is known. It counts for that due time only; once the promise has
    moved it is looked at again. Holds no personal data.
    """

    promise = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="foresight")
    due_at = models.DateTimeField()
    chance = models.FloatField(null=True)
    looked_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(chance__isnull=True) | Q(chance__range=(0, 1)),
                name="foresight_is_a_chance",
            ),
        ]

    def __str__(self) -> str:
        return f"foresight of promise {self.promise_id}"
