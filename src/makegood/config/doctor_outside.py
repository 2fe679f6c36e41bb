"""What lies outside of this machine: the mail server, the identity provider, the live pages.

Each is looked at only where it is named, with nothing sent but a knock.
"""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from importlib.util import find_spec
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

from django.core.exceptions import ImproperlyConfigured

from makegood.config.environment import Environment
from makegood.config.mail import CONSOLE, SMTP, mail_settings
from makegood.config.sign_in import sign_in_settings
from makegood.gateways.heartbeat import plain_opener
from makegood.gateways.mailbox import MailboxError, find_mailbox

KNOCK_SECONDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """One thing outside, and whether it is there."""

    what: str
    says: str
    is_wrong: bool = False


def look_outside(environment: Environment) -> Iterator[Reached]:
    """The mail server, the identity provider and the stream of live pages."""
    yield _mail(environment)
    yield from _mailbox(environment)
    yield _identity_provider(environment)
    yield _live_pages(environment)


def _mail(environment: Environment) -> Reached:
    try:
        named = mail_settings(
            environment.mail_url, sender=environment.mail_from, local=environment.local
        )
    except ImproperlyConfigured as wrong:
        return Reached(what="mail", says=str(wrong), is_wrong=True)
    backend = named["EMAIL_BACKEND"]
    if backend == SMTP:
        return _mail_server(named)
    if backend == CONSOLE:
        return Reached(what="mail", says="letters are written to the log: MAKEGOOD_MAIL_URL")
    if not environment.mail_url:
        says = "letters go nowhere: name a server in MAKEGOOD_MAIL_URL"
        return Reached(what="mail", says=says, is_wrong=True)
    module = backend.rpartition(".")[0]
    if find_spec(module) is None:
        says = f"{module.rpartition('.')[2]} is no provider that anymail knows"
        return Reached(what="mail", says=says, is_wrong=True)
    return Reached(what="mail", says=f"by the provider {module.rpartition('.')[2]}")


def _mail_server(named: dict[str, Any]) -> Reached:
    host, port = named["EMAIL_HOST"], named["EMAIL_PORT"]
    try:
        socket.create_connection((host, port), timeout=KNOCK_SECONDS).close()
    except OSError as wrong:
        why = wrong.strerror or str(wrong)
        return Reached(what="mail", says=f"{host}:{port} does not answer: {why}", is_wrong=True)
    return Reached(what="mail", says=f"{host}:{port} answers, as {named['DEFAULT_FROM_EMAIL']}")


def _mailbox(environment: Environment) -> Iterator[Reached]:
    """The mailbox that answers come to, and whether anything proves who wrote them."""
    mailbox = find_mailbox(environment.imap_url)
    if mailbox is None:
        yield Reached(what="mailbox", says="none is read: MAKEGOOD_IMAP_URL, or webhooks")
        return
    try:
        with mailbox.opened():
            yield Reached(what="mailbox", says=f"{mailbox.name} can be read")
    except MailboxError as wrong:
        yield Reached(what="mailbox", says=str(wrong), is_wrong=True)
    if not environment.mail_trusted_host:
        says = "no sender is proven, all mail is set aside: name MAKEGOOD_MAIL_TRUSTED_HOST"
        yield Reached(what="mail senders", says=says, is_wrong=True)


def _identity_provider(environment: Environment) -> Reached:
    what = "company sign-in"
    try:
        sign_in_settings(environment)
    except ImproperlyConfigured as wrong:
        return Reached(what=what, says=str(wrong), is_wrong=True)
    if not environment.oidc_issuer:
        return Reached(what=what, says="by password; no identity provider is named")
    return _knock(
        what, f"{environment.oidc_issuer}/.well-known/openid-configuration", environment.oidc_issuer
    )


def _live_pages(environment: Environment) -> Reached:
    if not environment.live_url:
        says = "not named here: pages look by themselves once a minute"
        return Reached(what="live pages", says=says)
    parts = urlsplit(environment.live_url)
    health = f"{parts.path.rpartition('/')[0]}/healthz"
    return _knock("live pages", parts._replace(path=health).geturl(), environment.live_url)


def _knock(what: str, address: str, named: str) -> Reached:
    request = Request(address, headers={"User-Agent": "Makegood"})  # noqa: S310 - the environment's
    try:
        plain_opener().open(request, timeout=KNOCK_SECONDS).close()
    except HTTPError as refusal:
        refusal.close()
        return Reached(what=what, says=f"{address} answers {refusal.code}, not 200", is_wrong=True)
    except (OSError, HTTPException, ValueError) as wrong:
        why = getattr(wrong, "reason", None) or wrong
        return Reached(what=what, says=f"{named} does not answer: {why}", is_wrong=True)
    return Reached(what=what, says=f"{named} answers")
