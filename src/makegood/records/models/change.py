"""Who changed what of the desk's settings, when, from what to what: a list that only grows."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Thing(models.TextChoices):
    """What can be set."""

    SERVICE = "service"
    ASSET = "asset"
    LADDER = "ladder"
    DUTY = "duty"
    CALENDAR = "calendar"
    TEAM = "team"
    STAFF = "staff"
    CREW = "crew"
    ROUND = "round"
    AUTHORITY = "authority"
    CONFLICT = "conflict"
    SCHEME = "scheme"
    GESTURE = "gesture"
    BUDGET = "budget"
    TOKEN = "token"  # noqa: S105 - the name of a thing
    SIGN_IN = "sign_in"
    RETENTION = "retention"
    SIGNALS = "signals"
    PARTNER = "partner"


class Deed(models.TextChoices):
    """What was done to it."""

    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"


class SettingsChange(models.Model):
    """One change. `fields` names all that changed; `before` and `after` hold their plain values.

    Values that are personal stand in `SettingsWords`, so that they can be erased. Nobody in `by`
    means the command line. Holds no personal data beyond which of the staff did it, and to whom.
    """

    thing = models.CharField(max_length=10, choices=Thing.choices)
    key = models.CharField(max_length=120)
    deed = models.CharField(max_length=10, choices=Deed.choices)
    fields = ArrayField(models.CharField(max_length=40))
    before = models.JSONField()
    after = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undone")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thing", "key"], name="settings_change_by_thing")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["undoes"], name="settings_change_undone_once"),
            models.CheckConstraint(
                condition=Q(fields__len__gt=0), name="settings_change_changes_something"
            ),
            models.CheckConstraint(
                condition=Q(thing__in=Thing.values) & Q(deed__in=Deed.values),
                name="settings_change_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing} {self.key} {self.deed}"


class SettingsWords(models.Model):
    """The personal values of one change, beside it. Personal data: `before`, `after`."""

    change = models.OneToOneField(SettingsChange, on_delete=models.PROTECT, related_name="words")
    before = models.JSONField()
    after = models.JSONField()

    def __str__(self) -> str:
        return f"words of {self.change_id}"
