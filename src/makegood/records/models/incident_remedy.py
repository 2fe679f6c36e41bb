"""What everybody whom an incident hit is given: decided once, by who answers for the whole sum."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.remedies import MONEY_KINDS, THING_KINDS, RemedyKind, Source, Terms

_MONEY = sorted(kind.value for kind in MONEY_KINDS - {RemedyKind.WAIVER})
_THINGS = sorted(kind.value for kind in THING_KINDS)


class IncidentRemedy(models.Model):
    """One remedy for everybody, published with a truth that tells it; it never changes.

    By a `scheme`, `amount_minor` is the most that anybody is given, and each is given what it owes
    by their own facts. Who decides on it answers for `at_most` times `amount_minor`, of which
    `granted` counts to how many it was given. `to_one_minor` and `period_days` are the authority
    under which it was decided. Holds no personal data: `because` is the company's word about its
    own failure.
    """

    incident = models.OneToOneField(
        "Incident", on_delete=models.PROTECT, related_name="remedy", db_index=False
    )
    truth = models.OneToOneField("IncidentTruth", on_delete=models.PROTECT, related_name="remedy")
    kind = models.CharField(max_length=12)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    thing = models.CharField(max_length=200, blank=True)
    scheme = models.CharField(max_length=60, blank=True, default="", db_default="")
    because = models.CharField(max_length=300)
    at_most = models.PositiveBigIntegerField()
    to_one_minor = models.PositiveBigIntegerField()
    period_days = models.PositiveIntegerField()
    decided_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    granted = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "incident remedies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=_MONEY, amount_minor__gt=0, thing="")
                | (Q(kind__in=_THINGS) & ~Q(thing="")),
                name="incident_remedy_is_money_or_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$") & ~Q(because=""),
                name="incident_remedy_has_a_currency_and_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(scheme="") | Q(kind__in=_MONEY),
                name="incident_remedy_by_a_scheme_is_money",
            ),
            models.CheckConstraint(
                condition=Q(granted__lte=F("at_most")),
                name="incident_remedy_goes_to_no_more_than_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"remedy of incident {self.incident_id}"

    @property
    def sum_minor(self) -> int:
        """What it costs at most."""
        return self.amount_minor * self.at_most

    def terms(self) -> Terms:
        """What each is given, as the rules know it; by a scheme, the most that anybody is."""
        return Terms(
            kind=RemedyKind(self.kind),
            source=Source.SCHEME if self.scheme else Source.GOODWILL,
            scheme=self.scheme,
            amount_minor=self.amount_minor,
            currency=self.currency,
            because=self.because,
            thing=self.thing,
        )


class LeftOut(models.Model):
    """A case that does not get the remedy of its incident by machine, for people to see to.

    The laws of remedies keep it from that, or its scheme is not sure of it. Rows, not a list on
    the remedy: that would be written whole with each batch of a million. Holds no personal data.
    """

    remedy = models.ForeignKey(
        IncidentRemedy, on_delete=models.PROTECT, related_name="left_out", db_index=False
    )
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "left out"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remedy", "case"], name="left_out_once_per_remedy"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} left out of remedy {self.remedy_id}"
