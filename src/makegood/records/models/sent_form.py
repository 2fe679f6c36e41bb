"""Forms of the desk that were sent, so that one which is sent twice counts once."""

from typing import ClassVar

from django.db import models


class SentForm(models.Model):
    """One form as it was opened on one page; its key is taken by the act that it did.

    Kept for a day, since nobody sends a form twice after that. Holds no personal data.
    """

    staff = models.ForeignKey("Staff", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "key"], name="form_counts_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["staff", "sent_at"], name="sent_form_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.key}"
