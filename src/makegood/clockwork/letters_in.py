"""Reads the mailbox in a thread of its own: each mail is taken once, and marked as seen after that.

Where it left off stands in what it has taken, so that a crash, a second process or a server that
counts anew takes nothing twice and leaves nothing out.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from threading import Event

import structlog

from makegood.actions import mails
from makegood.actions.mails import Came
from makegood.clockwork.beside import beside
from makegood.gateways.mailbox import Mailbox, MailboxError
from makegood.queries import mail_places
from makegood.rules.incoming.parsing import RAW_MAX

EVERY_SECONDS = 15.0
PATIENCE_SECONDS = 10.0

log = structlog.get_logger(__name__)


def collect(mailbox: Mailbox, *, clock: Callable[[], datetime]) -> int:
    """Take what has come since the last look. Returns how many mails.

    :raises MailboxError: if the mailbox cannot be read.
    """
    count = 0
    with mailbox.opened() as folder:
        after = mail_places.last_place(mailbox.name, life=folder.life)
        for found in folder.look(after=after, largest=RAW_MAX):
            came = Came(
                raw=found.raw,
                source=mailbox.name,
                place=mail_places.place(folder.life, found.uid),
                is_cut=found.is_cut,
            )
            mails.receive(came, now=clock())
            folder.mark_seen(found.uid)
            count += 1
    return count


def collecting(
    mailbox: Mailbox | None, *, every_seconds: float = EVERY_SECONDS
) -> AbstractContextManager[None]:
    """Look into the mailbox for as long as the block runs; without one there is nothing to do."""
    if mailbox is None:
        return nullcontext()

    def look(_now: datetime, _ending: Event) -> bool:
        try:
            return collect(mailbox, clock=lambda: datetime.now(UTC)) > 0
        except MailboxError as error:
            log.warning("mailbox_unreachable", error=str(error))
            return False

    return beside(
        look, name="mailbox", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )
