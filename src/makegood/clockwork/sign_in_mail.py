"""Sends letters about signing in, in a thread of its own: no promise waits for a mail server.

Once an hour it also forgets the sessions that have run out.
"""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog

from makegood.actions import sign_in
from makegood.clockwork.beside import beside
from makegood.gateways import email
from makegood.gateways.email import EmailError, Letter
from makegood.queries import sign_in_mail
from makegood.records.models import SignInMail

EVERY_SECONDS = 1.0
FORGET_EVERY = timedelta(hours=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


def send_waiting(*, now: datetime) -> int:
    """Send every letter that is due. Returns how many left."""
    left = 0
    while (letter := sign_in.take_mail(now=now)) is not None:
        left += _send(letter, now=now)
    return left


def _send(letter: SignInMail, *, now: datetime) -> bool:
    try:
        written = sign_in_mail.write(letter)
        if written is not None:
            email.send(Letter(to=written.to, subject=written.subject, body=written.body))
    except EmailError as error:
        log.warning("sign_in_mail_failed", letter=letter.pk, tries=letter.tries, error=str(error))
        sign_in.mail_failed(letter, error=str(error), now=now)
        return False
    sign_in.mail_left(letter, now=now)
    return written is not None


def mailing(*, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Send letters for as long as the block runs."""
    forgot_at = LONG_AGO

    def mail(now: datetime, _ending: Event) -> bool:
        nonlocal forgot_at
        send_waiting(now=now)
        if now - forgot_at >= FORGET_EVERY:
            sign_in.forget_ended_sessions(now=now)
            forgot_at = now
        return False

    return beside(
        mail, name="sign-in mail", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )
