"""Keys of other systems to the desk: what each may do, up to which amount, and until when."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from makegood.rules.scopes import Scope

CALLS_PER_MINUTE_MAX = 100_000


class Token(models.Model):
    """One key. Only its SHA-256 is kept; `hint` is its beginning, to recognise it by.

    `limit_minor` bounds each amount that it grants, in minor units of `currency`; without one it
    grants nothing. What it may do never changes; it is only used and revoked, says the database.
    What it does is done for `acts_for`, whoever made it if nobody is named, and it can do no more
    than that person works here. With a `team` it reaches that team's cases alone. In a sandbox
    nothing that it does stays. Holds no personal data beyond who made and revoked it.
    """

    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32)
    hint = models.CharField(max_length=12)
    scopes = ArrayField(models.CharField(max_length=10))
    limit_minor = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    acts_for = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="tokens", db_index=False
    )
    team = models.ForeignKey(
        "Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_sandbox = models.BooleanField(default=False, db_default=False)
    calls_per_minute = models.PositiveIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="token_digest_once"),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0)
                & Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="token_has_known_scopes",
            ),
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True, currency="")
                | Q(limit_minor__isnull=False, currency__regex="^[A-Z]{3}$"),
                name="token_limit_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("made_at")),
                name="token_expires_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__gte=F("made_at"), revoked_by__isnull=False),
                name="token_is_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(calls_per_minute__isnull=True)
                | Q(calls_per_minute__range=(1, CALLS_PER_MINUTE_MAX)),
                name="token_may_call_now_and_then",
            ),
        ]

    def __str__(self) -> str:
        return self.name
