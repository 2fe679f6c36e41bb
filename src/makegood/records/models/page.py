"""What customers send and choose on their page, and what the company lets them choose from."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from makegood.rules.promises import Precision


class ReplyKind(models.TextChoices):
    """What the customer did."""

    WORDS = "words"
    CALL = "call"
    NO_CALL = "no_call"
    CHOICE = "choice"
    OTHER_DAY = "other_day"
    RIGHT = "right"
    MORE = "more"
    NOT_RIGHT = "not_right"
    SUITS = "suits"
    HOURS = "hours"


class Reply(models.Model):
    """One thing that a customer sent from their page, once, by one link.

    `key` is of the form and of what stood in it, so that a double tap is one reply. `promise` is
    what was promised for it, `about` the promise that it answers. Personal data: `phone`, which
    is the number to call; what the customer wrote stands in the contact.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="replies")
    link = models.ForeignKey(
        "CaseLink", on_delete=models.PROTECT, related_name="replies", db_index=False
    )
    kind = models.CharField(max_length=10, choices=ReplyKind.choices)
    key = models.UUIDField()
    contact = models.ForeignKey(
        "Contact", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="replies"
    )
    about = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    phone = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"
        indexes: ClassVar = [
            models.Index(fields=["link", "sent_at"], name="reply_by_link_and_time"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "key"], name="reply_once"),
            models.CheckConstraint(
                condition=Q(kind__in=ReplyKind.values), name="reply_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReplyKind.CALL) | (Q(promise__isnull=False) & ~Q(phone="")),
                name="reply_for_a_call_has_a_promise_and_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on case {self.case_id}"


class Choice(models.Model):
    """Another time that the company can do instead of the one that it promised.

    The promise stands unless the customer chooses; choosing replaces it by these words and this
    window. Personal data: `words`.
    """

    promise = models.ForeignKey("Promise", on_delete=models.PROTECT, related_name="choices")
    words = models.TextField()
    earliest_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    precision = models.CharField(max_length=10, default=Precision.INSTANT.value)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise", "earliest_at", "due_at"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="choice_offered_once_per_time",
            ),
            models.UniqueConstraint(
                fields=["promise"],
                condition=Q(chosen_at__isnull=False),
                name="choice_made_once_per_promise",
            ),
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="choice_is_chosen_or_withdrawn",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="choice_has_words"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("offered_at")), name="choice_lies_ahead_when_offered"
            ),
            models.CheckConstraint(
                condition=Q(earliest_at__isnull=True) | Q(earliest_at__lte=F("due_at")),
                name="choice_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(precision__in=[precision.value for precision in Precision]),
                name="choice_precision_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"choice {self.pk} for promise {self.promise_id}"


class LinkRequest(models.Model):
    """Somebody with a link that opens no more asks for a fresh one.

    It goes to the address on record, whoever asks. Holds no personal data.
    """

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="link_requests")
    link = models.ForeignKey("CaseLink", on_delete=models.PROTECT, related_name="+", db_index=False)
    promise = models.ForeignKey(
        "Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True),
                name="link_request_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__gte=F("asked_at"), answered_by__isnull=False),
                name="link_request_answered_by_somebody_after_it_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"a fresh link for case {self.case_id}"


class KnownFailure(models.Model):
    """A service that fails in an area, as the public form heard of it: its cases stand together.

    `what` is the service as the form names it: "service:12", or "function:hygiene" without one.
    `is_public` is what staff decided: say it to others who report it, or do not; empty leaves it
    to the number of reports. Holds no personal data: `area` is a district, never an address.
    """

    what = models.CharField(max_length=40)
    area = models.CharField(max_length=60)
    is_public = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["what", "area"], name="known_failure_once_per_service_and_area"
            ),
            models.CheckConstraint(condition=~Q(area=""), name="known_failure_has_an_area"),
        ]

    def __str__(self) -> str:
        return f"{self.what} in {self.area}"


class Knock(models.Model):
    """How often one network address used a public form within an hour.

    `visitor` is a keyed digest of the address and the hour, so that no address is kept. Holds no
    personal data.
    """

    hour = models.DateTimeField()
    form = models.CharField(max_length=20)
    visitor = models.BinaryField(max_length=32)
    times = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hour", "form", "visitor"], name="knock_counted_once_per_hour"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="knock_is_one_at_least"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.times} times"
