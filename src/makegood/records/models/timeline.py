"""What happened in a case, in order, for good: a list that only grows, chained by hash (law 5)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class TimelineEntry(models.Model):
    """One thing that happened. `body` is canonical JSON; `hash` chains it to the entry before.

    hash = SHA-256(previous hash, body), where the first entry of a case follows 32 zero bytes.
    PostgreSQL checks the hash, the link to the entry before and that nothing is changed or
    removed. Holds no personal data: that stands in `TimelineText`, so that it can be erased.
    """

    case = models.ForeignKey(
        "Case", on_delete=models.PROTECT, related_name="timeline", db_index=False
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.TextField()
    prev_seq = models.PositiveIntegerField(null=True)
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name_plural = "timeline entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="timeline_one_entry_per_place"),
            models.UniqueConstraint(
                fields=["case", "seq", "hash"], name="timeline_entry_by_place_and_hash"
            ),
            models.CheckConstraint(
                condition=Q(seq=1, prev_seq__isnull=True) | Q(seq__gt=1, prev_seq=F("seq") - 1),
                name="timeline_has_no_gaps",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.kind}"


class TimelineText(models.Model):
    """The words that belong to a timeline entry, beside it, so that they can be erased.

    The entry's body holds SHA-256(salt, words); erasing removes words and salt, and the chain
    still verifies. Personal data: `words`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="texts", db_index=False)
    seq = models.PositiveIntegerField()
    salt = models.BinaryField(max_length=16)
    words = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="timeline_text_once_per_entry"),
        ]

    def __str__(self) -> str:
        return f"words of {self.case_id}/{self.seq}"
