"""Each touch between customer and company, with what it cost the customer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.rules.promises import Channel


class Direction(models.TextChoices):
    """Who reached out to whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class ContactQuerySet(models.QuerySet["Contact"]):
    """The questions that are asked of contacts."""

    def standing(self) -> "ContactQuerySet":
        """Those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Contact(models.Model):
    """One contact of a case. Minutes and money are the customer's, in minor units of `currency`.

    `estimated` says that the minutes were not measured; `told_again`, that the customer had to tell
    what was on record. One that was recorded by mistake is taken
    back (`withdrawn_at`): it stays where it stands, and counts no more. Personal data: `note`.
    """

    case = models.ForeignKey(
        "Case", on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    channel = models.CharField(max_length=20)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    staff = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    hold_minutes = models.PositiveIntegerField(default=0)
    talk_minutes = models.PositiveIntegerField(default=0)
    other_minutes = models.PositiveIntegerField(default=0)
    estimated = models.BooleanField(default=False)
    told_again = models.BooleanField(default=False, db_default=False)
    money_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], name="contact_by_case"),
            models.Index(
                fields=["happened_at"],
                include=["case"],
                condition=Q(
                    direction="inbound",
                    channel__in=["web", "email", "sms"],
                    withdrawn_at__isnull=True,
                ),
                name="contact_written_by_customers",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(money_minor=0) | ~Q(currency=""), name="contact_money_has_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="contact_direction_is_known"
            ),
            models.CheckConstraint(
                # What is sent on a customer's page is theirs; what somebody heard names who did.
                condition=~Q(channel=Channel.WEB.value, direction=Direction.INBOUND.value)
                | Q(staff__isnull=True),
                name="contact_on_their_page_is_by_the_customer",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="contact_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(told_again=False) | Q(direction=Direction.INBOUND.value),
                name="contact_told_again_by_the_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.channel} {self.happened_at:%Y-%m-%d %H:%M}"
