"""What the company learns: causes, what each case taught, what came again, what was changed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from makegood.rules.learning import LADDER, Again


class Cause(models.Model):
    """Why failures happen, in the company's own few words, with whoever sees to it.

    Holds no personal data: it is about how the company works, never about a customer.
    """

    name = models.CharField(max_length=200)
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="causes")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="cause_once_by_name"),
            models.CheckConstraint(condition=~Q(name=""), name="cause_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Lesson(models.Model):
    """What one case taught: its cause, and whether something was not known (`gap`), with an owner.

    It is asked for when the case closes, and keeps no case open. `act_at` is a clock: then the
    next on the ladder is asked; without it nobody is. `due_at` is when the first one should have
    said it. Holds no personal data: `gap` and `learned` name no customer.
    """

    case = models.OneToOneField("Case", on_delete=models.PROTECT, related_name="lesson")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    role = models.CharField(max_length=10)
    asked = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    act_at = models.DateTimeField(null=True)
    cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, related_name="lessons", db_index=False
    )
    named_at = models.DateTimeField(null=True)
    named_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    gap = models.CharField(max_length=300, blank=True)
    gap_owner = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    gap_closed_at = models.DateTimeField(null=True)
    gap_closed_by = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, null=True, related_name="+"
    )
    learned = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["act_at"], condition=Q(act_at__isnull=False), name="lesson_waiting"
            ),
            models.Index(fields=["cause", "case"], name="lesson_by_cause"),
            models.Index(
                fields=["asked_at"], condition=Q(cause__isnull=True), name="lesson_not_named"
            ),
            models.Index(Lower("gap"), condition=~Q(gap=""), name="lesson_by_gap"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=[one.value for one in LADDER]), name="lesson_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="lesson_is_due_after_it_is_asked_for"
            ),
            models.CheckConstraint(
                condition=Q(cause__isnull=True, named_at__isnull=True, named_by__isnull=True)
                | Q(
                    cause__isnull=False,
                    named_at__isnull=False,
                    named_by__isnull=False,
                    act_at__isnull=True,
                ),
                name="lesson_is_named_by_somebody_and_asked_no_more",
            ),
            models.CheckConstraint(
                condition=Q(gap="", gap_owner__isnull=True)
                | (~Q(gap="") & Q(gap_owner__isnull=False, cause__isnull=False)),
                name="lesson_gap_has_words_and_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(gap_closed_at__isnull=True, gap_closed_by__isnull=True, learned="")
                | (
                    Q(gap_closed_at__isnull=False, gap_closed_by__isnull=False)
                    & ~Q(gap="")
                    & ~Q(learned="")
                ),
                name="lesson_gap_is_closed_by_what_was_learned",
            ),
        ]

    def __str__(self) -> str:
        return f"lesson of case {self.case_id}"


class Improvement(models.Model):
    """A change that shall keep a cause from striking again: what, by whom, and when it shipped.

    `tell_at` is a clock: from then on the customers whose cases had this cause are told with
    `tell_words`, until all have been. Holds no personal data.
    """

    cause = models.ForeignKey(Cause, on_delete=models.PROTECT, related_name="improvements")
    title = models.CharField(max_length=200)
    what = models.CharField(max_length=1000)
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="improvements")
    due_on = models.DateField(null=True)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    shipped_at = models.DateTimeField(null=True)
    shipped_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_why = models.CharField(max_length=300, blank=True)
    tell_words = models.CharField(max_length=2000, blank=True)
    tell_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    tell_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tell_at"], condition=Q(tell_at__isnull=False), name="improvement_to_tell"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(what=""), name="improvement_says_what_is_changed"
            ),
            models.CheckConstraint(
                condition=Q(shipped_at__isnull=True, shipped_by__isnull=True)
                | Q(
                    shipped_at__gte=F("begun_at"),
                    shipped_by__isnull=False,
                    dropped_at__isnull=True,
                ),
                name="improvement_is_shipped_once_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_why="")
                | (Q(dropped_at__isnull=False) & ~Q(dropped_why="")),
                name="improvement_is_dropped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(tell_at__isnull=True)
                | (Q(shipped_at__isnull=False, tell_by__isnull=False) & ~Q(tell_words="")),
                name="improvement_is_told_once_it_is_shipped",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChangeTold(models.Model):
    """That the customer of a case was told of a change that came from it, by a letter or not.

    `why_not` is why no letter could be written. Holds no personal data: the words are the letter's.
    """

    improvement = models.ForeignKey(
        Improvement, on_delete=models.PROTECT, related_name="told", db_index=False
    )
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey("Letter", on_delete=models.PROTECT, null=True, related_name="+")
    why_not = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["improvement", "case"], name="change_told_once_per_case"
            ),
            models.CheckConstraint(
                condition=Q(letter__isnull=False, why_not="")
                | (Q(letter__isnull=True) & ~Q(why_not="")),
                name="change_told_by_a_letter_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} to case {self.case_id}"


class Repeat(models.Model):
    """A card: the same thing came again within its period, and its owner says what is done.

    `key` is the thing: the number of a cause or an asset, a template's name, the words of a gap,
    or a digest of an address. `act_at` is a clock: then the next on the ladder has the card.
    Personal data: none beyond the digest; the cases are named beside it.
    """

    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey("Staff", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("Team", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    act_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("Staff", on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    improvement = models.ForeignKey(
        Improvement, on_delete=models.PROTECT, null=True, related_name="cards"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["act_at"], condition=Q(act_at__isnull=False), name="repeat_waiting"
            ),
            models.Index(fields=["kind", "key"], name="repeat_by_thing"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(answered_at__isnull=True),
                name="repeat_one_open_card_per_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Again]) & ~Q(key=""),
                name="repeat_is_of_a_known_thing",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[one.value for one in LADDER]), name="repeat_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("raised_at")), name="repeat_is_due_after_it_is_raised"
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answered_by__isnull=True, why="",
                    improvement__isnull=True,
                )
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False, act_at__isnull=True)
                    & ~Q(why="")
                ),
                name="repeat_is_answered_with_what_is_done",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} again: {self.key}"


class RepeatCase(models.Model):
    """A case of a card. Holds no personal data."""

    repeat = models.ForeignKey(Repeat, on_delete=models.PROTECT, related_name="of", db_index=False)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["repeat", "case"], name="repeat_case_once"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} of card {self.repeat_id}"


class Digest(models.Model):
    """The weekly digest of one Monday to one executive, on its way or sent; never a second time.

    `send_at` is a clock: the next try, empty once it was handed over or given up. `handed_at` is
    committed before the last byte leaves. Personal data: `error`, which may quote an address.
    """

    staff = models.ForeignKey(
        "Staff", on_delete=models.PROTECT, related_name="digests", db_index=False
    )
    monday = models.DateField()
    queued_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="digest_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "monday"], name="digest_once_per_week"),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1), name="digest_is_of_a_monday"
            ),
            models.CheckConstraint(
                condition=Q(send_at__isnull=True) | Q(handed_at__isnull=True),
                name="digest_handed_over_is_not_tried_again",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(handed_at__isnull=False),
                name="digest_is_sent_after_it_was_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return f"digest of {self.monday} to {self.staff_id}"
