"""The forms around signing in: allauth's checks, in our words and dress."""

from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.forms import (
    ChangePasswordForm as AllauthChangePasswordForm,
)
from allauth.account.forms import (
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    UserTokenForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import BadRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ADDRESS = _("E-mail address")
PASSWORD = _("Password")
NEW = _("New password")
AGAIN = _("The same once more")
CODE = _("Code")
KEY_FAILED = _("The key did not answer, or is not one of yours. Try again.")
NO_KEY = (KeyError, TypeError, ValueError, AttributeError, InvalidSignature, RecursionError)
"""What allauth and fido2 raise on an answer that no key gives."""


class KeyAnswerField(forms.JSONField):
    """What the browser says that a key said."""

    def to_python(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """The answer.

        :raises BadRequest: if it is nested deeper than any key's, so that nobody could read it.
        """
        try:
            return super().to_python(value)
        except RecursionError as deep:
            raise BadRequest("The answer of a security key is not nested that deeply.") from deep


class SignInForm(LoginForm):
    """Address and password; a refusal never says which of them was wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"login": ADDRESS, "password": PASSWORD})
        self.fields["login"].widget.attrs.update(autocomplete="username", autofocus=True)


class AskForResetForm(ResetPasswordForm):
    """Ask for a link by which one chooses a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"email": ADDRESS})
        self.fields["email"].widget.attrs.update(autocomplete="username", autofocus=True)


class LinkForm(UserTokenForm):
    """The link of a letter, as it stands in the address."""

    def _get_user(self, uidb36: str | None) -> Any:  # noqa: ANN401 - allauth's signature
        return super()._get_user(uidb36) if uidb36 else None


class ResetForm(ResetPasswordKeyForm):
    """Choose a new password by the link of a letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"password1": NEW, "password2": AGAIN})
        _advise(self.fields["password1"])


class ChangePasswordForm(AllauthChangePasswordForm):
    """Change one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"oldpassword": _("Your password now"), "password1": NEW, "password2": AGAIN})
        _advise(self.fields["password1"])


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that a stranger at one's desk must not do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"password": PASSWORD})
        self.fields["password"].widget.attrs["autofocus"] = True


class CodeForm(AuthenticateForm):
    """The code of the second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word_code(self)


class CodeAgainForm(CodeReauthenticateForm):
    """The code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word_code(self)


class ActivateAppForm(ActivateTOTPForm):
    """The first code of an app that was just set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word_code(self)


class AddKeyForm(AddWebAuthnForm):
    """A security key, or the one that is built into the device."""

    credential = KeyAnswerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        _word(self, {"name": _("What you call it")})
        self.fields["name"].help_text = _("For example: blue key, my laptop.")

    def clean(self) -> dict[str, Any]:
        """What the browser says that the key said; it may be anything."""
        try:
            return cast("dict[str, Any]", super().clean())
        except NO_KEY as wrong:
            raise forms.ValidationError(KEY_FAILED) from wrong


class KeyForm(AuthenticateWebAuthnForm):
    """The answer of a key at the sign-in."""

    credential = KeyAnswerField(widget=forms.HiddenInput())

    def clean_credential(self) -> Any:  # noqa: ANN401 - allauth's signature
        """As for a new key."""
        try:
            return super().clean_credential()
        except NO_KEY as wrong:
            raise forms.ValidationError(KEY_FAILED) from wrong


class KeyAgainForm(KeyForm, ReauthenticateWebAuthnForm):
    """The key once more."""


class OwnDetailsForm(forms.Form):
    """What one may change of oneself; address, role and team are for an administrator."""

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("Customers are told this name.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("Times on your pages are shown in it, as in Europe/London."),
        error_messages={"required": _("Give a time zone, as in Europe/London.")},
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed through
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        if isinstance(language, forms.ChoiceField):
            language.choices = [("", _("As my browser asks")), *settings.LANGUAGES]
        _dress(self)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["phone"].widget.attrs.update(autocomplete="tel", inputmode="tel")
        self.fields["zone"].widget.attrs["list"] = "zones"

    def clean_zone(self) -> str:
        """A zone that exists, in any capitals."""
        given = self.cleaned_data["zone"].strip().replace(" ", "_")
        known = {zone.lower(): zone for zone in available_timezones()}
        if given.lower() not in known:
            raise forms.ValidationError(_("No such zone; write it as Europe/London."))
        return ZoneInfo(known[given.lower()]).key

    def clean_name(self) -> str:
        """A name without line breaks or blanks around it."""
        return " ".join(self.cleaned_data["name"].split())


def _word_code(form: forms.Form) -> None:
    _word(form, {"code": CODE})
    form.fields["code"].widget.attrs.update(
        autocomplete="one-time-code", inputmode="numeric", autofocus=True
    )


def _advise(field: forms.Field) -> None:
    """One plain sentence; the checks themselves say the rest when it matters."""
    shortest = next(
        validator.min_length
        for validator in password_validation.get_default_password_validators()
        if isinstance(validator, password_validation.MinimumLengthValidator)
    )
    said = gettext("At least %(count)d characters; a few words that nobody would guess.")
    field.help_text = said % {"count": shortest}


def _word(form: forms.Form, labels: Mapping[str, Any]) -> None:
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)
    _dress(form)


def _dress(form: forms.Form) -> None:
    for field in form.fields.values():
        kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
        if isinstance(field.widget, forms.CheckboxInput):
            kind = "form-check-input"
        field.widget.attrs["class"] = kind
