"""Money and things on their way to customers, and the ledger that only grows."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class PaymentState(models.TextChoices):
    """waiting -> sent -> arrived; or failed, after which another is made."""

    WAITING = "waiting"
    SENT = "sent"
    ARRIVED = "arrived"
    FAILED = "failed"


class Payment(models.Model):
    """One attempt to bring a remedy to its customer, through a gateway.

    `send_at` is a clock: when the clockwork hands it to the gateway, or tries again. `key` is the
    same at each try, so that a gateway which has it already does nothing twice. Personal data:
    `reference` and `error`, which come from the gateway.
    """

    remedy = models.ForeignKey("Remedy", on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=100, unique=True)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=PaymentState.choices)
    made_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="payment_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remedy", "number"], name="payment_once_per_number"),
            models.UniqueConstraint(
                fields=["remedy"],
                condition=~Q(state="failed"),
                name="payment_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", send_at__isnull=False, arrived_at__isnull=True)
                | Q(state="sent", send_at__isnull=True, sent_at__isnull=False, arrived_at=None)
                | Q(state="arrived", send_at__isnull=True, arrived_at__isnull=False)
                | (Q(state="failed", send_at__isnull=True, arrived_at=None) & ~Q(error="")),
                name="payment_waits_or_is_sent_or_arrived_or_failed",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True) | Q(arrived_at__gte=F("made_at")),
                name="payment_arrives_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.key}"


class Account(models.TextChoices):
    """The accounts of the ledger: what customers are owed, what went out, and what it was for."""

    OWED = "owed"
    OUT = "out"
    GOODWILL = "goodwill"
    SCHEME = "scheme"
    WAIVER = "waiver"
    FOUND = "found"


class Booking(models.TextChoices):
    """What a transaction of the ledger books: each once for a remedy."""

    GRANTED = "granted"
    ARRIVED = "arrived"
    RELEASED = "released"


class LedgerTransaction(models.Model):
    """One booking of a remedy; its entries sum to zero. Only grows. Holds no personal data."""

    remedy = models.ForeignKey("Remedy", on_delete=models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=10, choices=Booking.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["remedy", "kind"], name="ledger_books_once"),
            models.CheckConstraint(
                condition=Q(kind__in=Booking.values), name="ledger_booking_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of remedy {self.remedy_id}"


class LedgerEntry(models.Model):
    """One side of a booking: debits are positive, credits negative. Only grows.

    What a customer is owed is the sum of the account `owed`, which is negative or zero. Holds no
    personal data beyond whose it is.
    """

    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.PROTECT, related_name="entries"
    )
    account = models.CharField(max_length=10, choices=Account.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    customer = models.ForeignKey("Customer", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__in=Account.values) & Q(currency__regex=r"^[A-Z]{3}$"),
                name="ledger_account_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0), name="ledger_entry_is_not_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_minor} {self.currency}"
