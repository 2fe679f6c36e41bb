"""What is given to a customer to make a failure good, and what has to be asked before."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.remedies import (
    MONEY_KINDS,
    OF_A_SCHEME,
    THING_KINDS,
    RemedyKind,
    RemedyOutcome,
    Source,
    Terms,
)

_KINDS = [kind.value for kind in RemedyKind]
_SOURCES = [source.value for source in Source]
_OF_A_SCHEME = sorted(source.value for source in OF_A_SCHEME)
_MONEY = sorted(kind.value for kind in MONEY_KINDS)
_THINGS = sorted(kind.value for kind in THING_KINDS)


class Fee(models.Model):
    """A fee or penalty that a customer was charged; one that our failure caused is waived.

    Kept once by source and id. Holds no personal data beyond whose it is.
    """

    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="fees")
    what = models.CharField(max_length=200)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    charged_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=50)
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="fee_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, currency__regex=r"^[A-Z]{3}$") & ~Q(what=""),
                name="fee_is_an_amount_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"fee {self.pk}: {self.what}"


class TermsColumns(models.Model):
    """The columns of what is given, alike in a request and in a remedy."""

    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="%(class)ss")
    kind = models.CharField(max_length=12)
    source = models.CharField(max_length=10)
    scheme = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=40, blank=True)
    trace = models.JSONField(default=list)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    thing = models.CharField(max_length=200, blank=True)
    because = models.CharField(max_length=300)
    late_minor = models.PositiveBigIntegerField(default=0)
    pay_by = models.DateTimeField(null=True)
    fee = models.ForeignKey(
        Fee, on_delete=models.PROTECT, null=True, related_name="%(class)ss", db_index=False
    )
    key = models.CharField(max_length=100)

    class Meta:
        abstract = True

    def terms(self) -> Terms:
        """What is given, as the rules know it."""
        return Terms(
            kind=RemedyKind(self.kind),
            source=Source(self.source),
            amount_minor=self.amount_minor,
            currency=self.currency,
            because=self.because,
            thing=self.thing,
            scheme=self.scheme,
            version=self.version,
        )


def _terms_constraints(noun: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["key"], name=f"{noun}_once_by_key"),
        models.CheckConstraint(
            condition=Q(kind__in=_MONEY, amount_minor__gt=0, thing="")
            | (Q(kind__in=_THINGS) & ~Q(thing="")),
            name=f"{noun}_is_money_or_a_thing",
        ),
        models.CheckConstraint(
            condition=Q(source__in=_SOURCES)
            & (
                (~Q(source__in=_OF_A_SCHEME) & Q(scheme=""))
                | (Q(source__in=_OF_A_SCHEME) & ~Q(scheme=""))
            ),
            name=f"{noun}_says_where_it_comes_from",
        ),
        models.CheckConstraint(
            condition=Q(currency__regex=r"^[A-Z]{3}$") & ~Q(because=""),
            name=f"{noun}_has_a_currency_and_a_reason",
        ),
        models.CheckConstraint(
            condition=Q(kind="waiver", fee__isnull=False)
            | (~Q(kind="waiver") & Q(fee__isnull=True)),
            name=f"{noun}_waives_a_fee",
        ),
    ]


class ApprovalRequest(TermsColumns):
    """A wish to give more than the asker may give alone, before a named person, with a clock.

    `due_at` is a clock: a small sum is approved when nobody has answered by then; a larger one
    goes to the next person up the ladder. Nothing is ever refused by silence, and only another
    person than who asked decides. Personal data: `because`, `why`, `instead`.
    """

    requested_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approver = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="approvals")
    due_at = models.DateTimeField()
    passed_on = models.PositiveSmallIntegerField(default=0)
    small_minor = models.PositiveBigIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    by_default = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    instead = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(decided_at__isnull=True), name="approval_waiting"
            ),
        ]
        constraints: ClassVar = [
            *_terms_constraints("approval"),
            models.CheckConstraint(
                condition=~Q(source="found"), name="approval_is_not_asked_for_found_money"
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=F("approver")) & ~Q(requested_by=F("decided_by")),
                name="approval_by_another_than_who_asked",
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_at__isnull=True,
                    approved__isnull=True,
                    decided_by__isnull=True,
                    by_default=False,
                )
                | Q(decided_at__isnull=False, approved__isnull=False),
                name="approval_open_or_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(by_default=False, decided_by__isnull=False)
                | Q(
                    by_default=True,
                    decided_by__isnull=True,
                    approved=True,
                    decided_at__gte=F("due_at"),
                    amount_minor__lte=F("small_minor"),
                ),
                name="approval_by_silence_only_of_small_sums",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True)
                | Q(approved=True)
                | (~Q(why="") & ~Q(instead="")),
                name="approval_declined_with_a_reason_and_an_alternative",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="approval_due_after_it_was_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk} on case {self.case_id}"


class Remedy(TermsColumns):
    """Something given to a customer: granted means paid, so it is promised until it arrived.

    `promise` is the promise by which it is due; if that breaks, another takes its place. What was
    granted never changes; it is settled once. `late_for`: this is the second payment that a scheme
    owes because that one came late. Money that was found of theirs is granted by nobody. `team` is
    where it is booked. Personal data: `because`.
    """

    promise = models.OneToOneField("Promise", on_delete=models.PROTECT, related_name="remedy")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="granted"
    )
    approval = models.OneToOneField(
        ApprovalRequest, on_delete=models.PROTECT, null=True, related_name="remedy"
    )
    late_for = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="second"
    )
    of_incident = models.ForeignKey(
        "IncidentRemedy", on_delete=models.PROTECT, null=True, related_name="grants", db_index=False
    )
    outcome = models.CharField(max_length=10, null=True)  # noqa: DJ001 - no outcome is not an empty one
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "remedies"
        indexes: ClassVar = [
            models.Index(
                fields=["pay_by"],
                condition=Q(outcome__isnull=True, late_minor__gt=0),
                name="remedy_waiting_to_be_late",
            ),
        ]
        constraints: ClassVar = [
            *_terms_constraints("remedy"),
            models.UniqueConstraint(
                fields=["of_incident", "case"],
                condition=Q(of_incident__isnull=False),
                name="remedy_of_an_incident_once_per_case",
            ),
            models.UniqueConstraint(
                fields=["fee"],
                condition=Q(outcome__isnull=True) | Q(outcome="arrived"),
                name="remedy_waives_a_fee_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, settled_at__isnull=True)
                | Q(
                    outcome__isnull=False,
                    outcome__in=[outcome.value for outcome in RemedyOutcome],
                    settled_at__gte=F("granted_at"),
                ),
                name="remedy_open_or_settled",
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=False)
                | Q(late_for__isnull=False)
                | Q(source="found"),
                name="remedy_is_granted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(source="found"), name="remedy_of_found_money_once"
            ),
        ]

    def __str__(self) -> str:
        return f"remedy {self.pk} on case {self.case_id}"


class Withholding(models.Model):
    """Somebody could give a remedy, and did not: counted, and whether they relented later.

    Their reason stands on the case's timeline. Only grows. Holds no personal data beyond who.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="withholdings")
    staff = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    asked = models.BooleanField()
    """Whether the customer had asked for it."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="withholding_has_a_currency"
            ),
        ]

    def __str__(self) -> str:
        return f"withholding {self.pk} on case {self.case_id}"
