"""Promises that came to light late, and how each was honoured, rung by rung."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from makegood.rules.claims import ClaimOutcome, Rung, Source


class Claim(models.Model):
    """What a customer was promised, as it came to light late; it is believed and honoured.

    `source` says how it came to light; `contact` is where the customer said so, `attachment` the
    paper or photo, `promise` the word on record that it is about. `found` names what the company
    found about it in its own records. Personal data: `words`, `speaker_name`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="claims")
    words = models.TextField()
    source = models.CharField(max_length=10)
    speaker_name = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("Contact", on_delete=models.PROTECT, null=True, related_name="+")
    attachment = models.ForeignKey(
        "Attachment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="claims", db_index=False
    )
    article = models.ForeignKey("Article", on_delete=models.PROTECT, null=True, related_name="+")
    found = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(max_length=12, blank=True)
    settled_at = models.DateTimeField(null=True)
    let_go_by = models.ForeignKey("Contact", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(settled_at__isnull=True), name="claim_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise"],
                condition=Q(settled_at__isnull=True),
                name="claim_one_open_per_promise",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="claim_has_words"),
            models.CheckConstraint(
                condition=Q(source__in=[one.value for one in Source]), name="claim_source_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.CUSTOMER.value) | Q(contact__isnull=False),
                name="claim_by_a_customer_names_the_contact",
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.MISTAKE.value) | Q(promise__isnull=False),
                name="claim_of_a_mistake_names_the_promise",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="", let_go_by__isnull=True)
                | Q(
                    settled_at__isnull=False,
                    outcome=ClaimOutcome.LET_GO.value,
                    let_go_by__isnull=False,
                )
                | Q(
                    settled_at__isnull=False,
                    outcome__in=["honoured", "substituted", "value"],
                    let_go_by__isnull=True,
                ),
                name="claim_ends_by_its_ladder_or_by_the_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} of case {self.case_id}"


class ClaimStep(models.Model):
    """One rung of the ladder for one claim: what was decided, by whom, why and at which cost.

    `taken` is whether the customer gets it this way; an offer waits for `answer`, where they said
    so. They were told by `letter`, or by `told`, a contact. Personal data: `why`, `offer`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps", db_index=False)
    rung = models.CharField(max_length=5)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    offer = models.TextField(blank=True)
    taken = models.BooleanField(null=True)
    cost_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    promise = models.ForeignKey("Promise", on_delete=models.PROTECT, null=True, related_name="+")
    remedy = models.ForeignKey("Remedy", on_delete=models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey("Letter", on_delete=models.PROTECT, null=True, related_name="+")
    told = models.ForeignKey("Contact", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.ForeignKey("Contact", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "rung"], name="claim_step_once_per_rung"),
            models.CheckConstraint(
                condition=Q(rung__in=[one.value for one in Rung]), name="claim_step_rung_is_known"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="claim_step_says_why"),
            models.CheckConstraint(
                condition=Q(cost_minor=0) | ~Q(currency=""), name="claim_step_cost_has_a_currency"
            ),
            models.CheckConstraint(
                condition=~Q(taken=True) | Q(promise__isnull=False) | Q(remedy__isnull=False),
                name="claim_step_taken_gives_something",
            ),
            models.CheckConstraint(
                condition=(~Q(taken=True) & ~Q(rung=Rung.OFFER.value))
                | Q(letter__isnull=False)
                | Q(told__isnull=False),
                name="claim_step_is_told_to_the_customer",
            ),
            models.CheckConstraint(
                condition=~Q(rung=Rung.OFFER.value)
                | (~Q(offer="") & (Q(taken__isnull=True) | Q(answer__isnull=False))),
                name="claim_step_offer_waits_for_the_customer",
            ),
            models.CheckConstraint(
                condition=Q(rung=Rung.OFFER.value) | Q(taken__isnull=False),
                name="claim_step_is_decided",
            ),
            models.CheckConstraint(
                condition=~Q(rung=Rung.VALUE.value) | Q(taken=True, remedy__isnull=False),
                name="claim_step_of_value_gives_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rung} of claim {self.claim_id}"
