"""The company's word: what was promised to whom for when, how it was changed, what became of it."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from makegood.rules import promises
from makegood.rules.promises import Channel, Outcome, Precision, Speaker
from makegood.rules.remedies import MENDING, Source


class PromiseKind(models.TextChoices):
    """What will happen; `news` is the promise that the customer hears the next thing."""

    NEWS = "news"
    VISIT = "visit"
    CALLBACK = "callback"
    DELIVERY = "delivery"
    REPAIR = "repair"
    REDRESS = "redress"
    OTHER = "other"


DEEDS: Final = frozenset({PromiseKind.VISIT, PromiseKind.DELIVERY, PromiseKind.REPAIR})
"""What corrects a failure, unlike news, calls and money."""
BESIDE_THE_FIX: Final = frozenset({PromiseKind.NEWS, PromiseKind.REDRESS})
"""What does not have to be over before one can ask whether it is right."""


class PolicySnapshot(models.Model):
    """A policy and calendar as they stood when promises were made; shared, and never edited.

    `digest` is the SHA-256 of the canonical JSON of `terms`. Holds no personal data.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    terms = models.JSONField()

    def __str__(self) -> str:
        return f"policy {self.pk}"


_OF_WHAT_MENDS: Final = Q(remedy__kind__in=[kind.value for kind in MENDING]) | Q(
    remedy__source=Source.FOUND.value
)


class PromiseQuerySet(models.QuerySet["Promise"]):
    """The questions that are asked of promises."""

    def still_open(self) -> "PromiseQuerySet":
        """Those that nobody has settled."""
        return self.filter(outcome__isnull=True)

    def deeds(self) -> "PromiseQuerySet":
        """Those that correct a failure, also by a remedy that is the right thing itself.

        So is money of theirs that was found: it is what the case is about.
        """
        return self.filter(Q(kind__in=DEEDS) | _OF_WHAT_MENDS)

    def before_asking(self) -> "PromiseQuerySet":
        """Those that are over before one asks whether it is right."""
        return self.filter(~Q(kind__in=BESIDE_THE_FIX) | _OF_WHAT_MENDS)


