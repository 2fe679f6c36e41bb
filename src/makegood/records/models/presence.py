"""Who looks at a case at this moment, so that two people do not work past one another."""

from typing import ClassVar

from django.db import models


class Presence(models.Model):
    """One of the staff on the page of one case; gone when they leave, or are not seen for a while.

    The table is unlogged: a crash of the database empties it, and pages fill it again within
    seconds. Holds no personal data beyond who of the staff looks at which case.
    """

    case = models.ForeignKey("Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    staff = models.ForeignKey("Staff", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    typing = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "staff"], name="presence_once_per_person_and_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} at case {self.case_id}"
