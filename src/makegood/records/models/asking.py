"""Asking whether it is right, what a customer wants besides, and an end without a yes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.askings import SHORTEST_WAIT, AskingEnd


class Asking(models.Model):
    """One time that the customer is asked whether it is right now, or whether they want more.

    It is owed from `opened_at`, and counts from `asked_at`, when its message was said. `act_at`
    is a clock: unless somebody was heard by then, the customer is asked once more, or the case
    closes. `promise` is what they were told of that. Holds no personal data.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="askings")
    number = models.PositiveSmallIntegerField()
    first = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="second")
    message = models.OneToOneField("Message", on_delete=models.PROTECT, related_name="asking")
    opened_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    act_at = models.DateTimeField(null=True)
    promise = models.OneToOneField(
        "Promise", on_delete=models.PROTECT, null=True, related_name="asking"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["act_at"],
                condition=Q(act_at__isnull=False, ended_at__isnull=True),
                name="asking_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True),
                name="asking_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=Q(number=1, first__isnull=True) | Q(number=2, first__isnull=False),
                name="asking_is_the_first_or_the_second",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, act_at__isnull=True)
                | Q(asked_at__isnull=False, act_at__gte=F("asked_at") + SHORTEST_WAIT),
                name="asking_waits_for_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_by__in=[end.value for end in AskingEnd]),
                name="asking_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"asking {self.number} of case {self.case_id}"


class Want(models.Model):
    """Something more that a customer wants: it becomes a promise or an honest no.

    `contact` is where they said so. The no is what was said to the customer, with what is offered
    instead. A customer who then says that all is right lets go of it (`let_go_by`).
    Personal data: `words`, `honest_no`, `instead`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="wants")
    contact = models.OneToOneField("Contact", on_delete=models.PROTECT, related_name="want")
    words = models.TextField()
    said_at = models.DateTimeField()
    promise = models.OneToOneField(
        "Promise", on_delete=models.PROTECT, null=True, related_name="want"
    )
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    honest_no = models.TextField(blank=True)
    instead = models.TextField(blank=True)
    let_go_by = models.ForeignKey("Contact", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["case"],
                condition=Q(promise__isnull=True, declined_at__isnull=True, let_go_by__isnull=True),
                name="want_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="want_has_words"),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, let_go_by__isnull=True)
                | Q(promise__isnull=True, let_go_by__isnull=True)
                | Q(promise__isnull=True, declined_at__isnull=True),
                name="want_ends_one_way",
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, declined_by__isnull=True, honest_no="")
                | (
                    Q(declined_at__gte=F("said_at"), declined_by__isnull=False)
                    & ~Q(honest_no="")
                    & ~Q(instead="")
                ),
                name="want_is_declined_with_a_reason_and_an_alternative",
            ),
        ]

    def __str__(self) -> str:
        return f"want {self.pk} of case {self.case_id}"


class Parting(models.Model):
    """A named manager's record that a customer could not be satisfied, after the whole ladder.

    It says what was tried, and whom outside the company they can turn to; `message` is how they
    were told. It says nothing of what kind of person they are. Personal data: `tried`.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="partings")
    decided_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    tried = models.TextField()
    route = models.CharField(max_length=300)
    message = models.OneToOneField("Message", on_delete=models.PROTECT, related_name="parting")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(tried="") & ~Q(route=""),
                name="parting_says_what_was_tried_and_where_to_turn",
            ),
        ]

    def __str__(self) -> str:
        return f"parting in case {self.case_id}"
