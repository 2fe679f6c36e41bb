"""How allauth behaves at this desk: nobody signs up, letters leave by the clock's process."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from makegood.actions import sign_in
from makegood.doors.moment import MomentRequest
from makegood.records.models import SignInMailKind

WRONG = _("That address and password do not belong together. Check both, and mind capitals.")
TOO_OFTEN = _("That was tried too often. Wait a few minutes, then try once more.")

NOTICES = {
    "account/email/password_changed": SignInMailKind.PASSWORD_CHANGED,
    "account/email/password_reset": SignInMailKind.PASSWORD_CHANGED,
    "account/email/password_set": SignInMailKind.PASSWORD_CHANGED,
}
"""Which of our letters stands for which of allauth's; all others tell of the second step."""

SAID = {
    "account/messages/password_changed.txt": _(
        "Your password is changed. Everywhere else you are signed out."
    ),
    "mfa/messages/totp_activated.txt": _("The app is set up. From now on it is asked for."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The key is set up. From now on it is asked for."),
    "mfa/messages/webauthn_removed.txt": _("The key is no longer accepted."),
}


class StaffAdapter(DefaultAccountAdapter):
    """Accounts are people of the company; an administrator makes them."""

    error_messages = {  # noqa: RUF012 - allauth's own attribute
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
        "incorrect_code": _("That code is not right, or was used already. Take the newest."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your password."),
        "invalid_password_reset": _("This link is no longer good."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent there after signing in: only to pages of this very host."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts=None, require_https=context.request.is_secure()
        )

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:  # noqa: ANN401, ARG002 - allauth's signature
        """Let the letter leave later: a stranger must not see by the time whether there is one."""
        sign_in.write_to(user, SignInMailKind.RESET, now=_now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,  # noqa: ANN401 - allauth's signature
        context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
        email: str | None = None,  # noqa: ARG002 - allauth's signature
    ) -> None:
        """Tell somebody that their password or second step was changed."""
        kind = NOTICES.get(template_prefix, SignInMailKind.SECOND_STEP_CHANGED)
        sign_in.write_to(user, kind, now=_now())

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002 - allauth's signature
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say back what was done, in our words."""
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def set_password(self, user: Any, password: str) -> None:  # noqa: ANN401 - allauth's signature
        """Change a password, and sign out everywhere else at once."""
        super().set_password(user, password)
        request = context.request
        is_own = request.user.is_authenticated and request.user.pk == user.pk
        sign_in.end_sessions(user.pk, besides=request.session.session_key if is_own else "")
        # A new password ends a lock that somebody else's guessing brought about.
        self._delete_login_attempts_cached_email(request, email=user.email)

    def reauthenticate(self, user: Any, password: str) -> bool:  # noqa: ANN401 - allauth's signature
        """Whether it is their password; counted like a sign-in."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ANN401, ARG002 - allauth's signature
        """Somebody has left, and the identity provider does not know it yet."""
        return refuse_stranger(request)


class SecondStepAdapter(DefaultMFAAdapter):
    """The second step: an app with codes, a key, or codes on paper."""

    error_messages = {  # noqa: RUF012 - allauth's own attribute
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
    }

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:  # noqa: ANN401 - allauth's signature
        """How a key names the account to its owner."""
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}


def refuse_stranger(request: HttpRequest) -> HttpResponse:
    """The page for whom the identity provider knows, and the desk does not."""
    return render(request, "account/stranger.html", status=HTTPStatus.FORBIDDEN)


def _now() -> datetime:
    return cast("MomentRequest", context.request).now
