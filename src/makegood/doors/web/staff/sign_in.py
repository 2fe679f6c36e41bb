"""Coming in and going out: the only pages of the desk for people who have not signed in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.utils.translation import gettext_lazy as _

from makegood.doors import access


class SignInForm(AuthenticationForm):
    """E-mail address and password; a refusal never says which of them was wrong."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "class": "form-control"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "form-control"}
        ),
    )
    error_messages = {  # noqa: RUF012 - Django's own attribute
        "invalid_login": _(
            "That address and password do not belong together. Check both, and mind capitals."
        ),
        "inactive": _(
            "That address and password do not belong together. Check both, and mind capitals."
        ),
    }


sign_in = access.public(
    LoginView.as_view(
        template_name="desk/sign_in.html",
        authentication_form=SignInForm,
        redirect_authenticated_user=True,
    )
)
sign_out = access.public(LogoutView.as_view())
