"""Raw news of a failure, kept as it came in, once."""

from typing import ClassVar

from django.db import models


class Report(models.Model):
    """What came in, unchanged (law 5), once per source and id. Personal data: `raw`."""

    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    channel = models.CharField(max_length=20)
    raw = models.JSONField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    case = models.ForeignKey("Case", on_delete=models.PROTECT, null=True, related_name="reports")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
