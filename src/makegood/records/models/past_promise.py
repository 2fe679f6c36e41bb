"""What was promised and done before Makegood came, as another system's log says."""

from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from makegood.rules.metrics.past import Past


class PastPromise(models.Model):
    """A promise that was over when its log came in: `name` is the date's column in that log.

    It is of no case: nobody here gave it, the clock never watched it, and closed in a log is no
    customer's word (law 8). It counts on the wall as kept or broken, and as nothing else. Holds no
    personal data: `external_id` is the number of a request.
    """

    log = models.CharField(max_length=100)
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=100)
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["log", "external_id", "name"], name="past_promise_once"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("said_at"), done_at__gte=F("said_at"))
                & Q(recorded_at__gte=F("done_at")),
                name="past_promise_was_said_then_done_then_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.log} {self.external_id}: {self.name}"

    def facts(self) -> Past:
        """What the metrics need to know of it, in the zone of its team's office."""
        return Past(
            id=-self.pk,
            team=self.team_id,
            zone=ZoneInfo(self.team.calendar.zone),
            log=self.log,
            due_at=self.due_at,
            done_at=self.done_at,
        )
