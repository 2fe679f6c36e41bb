"""Sends letters about signing in, in a thread of its own: no promise waits for a mail server.

Once an hour it also forgets the sessions that have run out.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection

from makegood.actions import sign_in
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


@contextmanager
def mailing(*, every_seconds: float = EVERY_SECONDS) -> Iterator[None]:
    """Send letters for as long as the block runs."""
    ending = threading.Event()
    thread = threading.Thread(
        target=_run, args=(ending, every_seconds), name="sign-in mail", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(timeout=PATIENCE_SECONDS)


def _run(ending: threading.Event, every_seconds: float) -> None:
    forgot_at = LONG_AGO
    while not ending.wait(every_seconds):
        now = datetime.now(UTC)
        try:
            send_waiting(now=now)
            if now - forgot_at >= FORGET_EVERY:
                sign_in.forget_ended_sessions(now=now)
                forgot_at = now
        except Exception as error:  # noqa: BLE001 - it must outlive whatever it meets
            log.error("sign_in_mail_stopped", error=repr(error))  # noqa: TRY400 - one line, not many
            connection.close()
            ending.wait(PATIENCE_SECONDS)
    connection.close()
