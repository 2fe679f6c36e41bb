"""One failure of the company towards one customer, from the first news until it is right."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.severity import Exposure, Function, Harm

_CLOSERS = ("closed_by_contact", "closed_by_asking", "closed_by_parting")


def _closed_by(closer: str | None) -> Q:
    """Open without any of them, or closed by just this one."""
    given = {f"{each}__isnull": each != closer for each in _CLOSERS}
    return Q(closed_at__isnull=closer is None, **given)


class Case(models.Model):
    """A failure, its owner and its severity.

    `failed_at` is when the service became wrong, `known_at` when the company first heard or saw
    it, `recorded_at` when the case was written. A case is closed by the contact in which the
    customer said that it is right, by the second question that nobody answered, or by a manager's
    record that they could not be satisfied (law 8). `meanwhile` is what to do until it is right.
    Personal data: `title`, `wanted` and `meanwhile`, which may quote the customer.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="cases")
    asset = models.ForeignKey("Asset", on_delete=models.PROTECT, null=True, related_name="cases")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    title = models.CharField(max_length=300)
    wanted = models.TextField(blank=True)
    meanwhile = models.TextField(blank=True, default="", db_default="")
    known_failure = models.ForeignKey(
        "KnownFailure", on_delete=models.PROTECT, null=True, related_name="cases", db_index=False
    )
    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, null=True, related_name="cases", db_index=False
    )
    function = models.CharField(max_length=20)
    harm = models.CharField(max_length=20)
    exposure = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    severity_because = models.CharField(max_length=300)
    failed_at = models.DateTimeField()
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_contact = models.ForeignKey(
        "Contact", on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_by_asking = models.ForeignKey(
        "Asking", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_by_parting = models.ForeignKey(
        "Parting", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_canary = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["owner"], condition=Q(closed_at__isnull=True), name="case_open_by_owner"
            ),
            models.Index(fields=["owner", "id"], include=["closed_at"], name="case_by_owner"),
            models.Index(
                fields=["customer", "asset"],
                condition=Q(closed_at__isnull=True),
                name="case_open_by_asset",
            ),
            models.Index(
                fields=["known_at"], condition=Q(closed_at__isnull=True), name="case_open_by_age"
            ),
            models.Index(
                fields=["known_failure"],
                condition=Q(closed_at__isnull=True, known_failure__isnull=False),
                name="case_open_by_known_failure",
            ),
            models.Index(
                fields=["severity", "known_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="case_open_by_severity",
            ),
            models.Index(
                fields=["incident", "id"],
                condition=Q(incident__isnull=False),
                name="case_by_incident",
            ),
            models.Index(fields=["severity", "known_at", "id"], name="case_by_severity"),
            models.Index(fields=["known_at", "id"], name="case_by_age"),
            models.Index(
                fields=["function", "harm", "severity", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="case_ended_alike",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4)), name="case_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(function__in=[function.value for function in Function])
                & Q(harm__in=[harm.value for harm in Harm])
                & Q(exposure__in=[exposure.value for exposure in Exposure]),
                name="case_severity_is_of_what_is_broken",
            ),
            models.CheckConstraint(
                condition=Q(known_at__gte=F("failed_at")), name="case_known_after_it_failed"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("known_at")),
                name="case_closed_after_it_was_known",
            ),
            models.CheckConstraint(
                condition=_closed_by(None)
                | _closed_by("closed_by_contact")
                | _closed_by("closed_by_asking")
                | _closed_by("closed_by_parting"),
                name="case_closed_by_an_answer_a_silence_or_a_parting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Handover(models.Model):
    """One offer of a case to another owner; it completes when that person accepts.

    It ends without a change when they decline, or when somebody takes it back before they
    answered: then `withdrawn_by` says who, and `declined_at` when.
    Holds no personal data beyond who of the staff was asked; `why` should not name the customer.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handovers")
    from_staff = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    to_staff = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="handovers_offered"
    )
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True),
                name="handover_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=~Q(from_staff=F("to_staff")), name="handover_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="handover_answered_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True) | Q(declined_at__isnull=False),
                name="handover_withdrawn_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_staff_id} to {self.to_staff_id}"


class CaseLink(models.Model):
    """A customer's key to the page of one case: unguessable, expiring, revocable.

    Only the SHA-256 of the token is kept, so that a copy of the database opens no page. Holds no
    personal data itself.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    token_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="case_link_expires_after_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return f"link to case {self.case_id}"
