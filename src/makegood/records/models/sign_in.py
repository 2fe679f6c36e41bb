"""What signing in needs to remember: which roles need a second step, and letters on their way."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from makegood.records.models.staff import Staff, StaffRole


class SecondStepRole(models.Model):
    """A role whose people sign in with a second step besides the password. No personal data."""

    role = models.CharField(max_length=20, choices=StaffRole.choices, primary_key=True)
    set_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=StaffRole.values), name="second_step_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.role


class SignInMailKind(models.TextChoices):
    """What a letter about one's sign-in says."""

    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter
    SECOND_STEP_CHANGED = "second_step_changed"


class SignInMail(models.Model):
    """A letter to somebody about their sign-in; the clock's process sends it.

    `send_at` is a clock: the next try, empty once it was sent or given up. The secret of a reset
    link is made when the letter is written, and stands in no row. Personal data: none but whom it
    is for; `error` holds what the mail server answered, and goes when the letter was sent.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30, choices=SignInMailKind.choices)
    asked_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=SignInMailKind.values), name="sign_in_mail_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(send_at=None),
                name="sign_in_mail_sent_is_not_sent_again",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["send_at"],
                condition=Q(send_at__isnull=False),
                name="sign_in_mail_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.staff_id}"
