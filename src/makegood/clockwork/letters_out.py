"""Takes letters to the mail server or the text message service, in a thread of its own.

The letter is marked, and that is committed, right before its words leave. If the power fails in
that moment nobody knows whether it left, and no machine sends it again: a receipt may still say
that it arrived, else its owner decides. So no customer gets one letter twice.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from threading import Event

import structlog
from django.conf import settings
from django.template.loader import render_to_string

from makegood.actions import letters
from makegood.clockwork.beside import beside
from makegood.gateways import email
from makegood.gateways.email import EmailError, EmailRefusedError, EmailUnsureError, Post
from makegood.gateways.sms import Sms, SmsError, SmsRefusedError, Text
from makegood.queries import letter_page, visit_calendar
from makegood.records.models import Letter
from makegood.rules.letters import LetterChannel, reply_address

EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 25.0  # longer than a mail server may take to answer

log = structlog.get_logger(__name__)


def send_waiting(sms: Sms, *, now: datetime) -> int:
    """Send every letter that is due. Returns how many were looked at."""
    count = 0
    while (letter := letters.take(now=now)) is not None:
        _send(letter, sms, now=now)
        count += 1
    return count


def posting(sms: Sms, *, every_seconds: float = EVERY_SECONDS) -> AbstractContextManager[None]:
    """Send letters for as long as the block runs."""

    def post(now: datetime, _ending: Event) -> bool:
        send_waiting(sms, now=now)
        return False

    return beside(
        post, name="letters", every_seconds=every_seconds, patience_seconds=PATIENCE_SECONDS
    )


def _send(letter: Letter, sms: Sms, *, now: datetime) -> None:
    try:
        by_text = letter.channel == LetterChannel.SMS
        reference = _by_text(letter, sms, now=now) if by_text else _by_mail(letter, now=now)
    except (EmailRefusedError, SmsRefusedError) as error:
        log.warning("letter_refused", letter=letter.pk, tries=letter.tries)
        letters.not_taken(letter.pk, error=str(error), final=True, now=now)
    except EmailUnsureError as error:
        log.error("letter_unsure", letter=letter.pk)  # noqa: TRY400 - somebody has to look
        letters.unsure(letter.pk, error=str(error))
    except (EmailError, SmsError) as error:
        log.warning("letter_delayed", letter=letter.pk, tries=letter.tries)
        letters.not_taken(letter.pk, error=str(error), final=False, now=now)
    else:
        letters.left(letter.pk, provider_id=reference, now=now)


def _by_mail(letter: Letter, *, now: datetime) -> str:
    page = letter_page.get_letter_page(letter, link=letters.open_link(letter, now=now))
    post = Post(
        to=letter.recipient,
        subject=page.subject,
        text=letter_page.in_text(page),
        html=render_to_string("mail/letter.html", {"page": page}),
        language=page.language,
        reply_to=reply_address(settings.MAIL_REPLY, letters.reply_token(letter)),
        returns_to=reply_address(settings.MAIL_REPLY, letters.return_mark(letter)),
        message_id=letter.message_id,
        references=letter_page.references_of(letter),
        automatic=_automatic(letter),
        calendar=visit_calendar.beside(letter, now=now),
    )
    text = letter_page.to_keep(page, letter.channel)
    return email.hand_over(post, leaving=lambda: letters.leaving(letter.pk, text=text, now=now))


def _by_text(letter: Letter, sms: Sms, *, now: datetime) -> str:
    """By a service that knows keys: tried again, it sends no second message."""
    page = letter_page.get_letter_page(letter, link=letters.open_link(letter, now=now))
    key = letter.message_id.strip("<>").partition("@")[0]
    text = Text(to=letter.recipient, words=letter_page.in_few_words(page), key=key)
    reference = sms.hand_over(text)
    letters.leaving(letter.pk, text=letter_page.to_keep(page, letter.channel), now=now)
    return reference


def _automatic(letter: Letter) -> str:
    """As RFC 3834 says it: an answer to a letter, or written by itself."""
    if not letter.is_automatic:
        return ""
    return "auto-replied" if letter.answers_id else "auto-generated"
