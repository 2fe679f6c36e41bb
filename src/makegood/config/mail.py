"""How letters leave: by the server of `MAKEGOOD_MAIL_URL`, or to the console of a local desk."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
CONSOLE = "django.core.mail.backends.console.EmailBackend"
NOWHERE = "makegood.gateways.email.NowhereBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT_SECONDS = 20


def mail_settings(url: str, *, sender: str, local: bool) -> dict[str, Any]:
    """Django's settings of mail.

    :raises ImproperlyConfigured: if the address of the server cannot be read.
    """
    named = {"DEFAULT_FROM_EMAIL": sender, "EMAIL_TIMEOUT": TIMEOUT_SECONDS}
    if not url:
        return {**named, "EMAIL_BACKEND": CONSOLE if local else NOWHERE}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise _unreadable() from wrong
    if parts.scheme not in PORTS or not parts.hostname:
        raise _unreadable()
    return {
        **named,
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _unreadable() -> ImproperlyConfigured:
    # The address holds a password, and is therefore not repeated.
    return ImproperlyConfigured(
        "MAKEGOOD_MAIL_URL cannot be read: give smtp+tls://user:password@mail.example.com:587,"
        " smtps://... or, inside of a trusted network, smtp://..."
    )
