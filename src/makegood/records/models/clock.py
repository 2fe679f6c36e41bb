"""What the clock says of itself: its last pulse, and the rows that it had to set aside."""

from typing import ClassVar

from django.db import models


class ClockPulse(models.Model):
    """The last time each part of the clock finished a round. Holds no personal data."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}Z"


class SetAside(models.Model):
    """A promise whose sweep failed: why, how often, and when it is tried again, alone.

    It holds nobody else up, and the auditor counts it until it is through. Personal data: none is
    meant, but `error` may quote a row; it goes when the promise is through.
    """

    promise = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="set_aside")
    sweep = models.CharField(max_length=20)
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    retry_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["retry_at"], name="set_aside_by_retry")]
        verbose_name_plural = "set aside"

    def __str__(self) -> str:
        return f"promise {self.promise_id}: {self.error[:80]}"
