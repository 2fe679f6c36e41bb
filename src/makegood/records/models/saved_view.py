"""A list of cases that somebody wants to see again: its filters under a name."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """Filters of the list of cases, by name; of one person, or shared with their team.

    `address` is the part of the page's address that holds the filters. A deleted view is kept for
    a while, so that it can be brought back. Personal data: `name` and `address`, which may hold
    words that were searched for.
    """

    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="saved_views")
    team = models.ForeignKey(
        "Team", on_delete=models.PROTECT, null=True, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=2000, blank=True)
    is_default = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(deleted_at__isnull=True),
                name="saved_view_named_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="saved_view_one_default_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name
