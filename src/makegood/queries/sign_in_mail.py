"""What a letter about somebody's sign-in says, in their language."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from makegood.language import choice
from makegood.records.models import SignInMail, SignInMailKind, Staff

BY_LINK = {SignInMailKind.INVITATION, SignInMailKind.RESET}


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A letter as it leaves."""

    to: str
    subject: str
    body: str


def write(letter: SignInMail) -> Written | None:
    """The words of a letter; None if it is for somebody who has left meanwhile.

    The link's secret is made here, and stands in no row.
    """
    person = letter.staff
    if not person.is_active:
        return None
    kind = SignInMailKind(letter.kind)
    with choice.speaking(person.language):
        subject, words = _words(kind)
        parts = [_("Hello %(name)s,") % {"name": person.name}, words]
        if kind in BY_LINK:
            parts += [choose_password_at(person), _about_link()]
        else:
            parts += [_about_notice(), f"{settings.BASE_URL}{reverse('account_reset_password')}"]
        return Written(to=person.email, subject=subject, body="\n\n".join(parts) + "\n")


def choose_password_at(person: Staff) -> str:
    """The address of the page on which somebody chooses a password; its secret is made here."""
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", args=[int_to_base36(person.pk), key])
    return f"{settings.BASE_URL}{path}"


def first_password_at(person_id: int) -> str | None:
    """As `choose_password_at`, for who works here and has no password yet; None for others.

    Who has one gets a letter instead, so that nobody can take their place by a link.
    """
    person = Staff.objects.people().filter(pk=person_id, is_active=True).first()
    if person is None or person.has_usable_password():
        return None
    return choose_password_at(person)


def _words(kind: SignInMailKind) -> tuple[str, str]:
    said = {
        SignInMailKind.INVITATION: (
            _("Your access to Makegood"),
            _(
                "You can sign in to Makegood, where we keep our word to customers. "
                "Choose your password here:"
            ),
        ),
        SignInMailKind.RESET: (
            _("Choose a new password"),
            _("You asked for a new password for Makegood. Choose it here:"),
        ),
        SignInMailKind.PASSWORD_CHANGED: (
            _("Your password was changed"),
            _("The password of your access to Makegood was changed."),
        ),
        SignInMailKind.SECOND_STEP_CHANGED: (
            _("Your second step was changed"),
            _("The second step of your sign-in to Makegood was set up, changed or removed."),
        ),
    }
    return said[kind]


def _about_link() -> str:
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    return _(
        "The link works once, for %(hours)d hours. If you did not expect this letter, you need "
        "do nothing: without the link nobody can change anything."
    ) % {"hours": hours}


def _about_notice() -> str:
    return _(
        "If that was you, all is well. If it was not, tell an administrator at once, and choose "
        "a new password here:"
    )
