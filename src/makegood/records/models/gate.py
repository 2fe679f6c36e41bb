"""What may be said: templates, who stopped them where, and which texts passed the gate."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from makegood.rules.promises import Channel, Speaker


class TruthSource(models.TextChoices):
    """Where a template's date or amount comes from; without one, it may not speak of the future."""

    NONE = "", "none"
    PROMISE = "promise"
    REMEDY = "remedy"


class Template(models.Model):
    """A text with slots that the company says again and again, and who answers for it.

    `speaks_ahead`: it speaks of what is to come, and so needs a truth source. `area` is where it
    is used; empty is everywhere. A stopped template says nothing anywhere from `stopped_at` on;
    for a single area see `TemplateStop`. Holds no personal data: customers come in by its slots.
    """

    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    text = models.TextField()
    slots = ArrayField(models.CharField(max_length=20), default=list)
    speaks_ahead = models.BooleanField()
    truth_source = models.CharField(max_length=10, choices=TruthSource.choices, blank=True)
    about = models.CharField(max_length=10, blank=True)
    area = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="templates")
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "language", "area"], name="template_once_by_name_language_and_area"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""), name="template_has_a_name_and_words"
            ),
            models.CheckConstraint(
                condition=Q(speaks_ahead=False) | ~Q(truth_source=""),
                name="template_that_speaks_ahead_has_a_truth_source",
            ),
            models.CheckConstraint(
                condition=Q(truth_source__in=TruthSource.values),
                name="template_truth_source_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateStop(models.Model):
    """Somebody stopped a template as false for an area, at once; its owner may lift that again.

    An empty `area` is everywhere. Holds no personal data beyond who of the staff did it; `why`
    should not name a customer.
    """

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="stops")
    area = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=300)
    stopped_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField()
    lifted_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["template", "area"],
                condition=Q(lifted_at__isnull=True),
                name="template_stop_once_per_area",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="template_stop_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__gte=F("stopped_at"), lifted_by__isnull=False),
                name="template_stop_is_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"stop {self.pk} in {self.area or 'every area'}"


class GatePass(models.Model):
    """That a text passed the gate, written in the transaction in which the text leaves.

    `made_in` is the number of that transaction, set by the database. `digest` is the SHA-256 of
    the text. Only grows. Holds no personal data: the words stand where they are said.
    """

    case = models.ForeignKey(
        "Case", on_delete=models.PROTECT, related_name="gate_passes", db_index=False
    )
    digest = models.BinaryField(max_length=32)
    speaker = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    template = models.ForeignKey(
        Template, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    token = models.ForeignKey(
        "Token", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    rests_on = ArrayField(models.CharField(max_length=60), default=list)
    warned_of = ArrayField(models.CharField(max_length=20), default=list)
    at = models.DateTimeField()
    made_in = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "gate passes"
        indexes: ClassVar = [
            models.Index(fields=["case", "digest", "made_in"], name="gate_pass_by_text"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(speaker__in=[speaker.value for speaker in Speaker]),
                name="gate_pass_speaker_is_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=[channel.value for channel in Channel]),
                name="gate_pass_channel_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(speaker=Speaker.PERSON.value) | Q(by__isnull=False),
                name="gate_pass_of_a_person_names_the_person",
            ),
        ]

    def __str__(self) -> str:
        return f"gate pass {self.pk}"


class ApiCall(models.Model):
    """What another system asked to be done once, and what it was answered.

    The same key again gets the same answer; `digest` tells whether it asks for the same. Kept for
    a day. Personal data: `answer`, which may hold words to a customer.
    """

    token = models.ForeignKey("Token", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=200)
    digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="api_call_by_age")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="api_call_once_per_key"),
        ]

    def __str__(self) -> str:
        return f"call {self.key}"