class Promise(models.Model):
    """One promise. Words, speaker and first due time never change; it is settled once (law 3).

    Clocks: `judge_at` (when the sweep looks whether it broke: due time and grace, or a retry of
    a row that failed), `escalate_at` (when the next rung speaks) and, for a call, `message_at`
    (when a message goes ahead of it). `due_at` moves only by a revision that the customer was told
    of in time. Personal data: `words`, `evidence`.
    """

    case = models.ForeignKey(
        "Case", on_delete=models.PROTECT, related_name="promises", db_index=False
    )
    kind = models.CharField(max_length=10, choices=PromiseKind.choices)
    words = models.TextField()
    speaker = models.CharField(max_length=10)
    speaker_name = models.CharField(max_length=200)
    said_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=10)
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    earliest_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    precision = models.CharField(max_length=10, default=Precision.INSTANT.value)
    zone = models.CharField(max_length=64)
    grace = models.DurationField()
    policy = models.ForeignKey(
        PolicySnapshot, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    trace = models.JSONField(default=list)
    severity = models.PositiveSmallIntegerField()
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    rungs_spoken = models.PositiveSmallIntegerField(default=0)
    judge_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)
    message_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True)  # noqa: DJ001 - no outcome is not an empty one
    settled_at = models.DateTimeField(null=True)
    settled_recorded_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    evidence = models.TextField(blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case", "outcome"], name="promise_by_case"),
            models.Index(
                fields=["severity", "judge_at"],
                condition=Q(outcome__isnull=True),
                name="promise_waiting_for_judgement",
            ),
            models.Index(
                fields=["due_at", "id"],
                include=["case"],
                condition=Q(outcome__isnull=True),
                name="promise_open_by_due_time",
            ),
            models.Index(
                fields=["due_at"],
                include=["case"],
                condition=Q(outcome__isnull=True, rungs_spoken__gt=0),
                name="promise_open_and_warned",
            ),
            models.Index(
                fields=["speaker_name", "due_at"],
                include=["case"],
                condition=Q(outcome="broken", speaker="template"),
                name="promise_broken_of_a_template",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(outcome__isnull=True, kind__in=["delivery", "repair"]),
                name="promise_open_of_a_deed",
            ),
            models.Index(
                fields=["due_at"],
                include=["case"],
                condition=Q(outcome__isnull=True, kind="callback"),
                name="promise_open_of_a_call",
            ),
            models.Index(
                fields=["escalate_at"],
                condition=Q(escalate_at__isnull=False),
                name="promise_waiting_to_escalate",
            ),
            models.Index(
                fields=["message_at"],
                condition=Q(outcome__isnull=True, message_at__isnull=False),
                name="promise_waiting_for_a_message",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="promise_has_words"),
            models.CheckConstraint(
                condition=Q(first_due_at__gt=F("said_at")), name="promise_due_after_it_was_said"
            ),
            models.CheckConstraint(
                condition=Q(earliest_at__isnull=True) | Q(earliest_at__lte=F("due_at")),
                name="promise_window_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(speaker__in=[speaker.value for speaker in Speaker]),
                name="promise_speaker_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(speaker=Speaker.PERSON.value) | Q(said_by__isnull=False),
                name="promise_by_a_person_names_the_person",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]),
                name="promise_channel_is_known",
            ),
            models.CheckConstraint(
                condition=Q(precision__in=[precision.value for precision in Precision]),
                name="promise_precision_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PromiseKind.values), name="promise_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4)), name="promise_severity_1_to_4"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(outcome__in=[o.value for o in Outcome]),
                name="promise_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__isnull=True,
                    settled_at__isnull=True,
                    settled_recorded_at__isnull=True,
                    judge_at__isnull=False,
                )
                | Q(
                    outcome__isnull=False,
                    settled_at__isnull=False,
                    settled_recorded_at__isnull=False,
                    judge_at__isnull=True,
                    escalate_at__isnull=True,
                ),
                name="promise_open_and_watched_or_settled",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.KEPT.value)
                | (Q(settled_at__lte=F("due_at")) & ~Q(evidence="")),
                name="promise_kept_in_time_and_by_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.BROKEN.value) | Q(settled_at=F("due_at")),
                name="promise_broken_as_of_its_due_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.RELEASED.value, Outcome.REPLACED.value])
                | (Q(settled_at__lte=F("due_at")) & ~Q(evidence="")),
                name="promise_ended_by_the_customers_consent_in_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(outcome=Outcome.REPLACED.value, replaced_by__isnull=False)
                    | Q(outcome__isnull=True, replaced_by__isnull=True)
                    | (
                        ~Q(outcome=Outcome.REPLACED.value)
                        & Q(outcome__isnull=False, replaced_by__isnull=True)
                    )
                ),
                name="promise_replaced_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk} due {self.due_at:%Y-%m-%d %H:%M}Z"

    def facts(self) -> promises.Promise:
        """The promise as the rules know it."""
        return promises.Promise(
            said_at=self.said_at,
            due_at=self.due_at,
            grace=self.grace,
            outcome=Outcome(self.outcome) if self.outcome else None,
            settled_at=self.settled_at,
        )


class PromiseRevision(models.Model):
    """A new date for a promise: why, and when and how the customer was told of it.

    Until `told_at` is set it changes nothing, and the promise breaks at its old time.
    Personal data: `told_evidence`.
    """

    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, related_name="revisions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    old_due_at = models.DateTimeField()
    new_earliest_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField()
    cause = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    told_at = models.DateTimeField(null=True)
    told_recorded_at = models.DateTimeField(null=True)
    told_channel = models.CharField(max_length=10, blank=True)
    told_evidence = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promise", "number"], name="revision_once_per_number"),
            models.CheckConstraint(condition=~Q(cause=""), name="revision_has_a_cause"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(told_at__lte=F("old_due_at")),
                name="revision_told_before_the_old_time",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_channel="", told_evidence="")
                | (Q(told_at__isnull=False) & ~Q(told_channel="") & ~Q(told_evidence="")),
                name="revision_told_with_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of promise {self.promise_id}"
