"""Settings of signing in: allauth's, and the company's own identity provider if it has one."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import Environment

OIDC_ID = "company"
"""The company's identity provider, in addresses."""

DOORS = "makegood.doors.web.account"


def sign_in_settings(environment: Environment) -> dict[str, Any]:
    """What Django and allauth need to let staff in, and nobody else.

    :raises ImproperlyConfigured: if the identity provider is named in part, or not over https.
    """
    return {
        "AUTHENTICATION_BACKENDS": [f"{DOORS}.backend.StaffBackend"],
        "SESSION_ENGINE": f"{DOORS}.sessions",
        "SESSION_COOKIE_AGE": environment.session_hours * 3600,
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if environment.behind_proxy else 0,
        "OIDC_NAME": environment.oidc_name if environment.oidc_issuer else "",
        **_account(),
        **_second_step(is_https=environment.is_https),
        "SOCIALACCOUNT_ADAPTER": f"{DOORS}.company.CompanyAdapter",
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,  # `company` decides who is who
        "SOCIALACCOUNT_PROVIDERS": _company(environment),
    }


def _account() -> dict[str, Any]:
    return {
        "ACCOUNT_ADAPTER": f"{DOORS}.adapter.StaffAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",  # administrators let in whom they know
        "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,  # no letters to strangers
        "ACCOUNT_EMAIL_NOTIFICATIONS": True,
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 600,
        # Allauth's own would keep addresses in a table beside, where an old one still lets in.
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": (
            "django.contrib.auth.tokens.PasswordResetTokenGenerator"
        ),
        "ACCOUNT_RATE_LIMITS": {
            "login": "60/m/ip",
            "login_failed": "30/10m/ip,5/5m/key,50/d/key",
            "reset_password": "20/10m/ip,5/h/key",
            "reset_password_from_key": "20/m/ip",
            "change_password": "10/10m/user",
            "reauthenticate": "10/m/user",
        },
        "ACCOUNT_FORMS": {
            "login": f"{DOORS}.forms.SignInForm",
            "reset_password": f"{DOORS}.forms.AskForResetForm",
            "reset_password_from_key": f"{DOORS}.forms.ResetForm",
            "user_token": f"{DOORS}.forms.LinkForm",
            "change_password": f"{DOORS}.forms.ChangePasswordForm",
            "reauthenticate": f"{DOORS}.forms.PasswordAgainForm",
        },
    }


def _second_step(*, is_https: bool) -> dict[str, Any]:
    return {
        "MFA_ADAPTER": f"{DOORS}.adapter.SecondStepAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # see ACCOUNT_EMAIL_VERIFICATION
        "MFA_TOTP_ISSUER": "Makegood",
        "MFA_TOTP_TOLERANCE": 1,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not is_https,
        "MFA_FORMS": {
            "authenticate": f"{DOORS}.forms.CodeForm",
            "reauthenticate": f"{DOORS}.forms.CodeAgainForm",
            "activate_totp": f"{DOORS}.forms.ActivateAppForm",
            "add_webauthn": f"{DOORS}.forms.AddKeyForm",
            "authenticate_webauthn": f"{DOORS}.forms.KeyForm",
            "reauthenticate_webauthn": f"{DOORS}.forms.KeyAgainForm",
        },
    }


def _company(environment: Environment) -> dict[str, Any]:
    given = {
        "MAKEGOOD_OIDC_ISSUER": environment.oidc_issuer,
        "MAKEGOOD_OIDC_CLIENT_ID": environment.oidc_client_id,
        "MAKEGOOD_OIDC_CLIENT_SECRET": environment.oidc_client_secret,
    }
    if not any(given.values()):
        return {}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"{' and '.join(missing)} must be set too: signing in by the company's own identity"
            " provider needs its issuer, a client id and a client secret."
        )
    parts = urlsplit(environment.oidc_issuer)
    if not parts.hostname or parts.scheme not in (
        {"https", "http"} if environment.local else {"https"}
    ):
        raise ImproperlyConfigured(
            "MAKEGOOD_OIDC_ISSUER must begin with https://: give the issuer's address, such as"
            " https://login.example.com/realms/company."
        )
    app = {
        "provider_id": OIDC_ID,
        "name": environment.oidc_name,
        "client_id": environment.oidc_client_id,
        "secret": environment.oidc_client_secret,
        "settings": {"server_url": environment.oidc_issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
