"""How letters leave and answers come: by the servers and providers that the environment names."""

import re
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import Environment
from makegood.rules.letters import MAILBOX_LOCAL_MAX

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
PROVIDER = "anymail"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
NOWHERE = "makegood.gateways.email.NowhereBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT_SECONDS = 20
SECRET_LENGTH_MIN = 16


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
    if parts.scheme == PROVIDER:
        return {**named, **_provider(parts.hostname or "", parts.query)}
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


def post_settings(environment: Environment) -> dict[str, Any]:
    """What the letters of cases need besides: where answers go, who is trusted, text messages.

    :raises ImproperlyConfigured: if an address or a secret cannot be used.
    """
    anymail = mail_settings(environment.mail_url, sender="", local=True).get("ANYMAIL", {})
    return {
        "ANYMAIL": {**anymail, "WEBHOOK_SECRET": _webhook_secret(environment)},
        "MAIL_PROVIDER": _provider_of(environment.mail_url),
        "MAIL_REPLY": _mailbox(environment),
        "MAIL_TRUSTED_HOST": environment.mail_trusted_host,
        "SUPPLIERS": _suppliers(environment.suppliers),
        "IMAP_URL": _imap_url(environment.imap_url),
        "SMS_URL": _sms_url(environment.sms_url),
        "SMS_SECRET": environment.sms_secret,
        "SMS_COUNTRIES": _countries(environment.sms_countries),
    }


def _suppliers(given: str) -> dict[str, str]:
    """The names of suppliers by the address from which they write: `a@b.example=Name, ...`."""
    found: dict[str, str] = {}
    for entry in filter(None, (each.strip() for each in given.split(","))):
        address, _, name = (part.strip() for part in entry.partition("="))
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address) or not name:
            raise ImproperlyConfigured(
                f"MAKEGOOD_SUPPLIERS has {entry!r}: name each supplier by its address, such as"
                " orders@partco.example=Partco."
            )
        found[address.lower()] = name
    return found


def _provider(name: str, query: str) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z_]+", name):
        raise ImproperlyConfigured(
            "MAKEGOOD_MAIL_URL names no provider: give it by anymail's name, such as"
            " anymail://postmark?POSTMARK_SERVER_TOKEN=..."
        )
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {key.upper(): value for key, value in parse_qsl(query)},
    }


def _provider_of(url: str) -> str:
    parts = urlsplit(url) if url.startswith(f"{PROVIDER}:") else None
    return (parts.hostname or "") if parts else ""


def _mailbox(environment: Environment) -> str:
    """The mailbox that answers go to, without a name: a token is put into its local part."""
    address = parseaddr(environment.mail_reply or environment.mail_from)[1]
    local, _at, domain = address.rpartition("@")
    if not local or not domain or "+" in local or not address.isascii():
        raise ImproperlyConfigured(
            "MAKEGOOD_MAIL_REPLY (or else MAKEGOOD_MAIL_FROM) must be the plain address of the"
            " mailbox that Makegood reads, such as help@example.com, without a + in it."
        )
    if len(local) > MAILBOX_LOCAL_MAX:
        raise ImproperlyConfigured(
            "MAKEGOOD_MAIL_REPLY (or else MAKEGOOD_MAIL_FROM) has too long a name before its @: at"
            f" most {MAILBOX_LOCAL_MAX} letters leave room for the mark of each letter."
        )
    return address


def _webhook_secret(environment: Environment) -> str:
    secret = environment.mail_webhook_secret
    if secret and (":" not in secret or len(secret) < SECRET_LENGTH_MIN):
        raise ImproperlyConfigured(
            "MAKEGOOD_MAIL_WEBHOOK_SECRET must be user:password with a long random password: your"
            " provider sends both with each webhook."
        )
    return secret


def _imap_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = not url or bool(
            parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username
            and parts.port != 0
        )  # fmt: skip
    except ValueError:
        is_good = False
    if not is_good:
        # The address holds a password, and is therefore not repeated.
        raise ImproperlyConfigured(
            "MAKEGOOD_IMAP_URL cannot be read: give imaps://user:password@mail.example.com/INBOX."
        )
    return url


def _sms_url(url: str) -> str:
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost", "console:")):
        raise ImproperlyConfigured(
            "MAKEGOOD_SMS_URL must be the https:// address of your text message service, or"
            " console: to see lines instead."
        )
    return url


def _countries(given: tuple[str, ...]) -> tuple[str, ...]:
    if any(not re.fullmatch(r"\+[1-9][0-9]{0,6}", code) for code in given):
        raise ImproperlyConfigured(
            "MAKEGOOD_SMS_COUNTRIES must be beginnings of numbers, such as +44 +49: text messages"
            " go nowhere else, so that nobody can make you pay for expensive ones."
        )
    return given


def _unreadable() -> ImproperlyConfigured:
    # The address holds a password, and is therefore not repeated.
    return ImproperlyConfigured(
        "MAKEGOOD_MAIL_URL cannot be read: give smtp+tls://user:password@mail.example.com:587,"
        " smtps://..., anymail://PROVIDER?KEY=... or, inside of a trusted network, smtp://..."
    )
